"""The broker is only a wake-up: while it is away records are accepted, and when it is back they are delivered."""

from __future__ import annotations

import json

from service.demo.stack import Stack
from tests.support.bridge import OLDHAM
from tests.support.records import example
from tests.support.waiting import eventually


def test_records_accepted_while_the_broker_is_away_are_delivered_when_it_is_back(stack: Stack) -> None:
    client = stack.client(OLDHAM, "broker test")
    children = {"40300": "2010-01-14", "40301": "2010-03-03", "40302": "2010-06-21"}
    stack.valkey.stop()
    urls = []
    for child, born in children.items():
        record = example("oldham", submission_id=f"AWAY-{child}", young_person__la_child_id=child,
                         young_person__date_of_birth=born, review__due_on="2027-02-01")  # fmt: skip
        answer = client.post("/v1/wise-assessments", json.dumps(record).encode())
        assert answer.status_code == 201, answer.text
        urls.append(answer.json()["status_url"])
    stack.valkey.start()
    for url in urls:
        eventually(lambda url=url: client.get(url).json()["deliveries"][0]["state"] == "delivered", seconds=90)
    assert stack.process("worker").alive
    assert stack.process("beat").alive

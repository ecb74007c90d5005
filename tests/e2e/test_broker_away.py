"""The broker is only a wake-up: while it is away records are accepted, delivered and reviewed all the same."""

from __future__ import annotations

import json

from service.commands.client import BridgeClient
from service.demo.stack import Stack
from tests.support.bridge import OLDHAM
from tests.support.records import recent
from tests.support.waiting import eventually


def post_all(client: BridgeClient, children: dict[str, str]) -> list[str]:
    urls = []
    for child, born in children.items():
        record = recent("oldham", submission_id=f"AWAY-{child}", young_person__la_child_id=child,
                        young_person__date_of_birth=born)  # fmt: skip
        answer = client.post("/v1/wise-assessments", json.dumps(record).encode())
        assert answer.status_code == 201, answer.text
        urls.append(str(answer.json()["status_url"]))
    return urls


def delivered(client: BridgeClient, url: str) -> bool:
    return all(each["state"] == "delivered" for each in client.get(url).json()["deliveries"])


def test_records_are_accepted_and_delivered_while_the_broker_is_away_and_after_it_is_back(stack: Stack) -> None:
    client = stack.client(OLDHAM, "broker test")
    stack.valkey.stop()
    urls = post_all(client, {"40300": "2010-01-14", "40301": "2010-03-03", "40302": "2010-06-21"})
    for url in urls:
        eventually(lambda url=url: delivered(client, url), seconds=60)
    assert not stack.valkey.alive
    stack.valkey.start()
    (after,) = post_all(client, {"40303": "2010-09-09"})
    eventually(lambda: delivered(client, after), seconds=60)
    assert stack.process("worker").alive
    assert stack.process("beat").alive

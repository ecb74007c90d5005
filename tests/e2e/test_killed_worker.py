"""A worker that is killed in mid-delivery leaves exactly one record in the case system."""

from __future__ import annotations

import json
import os
import signal
from typing import Any

import psycopg

from service.demo.stack import DATABASE, Stack
from tests.e2e.conftest import Lcs, Mosaic
from tests.support.bridge import OLDHAM, STOCKPORT
from tests.support.records import example, recent
from tests.support.waiting import eventually


def kill_worker(stack: Stack) -> None:
    """kill -9: no clean-up, no goodbye."""
    pid = stack.process("worker").pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    stack.stop_process("worker")


def delivered(client: Any, status_url: str) -> dict[str, Any] | None:
    status = client.get(status_url).json()
    record = next(each for each in status["deliveries"] if each["kind"] == "record")
    return record if record["state"] == "delivered" else None


def post(stack: Stack, client: Any, record: dict[str, Any]) -> str:
    answer = client.post("/v1/wise-assessments", json.dumps(record).encode())
    assert answer.status_code == 201, answer.text
    return answer.json()["status_url"]


def test_killed_while_mosaic_holds_a_half_filed_step(stack: Stack, mosaic: Mosaic) -> None:
    """The document is committed there, the answer never comes, the worker dies: one step, one document."""
    client = stack.client(OLDHAM, "kill test")
    mosaic.set(hang_seconds_on={"documents": 20})
    url = post(stack, client, recent("oldham", submission_id="KILL-MOSAIC"))
    reference = client.get(url).json()["deliveries"][0]["reference"]
    eventually(lambda: [step for step in mosaic.steps(reference) if step["documents"]])
    kill_worker(stack)
    assert client.get(url).json()["deliveries"][0]["state"] == "in_flight"
    mosaic.reset()
    stack.run_process("worker")
    filed = eventually(lambda: delivered(client, url), seconds=60)
    (step,) = mosaic.steps(reference)
    assert str(step["stepId"]) == filed["record_number"]
    assert step["status"] == "COMPLETED"
    assert len(step["documents"]) == 1  # type: ignore[arg-type]
    assert filed["attempts"] >= 2


BIRTHS = {700: "2009-02-03", 701: "2009-05-08", 702: "2009-08-10", 703: "2009-11-12", 704: "2010-02-14",
          705: "2010-05-19", 706: "2010-08-04", 707: "2010-11-06", 708: "2011-02-08", 709: "2011-05-13",
          710: "2011-08-15", 711: "2011-11-17"}  # fmt: skip


def storm_record(number: int) -> dict[str, Any]:
    record = example(
        "wise",
        submission_id=f"STORM-{number}",
        young_person__la_child_id=f"STK0000{number}",
        young_person__date_of_birth=BIRTHS[number],
    )
    del record["young_person"]["age_at_completion"]
    return record


def sending(connection: psycopg.Connection) -> bool:
    """Whether a worker is between "sending" and the outcome right now."""
    query = "SELECT count(*) FROM casework.attempt WHERE phase = 'sending' AND started_at > now() - interval '1 s'"
    return connection.execute(query).fetchone() != (0,)


def test_killed_again_and_again_in_mid_delivery_loses_and_doubles_nothing(stack: Stack, stockport_lcs: Lcs) -> None:
    """Twelve young people, one record each; the worker is killed twice while bytes are on their way to LCS."""
    client = stack.client(STOCKPORT, "kill storm")
    urls = [post(stack, client, storm_record(number)) for number in BIRTHS]
    with psycopg.connect(stack.postgres.admin_url(DATABASE).replace("+psycopg", ""), autocommit=True) as connection:
        for _ in range(2):
            eventually(lambda: sending(connection), every=0.002, seconds=60)
            kill_worker(stack)
            stack.run_process("worker")
        filed = [eventually(lambda url=url: delivered(client, url), seconds=90) for url in urls]
        (killed,) = connection.execute("SELECT count(*) FROM casework.attempt WHERE phase <> 'ended'").fetchone() or (
            0,
        )
    assert killed >= 2
    for each in filed:
        (held,) = stockport_lcs.records(each["reference"])
        assert str(held["record_id"]) == each["record_number"]
    assert len({each["record_number"] for each in filed}) == len(BIRTHS)

"""Markers planted in every field of a record: none in the central store, the logs, the broker or an error."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
import requests

from service.api.scopes import HUB, TRAINING_SCOPES
from service.demo.stack import DATABASE, Stack
from service.domain.codes import LATEST
from service.domain.fields import Field, Group, Many, Text, Token
from service.domain.records import RECORDS
from tests.documents.document_records import filled
from tests.e2e.conftest import Mosaic
from tests.support.bridge import OLDHAM, SALFORD, STOCKPORT, TAMESIDE
from tests.support.records import ADDRESS, example, put
from tests.support.waiting import eventually

MARK = "Zq7mkr"
BORN, NHS = "2011-03-02", "9990000174"


def marked(field: Field, value: Any) -> Any:
    """The value with a marker in every text and reference that can hold one."""
    match field:
        case Group():
            return {name: marked(field.fields[name], each) for name, each in value.items()}
        case Many():
            return [marked(field.item, each) for each in value]
        case Text():
            return f"{MARK} {value}"[: field.max]
        case Token() if field.max == 64 and value:
            return f"{MARK}{value}"[:64]
        case Token() if field.pattern.startswith("SW"):
            return "SW999999"
    return value


def full_wise() -> dict[str, Any]:
    """A WISE assessment with every field there is, valid."""
    record = filled("wise_assessment")
    changes = {
        "schema_version": LATEST.name, "submission_kind": "new", "capture_mode": "electronic",
        "completed_on": "2026-09-14", "entered_on": "2026-09-16", "young_person__la_child_id": "STK0000417",
        "young_person__date_of_birth": BORN, "young_person__age_at_completion": 15,
        "young_person__disabilities": ["COMM"], "young_person__upn": "A12345678901B",
        "young_person__school_urn": "999999", "young_person__involvement_started_on": "2026-05-20",
        "exploitation__category": "at_risk", "review": {"basis": "initial"}, "support_plan__follows_on": "2026-09-30",
        "support_plan__items__0__by_when": "2026-10-01", "support_plan__items__1__by_when": "2026-10-02",
        "assessor__role": "social_worker", "assessor__experienced_confirmed": True, "review_trigger": "scheduled",
    }  # fmt: skip
    for path, value in changes.items():
        put(record, path.split("__"), value)
    for name in ("responsible_authority", "placing_authority", "host_authority"):
        record["young_person"][name] = STOCKPORT
    del record["young_person"]["involvement_ended_on"], record["exploitation"]["basis"]
    for words in record["areas"]["young_person"]["own_words"]:
        words["said_by_young_person"] = True
    record = marked(RECORDS["wise_assessment"], record)
    record["young_person"]["nhs_number"] = NHS
    record["significant_event_ref"] = record["significant_events"][0]["ref"]
    record["panel_referral"]["panel_name"] = "Staying Safe"
    del record["supersedes_submission_id"]
    return record | {"template_version": example("wise")["template_version"]}


def marked_example(name: str, **changes: Any) -> dict[str, Any]:
    record = example(name, **changes)
    return marked(RECORDS[record["record_type"]], record) | {"template_version": record["template_version"]}


def train(stack: Stack) -> None:
    """Who assessed in a marked record has a marked reference."""
    workers = ((SALFORD, "sal-sw-9"), (OLDHAM, "old-sw-3"))
    attended = [
        {"authority": authority, "professional_ref": f"{MARK}{worker}", "course": "wise_core", "delivered_by": "hub",
         "attended_on": "2026-03-02"}
        for authority, worker in workers
    ]  # fmt: skip
    answer = stack.client(HUB, "trainer", TRAINING_SCOPES).post("/v1/training-records", json.dumps(attended).encode())
    assert answer.status_code == 200, answer.text


def withdrawal(record: dict[str, Any]) -> dict[str, Any]:
    kept = ("schema_version", "record_type", "authority")
    return {name: record[name] for name in kept} | {
        "submission_id": f"{MARK}-withdrawn",
        "submission_kind": "withdrawal",
        "supersedes_submission_id": record["submission_id"],
        "young_person": {"la_child_id": record["young_person"]["la_child_id"]},
        "withdrawal": {"reason": "entered_in_error", "decided_by_ref": f"{MARK}-ref", "note": f"{MARK} note"},
    }


@pytest.fixture(scope="module")
def answers(stack: Stack) -> list[str]:
    """Every answer that was not a plain success, after records took each way there is."""
    train(stack)
    clients = {code: stack.client(code, "markers") for code in (STOCKPORT, SALFORD, TAMESIDE, OLDHAM)}
    Mosaic(stack).set(fail_next=[{"status": 503, "times": 1, "retryAfter": 1}])
    good = [full_wise(), marked_example("rise"), marked_example("nwg"), marked_example("oldham")]
    held = marked_example("oldham", submission_id="HELD", young_person__la_child_id="40215")
    bodies = []
    for record in (*good, held, withdrawal(good[0])):
        answer = post(clients[record["authority"]], record)
        assert answer.status_code == 201, answer.text
        eventually(lambda a=answer, r=record: settled(clients[r["authority"]], a.json()["status_url"]), seconds=60)
        bodies.append(
            clients[record["authority"]].get(answer.json()["status_url"]).text.replace(record["submission_id"], "")
        )
    broken = full_wise() | {"submission_id": f"{MARK}-broken", "completed_on": MARK, "exploitation": {"category": MARK}}
    bodies.append(post(clients[STOCKPORT], broken).text)
    bodies.append(post(clients[SALFORD], full_wise()).text)
    bodies.append(post(clients[STOCKPORT], full_wise() | {"analysis_narrative": f"{MARK} changed"}).text)
    bodies.append(clients[STOCKPORT].post("/v1/wise-assessments", f'{{"a": "{MARK}", }}'.encode()).text)
    return bodies


def post(client: Any, record: dict[str, Any]) -> requests.Response:
    return client.post(ADDRESS[record["record_type"]], json.dumps(record, ensure_ascii=False).encode())


def settled(client: Any, url: str) -> bool:
    return all(each["state"] in ("delivered", "needs_human") for each in client.get(url).json()["deliveries"])


def hits(content: bytes) -> list[str]:
    """Which of the marker, the birth date and the NHS number are in there."""
    return [needle for needle in (MARK, BORN, NHS) if needle.encode() in content]


def rows(stack: Stack, schema: str) -> Iterator[tuple[str, str]]:
    """Every row of a schema as text."""
    url = stack.postgres.admin_url(DATABASE).replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (schema,)).fetchall()
        for (table,) in tables:
            for (row,) in connection.execute(f'SELECT t::text FROM {schema}."{table}" t'):  # type: ignore[arg-type]
                yield table, row


def test_the_records_were_really_delivered(stack: Stack, answers: list[str]) -> None:
    """Otherwise the searches below would prove nothing."""
    states = [json.loads(body)["deliveries"][0]["state"] for body in answers[:5]]
    assert states == ["delivered"] * 4 + ["needs_human"]


def test_nothing_in_the_central_store(stack: Stack, answers: list[str]) -> None:
    found = list(rows(stack, "central"))
    assert len(found) >= 5
    assert not [row for _, row in found if hits(row.encode())]


def test_nothing_in_answers_and_errors(answers: list[str]) -> None:
    assert not [body for body in answers if hits(body.encode())]


def test_nothing_in_any_log(stack: Stack, answers: list[str]) -> None:
    files = [path for path in stack.folder.rglob("*.log") if "case-systems" not in path.parts]
    files.append(Path(stack.postgres.log_path))
    assert {"casework.log", "hub.log", "worker.log", "beat.log"} <= {path.name for path in files}
    assert not [path.name for path in files if hits(path.read_bytes())]


def test_nothing_in_the_broker(stack: Stack, answers: list[str]) -> None:
    broker = redis.Redis.from_url(stack.valkey.url)
    for key in broker.keys("*"):
        assert not hits(key + (broker.dump(key) or b""))
    broker.close()
    written = [path for path in (stack.folder / "valkey").rglob("*") if path.is_file()]
    assert any(path.suffix == ".aof" and path.stat().st_size for path in written)
    for path in written:
        content = path.read_bytes()
        assert not hits(content)
        assert not any(hits(decoded) for decoded in decodings(content))


def decodings(content: bytes) -> Iterator[bytes]:
    """What the long words of a file say when read as base64: Celery writes its bodies so."""
    for word in content.replace(b'"', b" ").split():
        if len(word) >= 16:
            try:
                yield base64.b64decode(word + b"=" * (-len(word) % 4), validate=True)
            except ValueError:
                continue


def test_the_casework_store_shows_only_the_senders_own_ids(stack: Stack, answers: list[str]) -> None:
    """Bodies are encrypted. The sender's submission id and template version are theirs to choose: they are in clear."""
    for table, row in rows(stack, "casework"):
        if hits(row.encode()):
            assert table == "submission"
            assert BORN not in row
            assert NHS not in row

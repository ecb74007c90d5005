"""Forms, corrections, withdrawals and tasks of the LCS over HTTP simulator."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from simulators.lcs_rest import Form, LcsRestSimulator, Lock, Person, Task, Withdrawal
from tests.simulators.lcs_rest_client import (
    ESTIMATED,
    HIDDEN,
    LOCKED,
    MERGED,
    NO_CLIENT,
    PDF,
    RESTRICTED,
    RIGHT,
    UNAUTHORISED,
    UNKNOWN,
    WORDS,
    Caller,
    code,
)


@pytest.fixture
def lcs(tmp_path: Path) -> Iterator[Caller]:
    with LcsRestSimulator(tmp_path / "data", largest_document=1000) as running:
        yield Caller(running)


class Slow(Person):
    """Wide enough a gap between looking for a reference and keeping it that two callers would both get through."""

    @property
    def number(self) -> int:
        time.sleep(0.02)
        return int(self.person_id)


def test_a_form_from_draft_to_record(lcs: Caller) -> None:
    draft = lcs.open(formType="4107").json()
    assert (draft["status"], draft["recordId"], draft["version"], draft["workerId"]) == ("DRAFT", -1, -1, 20114)
    form = draft["formId"]
    document = lcs.attach(form).json()
    assert document["sha256"] == hashlib.sha256(PDF).hexdigest()
    answers = [{"answerNo": "wiseOwnWords", "row": 1, "answer": "“A good day”"}, WORDS]
    filled = lcs.answer(form, *answers, restricted="Y").json()
    canonical = json.dumps(answers, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert (filled["answers"], filled["answersSha256"]) == (2, hashlib.sha256(canonical).hexdigest())
    done = lcs.complete(form).json()
    assert (done["status"], done["version"], done["restricted"], done["withdrawn"]) == ("COMPLETE", 1, "Y", "N")
    assert done["filedAt"].endswith("Z")
    assert lcs.send("GET", "/forms?externalReference=WB-1").json() == {"forms": [done]}
    assert lcs.send("GET", f"/forms/{form}").json() == done
    assert lcs.send("GET", f"/records/{done['recordId']}").json()["versions"] == [done]
    (held,) = lcs.sim.records("WB-1")
    assert isinstance(held, Form)
    assert (held.documents[0].content, list(held.answers)) == (PDF, answers)


def test_a_complete_form_cannot_be_changed(lcs: Caller) -> None:
    form = lcs.filed()["formId"]
    before = lcs.sim.records("WB-1")
    for answer in (lcs.attach(form), lcs.answer(form, WORDS), lcs.complete(form)):
        assert code(answer) == (409, "FORM_STATE")
    assert lcs.sim.records("WB-1") == before
    assert code(lcs.complete(1)) == (404, "FORM_NOT_FOUND")


@pytest.mark.parametrize(
    ("person", "status", "refusal"),
    [
        (UNKNOWN, 404, "PERSON_NOT_FOUND"),
        (-1, 404, "PERSON_NOT_FOUND"),
        (HIDDEN, 404, "PERSON_NOT_FOUND"),
        (RESTRICTED, 403, "PERSON_RESTRICTED"),
        (MERGED, 409, "PERSON_MERGED"),
        (ESTIMATED, 409, "DOB_ESTIMATED"),
        (UNAUTHORISED, 409, "NO_OPEN_REFERRAL"),
        (NO_CLIENT, 409, "NO_OPEN_REFERRAL"),
        (LOCKED, 409, "RECORD_LOCKED"),
    ],
)
def test_people_nothing_is_opened_for(lcs: Caller, person: int, status: int, refusal: str) -> None:
    answer = lcs.open(person)
    assert code(answer) == (status, refusal)
    assert lcs.sim.records("WB-1") == []
    extra = {name: value for name, value in answer.json().items() if name not in {"code", "message"}}
    locked = {"lockedBy": 20199, "lockedUntil": None}
    assert extra == {"PERSON_MERGED": {"mergedTo": RIGHT}, "RECORD_LOCKED": locked}.get(refusal, {})


def test_date_of_birth_or_age_or_both(lcs: Caller) -> None:
    def opened(reference: str, born: str | None, age: Any) -> tuple[int, str | None]:
        answer = lcs.open(reference=reference, dateOfBirth=born, age=age)
        return answer.status_code, answer.json().get("code")

    on_birthday, day_before = {"years": 16, "asAt": "2026-05-02"}, {"years": 15, "asAt": "2026-05-01"}
    assert opened("A", None, on_birthday) == opened("B", "2010-05-02", day_before) == (201, None)
    for born, age in ((None, None), ("2010-05-03", None), ("2010-05-02", on_birthday | {"years": 15})):
        assert opened("C", born, age) == (409, "DOB_MISMATCH")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"authority": "E08000006"}, (403, "WRONG_AUTHORITY")),
        ({"formType": "1"}, (422, "UNKNOWN_FORM_CODE")),
        ({"formType": "9002"}, (403, "NOT_PERMITTED")),
        ({"replacesRecordId": 1}, (404, "UNKNOWN_RECORD")),
        ({"personId": "40211"}, (400, "BAD_REQUEST")),
        ({"personId": True}, (400, "BAD_REQUEST")),
        ({"completedOn": "2026-02-30"}, (400, "BAD_REQUEST")),
        ({"externalReference": "wb 1"}, (400, "BAD_REQUEST")),
        ({"externalReference": "W" * 41}, (400, "BAD_REQUEST")),
        ({"age": {"years": 16}}, (400, "BAD_REQUEST")),
        ({"extra": 1}, (400, "BAD_REQUEST")),
    ],
)
def test_forms_that_are_not_opened(lcs: Caller, changes: Any, expected: tuple[int, str]) -> None:
    assert code(lcs.open(**changes)) == expected
    assert lcs.sim.records("WB-1") == []
    assert "40211" not in lcs.open(**changes).text


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{", b'{"a": NaN}', b'{"a": 1, "a": 1}', b'{"a": "\\ud800"}', b"[" * 9999]
)
def test_what_is_no_body(lcs: Caller, raw: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    assert code(lcs.send("POST", "/forms", data=raw, headers=headers)) == (400, "BAD_REQUEST")
    assert code(lcs.send("POST", "/forms", data=raw, headers={"Content-Type": "text/plain"})) == (415, "MEDIA_TYPE")


def test_a_member_said_twice_is_no_body(lcs: Caller) -> None:
    form, headers = lcs.open().json()["formId"], {"Content-Type": "application/json"}
    raw = b'{"restricted": "Y", "restricted": "N", "answers": []}'
    assert code(lcs.send("PUT", f"/forms/{form}/answers", data=raw, headers=headers)) == (400, "BAD_REQUEST")


def test_a_reference_is_used_once_for_each_kind(lcs: Caller) -> None:
    draft = lcs.open().json()
    again = lcs.open(UNKNOWN)
    assert code(again) == (409, "DUPLICATE_REFERENCE")
    assert (again.json()["formId"], again.json()["recordId"]) == (draft["formId"], -1)
    assert lcs.task(reference="WB-1").status_code == 201
    assert code(lcs.task(reference="WB-1")) == (409, "DUPLICATE_REFERENCE")
    assert [type(held) for held in lcs.sim.records("WB-1")] == [Form, Task]


def test_one_of_many_at_once_takes_the_reference(lcs: Caller) -> None:
    lcs.sim.set_person(Slow(person_id=str(RIGHT), dob=date(2010, 5, 2)))
    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(lambda _: lcs.open().status_code, range(8)))
    assert answers == [201] + [409] * 7
    assert len(lcs.sim.records("WB-1")) == 1


def test_the_form_says_what_it_demands(lcs: Caller) -> None:
    form = lcs.open().json()["formId"]
    lcs.answer(form, {"answerNo": "selfYesNo", "row": None, "answer": "No"})
    unfinished = lcs.complete(form)
    assert code(unfinished) == (422, "NOT_FINISHED")
    assert unfinished.json()["errors"] == [{"answerNo": "selfText", "rule": "REQUIRED"}]
    lcs.answer(form, WORDS)
    assert lcs.complete(form).status_code == 200
    wise = lcs.open(reference="WB-2", formType="4107").json()["formId"]
    assert lcs.complete(wise).json()["errors"] == [{"field": "documents", "rule": "REQUIRED"}]
    lcs.attach(wise)
    assert lcs.complete(wise).status_code == 200


def test_what_happens_meanwhile_counts(lcs: Caller) -> None:
    """A merge, a closed referral, a lock or a withdrawal between opening and completing."""
    record = lcs.filed()["recordId"]
    form = lcs.open(reference="WB-2", replacesRecordId=record).json()["formId"]
    lcs.answer(form, WORDS)
    person = lcs.sim.person(RIGHT)
    soon = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    for change, refusal in [
        ({"hidden": True}, "PERSON_NOT_FOUND"),
        ({"restricted": True}, "PERSON_RESTRICTED"),
        ({"merged_to": "40216"}, "PERSON_MERGED"),
        ({"referral": "none"}, "NO_OPEN_REFERRAL"),
        ({"locked": Lock(20199, soon)}, "RECORD_LOCKED"),
    ]:
        lcs.sim.set_person(replace(person, **change))
        for answer in (lcs.attach(form), lcs.answer(form, WORDS), lcs.complete(form)):
            assert code(answer)[1] == refusal
    assert answer.json()["lockedUntil"] == soon
    lcs.sim.set_person(replace(person, locked=Lock(20199, "2020-01-01T00:00:00Z")))
    lcs.withdraw(record)
    assert code(lcs.complete(form)) == (409, "RECORD_WITHDRAWN")


def test_a_correction_is_the_next_version(lcs: Caller) -> None:
    first = lcs.filed()
    second = lcs.filed("WB-2", replacesRecordId=first["recordId"])
    assert (second["recordId"], second["version"]) == (first["recordId"], 2)
    record = lcs.send("GET", f"/records/{first['recordId']}").json()
    assert record["versions"] == [first, second]
    assert record["withdrawal"] is None
    assert lcs.filed("WB-3")["recordId"] != first["recordId"]
    for number, changes in enumerate(({"formType": "4107"}, {"personId": 40216})):
        answer = lcs.open(reference=f"WB-9{number}", replacesRecordId=first["recordId"], **changes)
        assert code(answer) == (404, "UNKNOWN_RECORD")


def test_a_withdrawal_takes_every_version(lcs: Caller) -> None:
    record = lcs.filed()["recordId"]
    lcs.filed("WB-2", replacesRecordId=record)
    lcs.sim.set_person(replace(lcs.sim.person(RIGHT), merged_to="40216", referral="none"))
    withdrawal = lcs.withdraw(record).json()
    assert (withdrawal["recordId"], withdrawal["reason"]) == (record, "entered_twice")
    assert lcs.send("GET", "/withdrawals?externalReference=WB-W").json() == {"withdrawals": [withdrawal]}
    shown = lcs.send("GET", f"/records/{record}").json()
    assert [version["withdrawn"] for version in shown["versions"]] == ["Y", "Y"]
    assert shown["withdrawal"] == withdrawal
    again = lcs.withdraw(record, "WB-W2")
    assert (*code(again), again.json()["recordId"]) == (409, "RECORD_WITHDRAWN", record)
    lcs.sim.set_person(replace(lcs.sim.person(RIGHT), merged_to=None, referral="authorised"))
    assert code(lcs.open(reference="WB-3", replacesRecordId=record)) == (409, "RECORD_WITHDRAWN")
    assert [type(held) for held in lcs.sim.records("WB-W")] == [Withdrawal]


def test_withdrawals_refused(lcs: Caller) -> None:
    record = lcs.filed()["recordId"]
    assert code(lcs.withdraw(record, person=40216)) == (404, "UNKNOWN_RECORD")
    assert code(lcs.withdraw(record, person=HIDDEN)) == (404, "PERSON_NOT_FOUND")
    assert code(lcs.withdraw(record, person=RESTRICTED)) == (403, "PERSON_RESTRICTED")
    assert code(lcs.withdraw(record, person=LOCKED)) == (409, "RECORD_LOCKED")
    assert code(lcs.withdraw(-1)) == (404, "UNKNOWN_RECORD")
    assert code(lcs.withdraw(record, reason="because")) == (400, "BAD_REQUEST")
    assert code(lcs.withdraw(record, authority="E08000006")) == (403, "WRONG_AUTHORITY")
    assert lcs.send("GET", f"/records/{record}").json()["withdrawal"] is None


def test_a_task_goes_to_one_tray(lcs: Caller) -> None:
    task = lcs.task(LOCKED).json()
    assert (task["departmentCode"], task["workerId"]) == ("REVIEW", -1)
    assert "authority" not in task
    assert lcs.send("GET", "/tasks?externalReference=WB-T").json() == {"tasks": [task]}
    assert lcs.task(reference="WB-T2", departmentCode="-1", workerId=20114).status_code == 201


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"departmentCode": "-1"}, (422, "ASSIGNEE")),
        ({"workerId": 20114}, (422, "ASSIGNEE")),
        ({"departmentCode": "MASH"}, (422, "UNKNOWN_DEPARTMENT")),
        ({"departmentCode": "-1", "workerId": 1}, (422, "UNKNOWN_WORKER")),
        ({"taskType": "VISIT"}, (422, "UNKNOWN_TASK_TYPE")),
        ({"title": ""}, (400, "BAD_REQUEST")),
        ({"title": "x" * 251}, (400, "BAD_REQUEST")),
        ({"dueOn": "soon"}, (400, "BAD_REQUEST")),
        ({"personId": MERGED}, (409, "PERSON_MERGED")),
        ({"personId": NO_CLIENT}, (409, "NO_OPEN_REFERRAL")),
        ({"personId": RESTRICTED}, (403, "PERSON_RESTRICTED")),
        ({"authority": "E08000006"}, (403, "WRONG_AUTHORITY")),
    ],
)
def test_tasks_refused(lcs: Caller, changes: Any, expected: tuple[int, str]) -> None:
    assert code(lcs.task(**changes)) == expected
    assert lcs.sim.records("WB-T") == []

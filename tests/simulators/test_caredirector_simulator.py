from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from simulators.caredirector import CareDirectorSimulator, Case, CaseForm, CaseNote, Lock, Person, Task
from simulators.caredirector.simulator import CLIENT_ID, CLIENT_SECRET
from simulators.caredirector.views import FIELDS
from simulators.kit.faults import NAMES
from tests.simulators.caredirector_client import (
    ANSWERS,
    APART,
    ASSESSMENT,
    DONE,
    LETTER,
    PDF,
    SUB_WISE,
    TEAM,
    TEST_FORM,
    UNKNOWN,
    Caller,
    code,
    details,
)


@pytest.fixture
def sim(tmp_path: Path) -> Iterator[CareDirectorSimulator]:
    with CareDirectorSimulator(tmp_path / "data") as running:
        yield running


@pytest.fixture
def caller(sim: CareDirectorSimulator) -> Caller:
    return Caller(sim)


@pytest.mark.parametrize(
    "form",
    [
        {"client_id": CLIENT_ID, "client_secret": "wrong"},
        {"client_id": "é", "client_secret": CLIENT_SECRET},
        {"client_id": CLIENT_ID},
        {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "grant_type": "client_credentials"},
    ],
)
def test_only_the_client_gets_a_token(caller: Caller, form: dict[str, str]) -> None:
    assert caller.sign_in(**form).status_code == 401
    right = caller.sign_in()
    assert right.status_code == 200 and list(right.json()) == ["access_token"]


def test_the_secret_is_taken_from_a_form_only(sim: CareDirectorSimulator) -> None:
    sent = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    assert requests.post(f"{sim.api}/auth/token", json=sent, timeout=5).status_code == 401


@pytest.mark.parametrize("path", ["/core/data/person/system-view/wisebridge", "/core/data/nothing", "/nothing"])
@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", "Basic abc"])
def test_without_a_token_everything_is_401(sim: CareDirectorSimulator, path: str, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    assert requests.get(sim.api + path, headers=headers, timeout=5).status_code == 401


def test_a_token_ends_and_several_are_good_at_a_time(sim: CareDirectorSimulator, caller: Caller) -> None:
    first, second = (caller.sign_in().json()["access_token"] for _ in range(2))
    for caller.token in (first, second):
        assert caller.search("person").status_code == 200
    sim.token_seconds = 0.05
    caller.token = caller.sign_in().json()["access_token"]
    time.sleep(0.1)
    assert caller.search("person").status_code == 401
    caller.token = first
    assert caller.search("person").status_code == 200
    sim.expire_tokens()
    assert caller.search("person").status_code == 401


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("GET", "/nothing"),
        ("GET", "/core/data/person"),
        ("GET", "/core/data/contact/system-view/wisebridge"),
        ("GET", "/core/data/person/system-view/other"),
        ("POST", "/core/data/contact"),
        ("POST", "/core/data/person"),
        ("POST", "/core/data/caseformattachment"),
        ("PUT", f"/core/data/person/{UNKNOWN}"),
        ("DELETE", f"/core/data/caseform/{UNKNOWN}"),
        ("PATCH", f"/core/data/caseform/{UNKNOWN}"),
        ("OPTIONS", "/core/data/caseform"),
        ("POST", "/files/personattachment"),
        ("POST", "/files/caseform"),
    ],
)
def test_missing_routes_and_forbidden_verbs_look_the_same(caller: Caller, verb: str, path: str) -> None:
    answer = caller.send(verb, path, json={})
    assert code(answer, 404) == "RouteNotFound"
    assert answer.content == caller.send("GET", "/nothing/at/all").content


def test_a_route_can_be_taken_off_the_allow_list(caller: Caller) -> None:
    form = caller.open()
    caller.sim.routes -= {"PUT caseform", "GET task", "POST caseformattachment"}
    for answer in (caller.change(form), caller.search("task"), caller.attach(form)):
        assert code(answer, 404) == "RouteNotFound"
    caller.sim.routes.add("PUT person")
    assert code(caller.send("PUT", f"/core/data/person/{UNKNOWN}", json={}), 404) == "RouteNotFound"


def test_the_right_person(caller: Caller) -> None:
    person = caller.person("40211")
    assert person == {
        "id": person["id"],
        "personnumber": "40211",
        "dateofbirth": "2010-05-02",
        "dateofbirthestimated": "False",
        "inactive": "False",
        "masterpersonid": None,
        "datarestrictionid": None,
    }
    (case,) = caller.rows("case", f"personid eq '{person['id'].upper()}' and casestatusid eq '1'")
    assert case["casenumber"] == "C-500211"
    assert case["personid"] == {"id": person["id"], "name": "40211", "type": "person"}
    assert case["casestatusid"] == {"id": "1", "name": "Open", "code": "1"}


def test_the_other_people_of_the_page(caller: Caller) -> None:
    right = caller.person("40211")
    assert caller.person("0040211")["id"] != right["id"]
    merged = caller.person("40212")
    assert merged["inactive"] == "True"
    assert merged["masterpersonid"] == {"id": right["id"], "name": "40211", "type": "person"}
    assert caller.person("40213")["dateofbirthestimated"] == "True"
    assert caller.person("40214")["datarestrictionid"]["id"] == APART
    two = caller.rows("person", "personnumber eq '40216'")
    assert [each["dateofbirth"] for each in two] == ["2009-03-14", "2013-07-30"]
    assert caller.person("40220")["dateofbirth"] is None
    assert (
        caller.search("person", "personnumber eq '40215'").content
        == caller.search("person", "personnumber eq '49999'").content
    )


@pytest.mark.parametrize(("number", "open_cases"), [("40217", 0), ("40218", 1), ("40219", 2), ("40300", 1)])
def test_open_cases(caller: Caller, number: str, open_cases: int) -> None:
    mine = f"personid eq '{caller.person(number)['id']}'"
    assert len(caller.rows("case", f"{mine} and casestatusid eq '1'")) == open_cases
    assert caller.rows("case", mine)


def test_more_records_is_text_and_the_rest_cannot_be_had(caller: Caller) -> None:
    some = caller.search("person", top="2").json()
    assert some["hasMoreRecords"] == "True" and len(some["data"]) == 2
    assert caller.search("person", top="100").json()["hasMoreRecords"] == "False"
    exactly = caller.search("person", "personnumber eq '40216'", top="2").json()
    assert exactly["hasMoreRecords"] == "False" and len(exactly["data"]) == 2
    assert caller.search("person", "personnumber eq '40216'", top="1").json()["hasMoreRecords"] == "True"


@pytest.mark.parametrize(
    "condition",
    [
        "",
        "firstname eq 'x'",
        "personnumber ne '1'",
        "personnumber eq 1",
        "personnumber eq '1' or personnumber eq '2'",
        "personnumber eq '1' AND inactive eq 'False'",
        "personnumber eq '1' and ",
        "(personnumber eq '1')",
        "personnumber eq 'O'Neil'",
        "personnumber eq '1'; drop",
        "personnumber  eq '1'",
    ],
)
def test_filters_outside_the_grammar(caller: Caller, condition: str) -> None:
    assert code(caller.search("person", condition), 400) == "InvalidFilter"


@pytest.mark.parametrize("query", [{"top": "0"}, {"top": "101"}, {"top": "x"}, {"skip": "1"}, {"select": "id"}])
def test_other_queries_are_refused(caller: Caller, query: dict[str, str]) -> None:
    assert code(caller.search("person", **query), 400) == "InvalidFilter"


def test_quotes_are_doubled_and_an_empty_field_equals_nothing(tmp_path: Path) -> None:
    with CareDirectorSimulator(tmp_path, people=[Person("O'1 and '2", None)]) as sim:
        caller = Caller(sim)
        assert len(caller.rows("person", "personnumber eq 'O''1 and ''2' and inactive eq 'False'")) == 1
        for value in ("", "None", "null"):
            assert caller.rows("person", f"dateofbirth eq '{value}'") == []


def test_a_record_from_draft_to_complete(caller: Caller) -> None:
    form = caller.open(datarestrictionid={"id": APART})
    (draft,) = caller.rows("caseform", "externalreference eq 'WB-1'")
    assert draft["id"] == form and draft["assessmentstatusid"]["id"] == "1"
    assert (draft["answercount"], draft["answerssha256"], draft["withdrawn"]) == ("0", None, "False")
    attached = caller.attach(form)
    assert attached.status_code == 201
    put = caller.change(form, answers=ANSWERS)
    assert (put.status_code, put.json()) == (201, {"id": form})
    assert caller.change(form, **DONE).status_code == 201
    (done,) = caller.rows("caseform", "externalreference eq 'WB-1' and assessmentstatusid eq '2'")
    canonical = json.dumps(ANSWERS, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert (done["answercount"], done["answerssha256"]) == ("2", hashlib.sha256(canonical).hexdigest())
    assert (done["casenumber"], done["datarestrictionid"]["id"]) == ("C-500211", APART)
    (file,) = caller.rows("caseformattachment", f"caseformid eq '{form}'")
    assert file["id"] == attached.json()["id"]
    assert (file["filesize"], file["filesha256"]) == (str(len(PDF)), hashlib.sha256(PDF).hexdigest())
    (stored,) = caller.sim.records("WB-1")
    assert isinstance(stored, CaseForm) and list(stored.answers) == ANSWERS
    assert stored.documents[0].content == PDF and stored.documents[0].is_whole


def test_every_row_has_all_fields_of_its_view(caller: Caller) -> None:
    assert caller.withdraw(caller.completed()).status_code == 201
    assert caller.task().status_code == 201
    for entity, fields in FIELDS.items():
        for row in caller.rows(entity):
            assert set(row) == fields, entity
            scalars = [value for value in row.values() if value is not None and not isinstance(value, dict)]
            assert all(isinstance(value, str) for value in scalars)
        assert caller.rows(entity)


def test_a_complete_form_is_never_changed(caller: Caller) -> None:
    form = caller.completed()
    before = caller.sim.records()
    for answer in (
        caller.change(form, answers=[]),
        caller.change(form, datarestrictionid=None),
        caller.change(form, **DONE),
        caller.attach(form),
    ):
        assert code(answer, 409) == "RecordNotEditable"
        assert answer.json()["assessmentstatusid"]["id"] == "2"
    assert caller.sim.records() == before


def test_a_form_without_what_it_demands_stays_a_draft(caller: Caller) -> None:
    form = caller.open(documentid={"id": TEST_FORM})
    refused = caller.change(form, answers=[{"questioncode": "test_long", "row": None, "value": "x"}], **DONE)
    assert code(refused, 400) == "FormIncomplete"
    assert details(refused) == [("test_short", None, "AnswerRequired"), (None, None, "DocumentRequired")]
    (stored,) = caller.sim.records("WB-1")
    assert isinstance(stored, CaseForm) and not stored.complete and stored.answers == ()
    assert caller.attach(form).status_code == 201
    short = [{"questioncode": "test_short", "row": None, "value": "x"}]
    assert caller.change(form, answers=short, **DONE).status_code == 201


@pytest.mark.parametrize(
    ("question", "row", "value", "expected"),
    [
        ("test_short", None, "x" * 50, None),
        ("test_short", None, "x" * 51, "TooLong"),
        ("test_long", None, "x" * 100_000, None),
        ("test_long", None, "x" * 100_001, "TooLong"),
        ("test_long", None, "", "WrongType"),
        ("test_long", None, 5, "WrongType"),
        ("test_long", None, "\ud800", "WrongType"),
        ("test_long", "1", "x", "RowNotAllowed"),
        ("test_date", None, "2028-02-29", None),
        ("test_date", None, "2027-02-29", "WrongType"),
        ("test_date", None, "20270201", "WrongType"),
        ("test_number", None, "-2.5", None),
        ("test_number", None, "2,5", "WrongType"),
        ("test_yesno", None, "No", None),
        ("test_yesno", None, "False", "WrongType"),
        ("test_list", None, "Amber", None),
        ("test_list", None, "amber", "NotInList"),
        ("test_rows", "2", "x", None),
        ("test_rows", None, "x", "RowRequired"),
        ("test_rows", "0", "x", "RowRequired"),
        ("test_rows", 1, "x", "RowRequired"),
        ("test_other", None, "x", "UnknownQuestion"),
        ("Not A Code", None, "x", "UnknownQuestion"),
    ],
)
def test_answers_by_type(caller: Caller, question: str, row: Any, value: Any, expected: str | None) -> None:
    form = caller.open(documentid={"id": TEST_FORM})
    answer = caller.change(form, answers=[{"questioncode": question, "row": row, "value": value}])
    if expected is None:
        assert answer.status_code == 201, answer.text
        return
    assert code(answer, 400) == "InvalidAnswers"
    assert [each[2] for each in details(answer)] == [expected]
    assert (question in answer.text) == question.startswith("test_")
    assert not any(record.answers for record in caller.sim.records() if isinstance(record, CaseForm))


def test_all_faults_of_answers_are_told_and_nothing_is_repeated(caller: Caller) -> None:
    twice = {"questioncode": "own_words", "row": "1", "value": "Fictional words"}
    long = {"questioncode": "b", "row": None, "value": "x" * 100_001}
    refused = caller.change(caller.open(), answers=[twice, twice, long])
    assert details(refused) == [("own_words", "1", "DuplicateAnswer"), ("b", None, "TooLong")]
    assert "Fictional words" not in refused.text


@pytest.mark.parametrize("answers", ["x", [1], [{"questioncode": "a", "value": "x"}], {"questioncode": "a"}])
def test_answers_of_another_shape(caller: Caller, answers: Any) -> None:
    refused = caller.change(caller.open(), answers=answers)
    assert code(refused, 400) == "InvalidField" and refused.json()["field"] == "answers"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"ownerid": {"id": UNKNOWN}}, "UnknownTeam"),
        ({"documentid": {"id": UNKNOWN}}, "UnknownForm"),
        ({"datarestrictionid": {"id": UNKNOWN}}, "UnknownRestriction"),
        ({"assessmentstatusid": {"id": "2"}}, "InvalidField"),
        ({"startdate": "14/09/2026"}, "InvalidField"),
        ({"startdate": "2026-09-31"}, "InvalidField"),
        ({"ownerid": TEAM}, "InvalidField"),
        ({"ownerid": {"id": "CSAFE"}}, "InvalidField"),
        ({"externalreference": "W" * 51}, "InvalidField"),
        ({"externalreference": " "}, "InvalidField"),
        ({"externalreference": "\ud800"}, "InvalidField"),
        ({"externalreference": None}, "MissingField"),
        ({"priority": "1"}, "UnknownField"),
    ],
)
def test_fields_of_a_new_form(caller: Caller, change: dict[str, Any], expected: str) -> None:
    refused = caller.refused_form(**change)
    assert code(refused, 400) == expected
    assert refused.json()["field"] == next(iter(change))
    assert caller.sim.records() == []


@pytest.mark.parametrize("sent", [b"", b"[]", b"null", b"{", b'"x"'])
def test_a_body_that_is_no_object(caller: Caller, sent: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    assert code(caller.send("POST", "/core/data/caseform", data=sent, headers=headers), 400) == "InvalidBody"
    assert code(caller.send("POST", "/core/data/task", data={"subject": "x"}), 400) == "InvalidBody"


def test_the_first_thing_wrong_is_told_in_the_order_of_the_page(caller: Caller) -> None:
    caller.sim.change_person("40214", merged_to="40211", lock=Lock("Duty desk"))
    right = caller.form_body()
    closed = caller.rows("case", "casenumber eq 'C-500217'")[0]["id"]
    person = caller.person("40214")["id"]
    nothing = {"id": UNKNOWN}
    body = right | {"startdate": "x", "ownerid": nothing, "personid": nothing, "caseid": {"id": closed}}
    mending = [
        lambda: body.update(startdate=right["startdate"]),
        lambda: body.update(ownerid=right["ownerid"]),
        lambda: body.update(personid={"id": person}),
        lambda: caller.sim.change_person("40214", restricted=False),
        lambda: caller.sim.change_person("40214", merged_to=None),
        lambda: caller.sim.change_person("40214", lock=None),
        lambda: body.update(caseid=right["caseid"]),
        lambda: None,
    ]
    told = []
    for mend in mending:
        told.append(caller.send("POST", "/core/data/caseform", json=body).json()["errorCode"])
        mend()
    assert told == [
        "InvalidField",
        "UnknownTeam",
        "RecordNotFound",
        "RecordRestricted",
        "PersonMerged",
        "RecordLocked",
        "CaseNotOpen",
        "CaseOfAnotherPerson",
    ]


def test_records_that_do_not_exist(caller: Caller) -> None:
    for name in ("personid", "caseid", "correctscaseformid"):
        refused = caller.refused_form(**{name: {"id": UNKNOWN}})
        assert (code(refused, 404), refused.json()["field"]) == ("RecordNotFound", name)
    for odd in (UNKNOWN, "x", "1", caller.person("40211")["id"]):
        assert code(caller.change(odd, answers=[]), 404) == "RecordNotFound"
    assert code(caller.attach(UNKNOWN), 404) == code(caller.withdraw(UNKNOWN), 404) == "RecordNotFound"


def test_a_person_hidden_later_is_gone_with_all_records(caller: Caller) -> None:
    form, person = caller.completed(), caller.person("40211")["id"]
    body = caller.form_body()
    assert caller.task().status_code == caller.withdraw(form).status_code == 201
    caller.sim.change_person("40211", hidden=True)
    for entity in FIELDS:
        assert not [row for row in caller.rows(entity) if person in json.dumps(row) or form in json.dumps(row)]
    assert caller.change(form, answers=[]).content == caller.change(UNKNOWN, answers=[]).content
    hidden = caller.send("POST", "/core/data/caseform", json=body)
    unknown = caller.send("POST", "/core/data/caseform", json=body | {"personid": {"id": UNKNOWN}})
    assert hidden.content == unknown.content


def test_restricted_merged_locked_and_closed(caller: Caller) -> None:
    assert code(caller.refused_form("40214"), 403) == "RecordRestricted"
    right = caller.rows("case", "casenumber eq 'C-500211'")[0]["id"]
    merged = caller.refused_form("40212", caseid={"id": right})
    assert code(merged, 409) == "PersonMerged"
    assert merged.json()["masterpersonid"]["name"] == "40211"
    locked = caller.refused_form("40218")
    assert code(locked, 409) == "RecordLocked"
    assert (locked.json()["lockedby"], locked.json()["lockeduntil"]) == ("Another user", None)
    assert code(caller.refused_form("40217"), 409) == "CaseNotOpen"
    other = caller.refused_form("40213", caseid={"id": right})
    assert code(other, 400) == "CaseOfAnotherPerson"
    assert caller.sim.records() == []


def test_a_lock_stops_every_write_but_a_task_until_it_is_gone(caller: Caller) -> None:
    done, form = caller.completed(externalreference="WB-2"), caller.open()
    caller.sim.change_person("40211", lock=Lock("Duty desk", "2026-09-14T17:00:00Z"))
    for answer in (caller.change(form, answers=[]), caller.attach(form), caller.withdraw(done)):
        assert code(answer, 409) == "RecordLocked"
        assert answer.json()["lockeduntil"] == "2026-09-14T17:00:00Z"
    assert caller.task().status_code == 201
    caller.sim.change_person("40211", lock=None)
    assert caller.attach(form).status_code == 201


def test_a_person_merged_between_two_calls(caller: Caller) -> None:
    form = caller.open("40213")
    caller.sim.change_person("40213", merged_to="40211")
    for answer in (caller.change(form, answers=ANSWERS), caller.attach(form), caller.task("40213")):
        assert code(answer, 409) == "PersonMerged"


def test_one_reference_twice_is_two_forms(caller: Caller) -> None:
    assert caller.open() != caller.open()
    assert len(caller.rows("caseform", "externalreference eq 'WB-1'")) == 2
    assert caller.rows("caseform", "externalreference eq 'wb-1'") == []


@pytest.mark.parametrize(
    ("options", "status", "expected"),
    [
        ({"content": b""}, 400, "FileEmpty"),
        ({"filename": "a.exe"}, 400, "FileExtension"),
        ({"filename": "pdf"}, 400, "FileExtension"),
        ({"filename": "a/b.pdf"}, 400, "FileName"),
        ({"filename": "a\n.pdf"}, 400, "FileName"),
        ({"filename": "x" * 197 + ".pdf"}, 400, "InvalidField"),
        ({"documenttypeid": {"id": UNKNOWN}}, 400, "UnknownDocumentType"),
        ({"documentsubtypeid": {"id": LETTER}}, 400, "UnknownDocumentSubType"),
        ({"title": ""}, 400, "InvalidField"),
        ({"date": None}, 400, "MissingField"),
    ],
)
def test_files_that_are_refused(caller: Caller, options: dict[str, Any], status: int, expected: str) -> None:
    form = caller.open()
    assert code(caller.attach(form, **options), status) == expected
    assert caller.rows("caseformattachment") == []
    assert caller.attach(form, filename="A.PDF").status_code == 201


@pytest.mark.parametrize("file", ["%%%%", "QUJD\n", "QUI", "é", "-_-_"])
def test_files_that_are_not_base64(caller: Caller, file: str) -> None:
    form = caller.open()
    about = {"documenttypeid": {"id": ASSESSMENT}, "documentsubtypeid": {"id": SUB_WISE}}
    record = about | {"caseformid": {"id": form}, "title": "x", "date": "2026-09-14"}
    body = {"record": record, "filename": "a.pdf", "file": file}
    assert code(caller.send("POST", "/files/caseformattachment", json=body), 400) == "FileEncoding"


def test_the_largest_file(tmp_path: Path) -> None:
    with CareDirectorSimulator(tmp_path, file_limit=10) as sim:
        caller = Caller(sim)
        form = caller.open()
        assert caller.attach(form, b"x" * 10).status_code == 201
        assert code(caller.attach(form, b"x" * 11), 413) == "FileTooLarge"
        assert len(list(tmp_path.iterdir())) == 1


def test_the_usual_limit_is_the_one_of_the_page(caller: Caller) -> None:
    form = caller.open()
    assert caller.attach(form, b"x" * 5_242_880).status_code == 201
    assert code(caller.attach(form, b"x" * 5_242_881), 413) == "FileTooLarge"


def test_a_task_needs_no_open_case(caller: Caller) -> None:
    assert caller.task("40217").status_code == 201
    (row,) = caller.rows("task", "externalreference eq 'WB-7'")
    assert (row["ownerid"]["name"], row["duedate"], row["regardingid"]["name"]) == ("REVIEW", "2027-02-10", "40217")
    (task,) = caller.sim.records("WB-7")
    assert isinstance(task, Task) and task.subject == "A review is due."


@pytest.mark.parametrize(
    ("number", "change", "status", "expected"),
    [
        ("40211", {"ownerid": {"id": UNKNOWN}}, 400, "UnknownTeam"),
        ("40211", {"regardingid": {"id": UNKNOWN}}, 404, "RecordNotFound"),
        ("40211", {"subject": "x" * 251}, 400, "InvalidField"),
        ("40212", {}, 409, "PersonMerged"),
        ("40214", {}, 403, "RecordRestricted"),
    ],
)
def test_tasks_that_are_refused(
    caller: Caller, number: str, change: dict[str, Any], status: int, expected: str
) -> None:
    assert code(caller.task(number, **change), status) == expected
    assert caller.sim.records() == []


def test_a_correction_is_a_form_of_its_own(caller: Caller) -> None:
    first = caller.completed()
    second = caller.completed(externalreference="WB-2", correctscaseformid={"id": first})
    (old,), (new,) = (caller.rows("caseform", f"id eq '{number}'") for number in (first, second))
    assert old["correctedbycaseformid"] == {"id": second, "name": "WB-2", "type": "caseform"}
    assert new["correctscaseformid"] == {"id": first, "name": "WB-1", "type": "caseform"}
    assert caller.rows("caseform", f"correctscaseformid eq '{first}'") == [new]
    again = caller.refused_form(externalreference="WB-3", correctscaseformid={"id": first})
    assert code(again, 409) == "RecordNotCorrectable"


def test_corrections_that_are_refused(caller: Caller) -> None:
    draft, done = caller.open(externalreference="WB-5"), caller.completed()
    assert code(caller.refused_form(correctscaseformid={"id": draft}), 409) == "RecordNotCorrectable"
    for change in ({"documentid": {"id": TEST_FORM}}, {"number": "40213"}):
        refused = caller.refused_form(**{"correctscaseformid": {"id": done}, **change})
        assert code(refused, 400) == "CorrectionMismatch"
    assert caller.withdraw(done).status_code == 201
    assert code(caller.refused_form(correctscaseformid={"id": done}), 409) == "RecordNotCorrectable"


def test_a_withdrawal_is_a_note_and_happens_once(caller: Caller) -> None:
    form = caller.completed()
    made = caller.withdraw(form)
    assert made.status_code == 201
    (note,) = caller.rows("casenote", "externalreference eq 'WB-9'")
    assert (note["id"], note["caseformid"]["id"]) == (made.json()["id"], form)
    (row,) = caller.rows("caseform", f"id eq '{form.upper()}'")
    assert (row["withdrawn"], row["assessmentstatusid"]["id"], row["answercount"]) == ("True", "2", "2")
    assert code(caller.withdraw(form, "WB-10"), 409) == "AlreadyWithdrawn"
    (kept,) = caller.sim.records("WB-9")
    assert isinstance(kept, CaseNote) and kept.form_id == form


def test_withdrawals_that_are_refused(caller: Caller) -> None:
    draft = caller.open()
    assert code(caller.withdraw(draft), 409) == "RecordNotEditable"
    assert code(caller.withdraw(draft, casenotetypeid={"id": UNKNOWN}), 400) == "UnknownNoteType"
    assert code(caller.withdraw(draft, notes="x" * 2001), 400) == "InvalidField"


def test_the_page_shows_what_came_in_escaped_and_not_what_was_withdrawn(caller: Caller) -> None:
    form = caller.open(externalreference="<b>WB-1</b>")
    file = caller.attach(form).json()["id"]
    assert caller.change(form, answers=ANSWERS, **DONE).status_code == 201
    caller.task()
    front = requests.get(caller.sim.url, timeout=5)
    assert "&lt;b&gt;WB-1" in front.text and "<b>WB" not in front.text and "A review is due." in front.text
    assert "script" not in front.text and "default-src 'none'" in front.headers["Content-Security-Policy"]
    assert "A good day is…" in requests.get(f"{caller.sim.url}caseforms/{form}", timeout=5).text
    assert requests.get(f"{caller.sim.url}documents/{file}", timeout=5).content == PDF
    caller.withdraw(form)
    assert "A good day is…" not in requests.get(f"{caller.sim.url}caseforms/{form}", timeout=5).text
    assert requests.get(f"{caller.sim.url}documents/{file}", timeout=5).status_code == 404
    assert "Entered for another person" in requests.get(caller.sim.url, timeout=5).text


@pytest.mark.parametrize(("fault", "status"), [("auth_expired", 401), ("throttled", 429), ("maintenance", 503)])
def test_a_bad_day_stops_one_request_before_it_does_anything(caller: Caller, fault: str, status: int) -> None:
    body = caller.form_body()
    caller.sim.faults.set(fault, on="write")
    caller.token = ""  # signing in again is no write
    refused = caller.send("POST", "/core/data/caseform", json=body)
    assert refused.status_code == status and caller.sim.records() == []
    assert caller.send("POST", "/core/data/caseform", json=body).status_code == 201
    again = caller.send("POST", "/core/data/caseform", json=body, headers={"X-Simulate": fault})
    assert again.status_code == status and len(caller.sim.records()) == 1


def test_signing_in_can_have_a_bad_day_of_its_own(caller: Caller) -> None:
    caller.sim.faults.set("throttled", on="/auth/token")
    answer = caller.sign_in()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert caller.sign_in().status_code == 200


def test_an_answer_lost_after_each_kind_of_change(caller: Caller) -> None:
    form, done = caller.open(), caller.completed(externalreference="WB-2")
    body = caller.form_body(externalreference="WB-3")
    changes = [
        lambda: caller.send("POST", "/core/data/caseform", json=body),
        lambda: caller.attach(form),
        lambda: caller.change(form, answers=ANSWERS),
        caller.task,
        lambda: caller.withdraw(done),
    ]
    for change in changes:
        before = caller.sim.records()
        caller.sim.faults.set("reset_after_commit")
        with pytest.raises(requests.ConnectionError):
            change()
        assert caller.sim.records() != before
        assert caller.sim.faults.now() == ()


def test_the_switches_are_there(sim: CareDirectorSimulator) -> None:
    page = requests.get(f"{sim.url}_simulator/", timeout=5)
    assert all(name in page.text for name in NAMES)


def test_a_restart_keeps_records_and_port_and_ends_tokens(sim: CareDirectorSimulator, caller: Caller) -> None:
    form, api = caller.completed(), sim.api
    sim.stop()
    (stored,) = sim.records("WB-1")
    assert isinstance(stored, CaseForm) and stored.documents[0].content == PDF
    sim.start()
    assert sim.api == api and caller.search("person").status_code == 401
    caller.token = ""
    assert [row["id"] for row in caller.rows("caseform")] == [form]


def test_people_that_cannot_be_told_apart_are_refused(tmp_path: Path) -> None:
    twice = (Case("C-1"),)
    for people in (
        [Person("1", None), Person("1", "2010-01-01")],
        [Person("1", None, twice), Person("2", None, twice)],
    ):
        with pytest.raises(ValueError, match="one number"):
            CareDirectorSimulator(tmp_path, people=people)


def test_somebody_who_is_not_there_cannot_be_changed(sim: CareDirectorSimulator) -> None:
    with pytest.raises(LookupError, match="49999"):
        sim.change_person("49999", hidden=True)


def test_as_a_process(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("another-fictional-secret\n", encoding="utf-8")
    command = [sys.executable, "-m", "simulators.caredirector", "--data", str(tmp_path), "--secret-file", str(secret)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        sent = {"client_id": CLIENT_ID, "client_secret": "another-fictional-secret"}
        answer = requests.post(f"{told['api']}/auth/token", data=sent, timeout=5)
        process.terminate()
        assert process.wait(10) == 0
    assert answer.json()["access_token"] and told["api"] == f"{told['url']}services/api"

"""The Eclipse simulator against its protocol page: forms, corrections, withdrawals and tasks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.eclipse import DefinitionError, EclipseSimulator
from simulators.eclipse.forms import load_forms
from simulators.eclipse.model import FormInstance
from tests.simulators.eclipse_client import (
    DAY,
    FORM,
    KEY,
    NOTE,
    OWN_WORDS,
    PDF,
    READ_ONLY,
    TASK,
    TEST,
    WISE,
    Body,
    Caller,
    faults,
    refused,
)


@pytest.fixture
def caller(tmp_path: Path) -> Iterator[Caller]:
    with EclipseSimulator(tmp_path / "data", KEY) as running:
        yield Caller(running)


# Forms


def test_designs_are_data(caller: Caller) -> None:
    assert caller.get(f"/formDesign/{WISE}", "form.FormDesign").json() == {
        "_type": "FormDesign",
        "designGuid": WISE,
        "name": "WISE assessment",
        "attachmentRequired": True,
        "controls": None,
    }
    controls = caller.get(f"/formDesign/{TEST}", "form.FormDesign").json()["controls"]
    assert [item["type"] for item in controls] == [
        *("shortText", "longText", "date", "number", "yesNo", "list", "longText")
    ]
    assert controls[0]["maxLength"] == 20 and controls[5]["values"] == ["RED", "AMBER", "GREEN"]
    assert refused(caller.get("/formDesign/x", "form.FormDesign")) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    "text",
    [
        f"{WISE}: {{name: x, control: any}}",
        f"{WISE.replace('4000', 'G000')}: {{name: x, controls: any}}",
        f"{WISE}: {{name: x, controls: {{A_B: {{type: shortText}}}}}}",
        f"{WISE}: {{name: x, controls: {{A_B: {{type: text}}}}}}",
        f"{WISE}: {{name: x, controls: {{A B: {{type: date}}}}}}",
        f"{WISE}: [",
    ],
)
def test_a_wrong_forms_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "forms.yaml"
    path.write_text(text)
    with pytest.raises(DefinitionError):
        load_forms(path)


def test_the_whole_way_of_one_record(caller: Caller) -> None:
    form = caller.draft()
    second = {"_type": "FormAnswer", "controlName": "Wise_CompletedOn", "row": None, "value": "2026-09-14"}
    assert caller.answers(form, [OWN_WORDS, second], restricted=True).json()["objectVersion"] == 1
    attachment = caller.attach(form).json()
    finished = caller.finish(form).json()
    stored = [{name: item[name] for name in ("controlName", "row", "value")} for item in (OWN_WORDS, second)]
    canonical = json.dumps(stored, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert finished == {
        "_type": "FormInstance",
        "id": form,
        "designGuid": WISE,
        "personId": 40211,
        "state": "COMPLETE",
        "externalReference": "WB-1",
        "ownerTeam": "CSAFE",
        "restricted": True,
        "answerCount": 2,
        "answersSha256": hashlib.sha256(canonical).hexdigest(),
        "attachments": [attachment],
        "correctsInstanceId": None,
        "correctedByInstanceId": None,
        "withdrawn": False,
        "objectVersion": 2,
    }
    assert attachment.pop("id") > 0
    assert attachment == {
        "_type": "Attachment",
        "formInstanceId": form,
        "fileName": "letter.pdf",
        "title": "Letter",
        "type": "ASSESSMENT",
        "subType": "WISE",
        "size": len(PDF),
        "sha256": hashlib.sha256(PDF).hexdigest(),
    }
    (record,) = caller.sim.records("WB-1")
    assert isinstance(record, FormInstance) and record.attachments[0].content == PDF
    assert caller.read(form) == finished


def test_the_reference_is_not_unique(caller: Caller) -> None:
    first, second, other = caller.draft(), caller.draft(), caller.draft(externalReference="WB-2")
    assert caller.under("/formInstance", FORM, "WB-1") == [first, second] and other not in {first, second}
    assert caller.under("/formInstance", FORM, "WB-3") == []
    assert faults(caller.get("/formInstance", FORM)) == [("MISSING", "externalReference")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"designGuid": "x"}, [("UNKNOWN_DESIGN", "designGuid")]),
        ({"designGuid": WISE.upper().replace("3120", "AAAA")}, [("UNKNOWN_DESIGN", "designGuid")]),
        ({"ownerTeam": "NOBODY"}, [("UNKNOWN_TEAM", "ownerTeam")]),
        ({"externalReference": "x" * 41}, [("TOO_LONG", "externalReference")]),
        ({"externalReference": " "}, [("MISSING", "externalReference")]),
        ({"correctsInstanceId": 5}, [("UNKNOWN_INSTANCE", "correctsInstanceId")]),
        ({"ownerTeam": "", "designGuid": ""}, [("UNKNOWN_DESIGN", "designGuid"), ("UNKNOWN_TEAM", "ownerTeam")]),
    ],
)
def test_refused_forms(caller: Caller, changes: Body, expected: list[tuple[str, str]]) -> None:
    assert faults(caller.create(**changes)) == expected
    assert caller.sim.records("WB-1") == []


def test_a_design_this_sign_in_may_not_use(caller: Caller) -> None:
    assert refused(caller.create(designGuid=READ_ONLY)) == (403, "NOT_PERMITTED")


@pytest.mark.parametrize(
    ("control", "row", "value", "code"),
    [
        ("Test_Short", None, "é" * 20, None),
        ("Test_Short", None, "é" * 21, "TOO_LONG"),
        ("Test_Long", None, "x" * 50_000, None),
        ("Test_Date", None, "2026-09-14", None),
        ("Test_Date", None, "20260914", "WRONG_TYPE"),
        ("Test_Date", None, "2026-02-30", "WRONG_TYPE"),
        ("Test_Number", None, "-2.5", None),
        ("Test_Number", None, "2,5", "WRONG_TYPE"),
        ("Test_YesNo", None, "No", None),
        ("Test_YesNo", None, "no", "WRONG_TYPE"),
        ("Test_List", None, "RED", None),
        ("Test_List", None, "BLUE", "NOT_IN_LIST"),
        ("Test_Rows", 1, "first", None),
        ("Test_Rows", None, "first", "ROW_REQUIRED"),
        ("Test_Rows", 0, "first", "ROW_REQUIRED"),
        ("Test_Long", 1, "x", "ROW_NOT_ALLOWED"),
        ("Test_Other", None, "x", "UNKNOWN_CONTROL"),
    ],
)
def test_answers_by_type(caller: Caller, control: str, row: int | None, value: str, code: str | None) -> None:
    form = caller.draft(designGuid=TEST)
    answer = caller.answers(form, [{"_type": "FormAnswer", "controlName": control, "row": row, "value": value}])
    assert answer.status_code == 200 if code is None else faults(answer) == [(code, control)]
    assert caller.read(form)["answerCount"] == (code is None)


def test_a_design_that_takes_any_control(caller: Caller) -> None:
    form = caller.draft()
    assert faults(caller.answers(form, [OWN_WORDS, OWN_WORDS])) == [("DUPLICATE", "Wise_OwnWords")]
    assert faults(caller.answers(form, [OWN_WORDS | {"row": 0}])) == [("ROW_REQUIRED", "Wise_OwnWords")]
    for name in ("Wise-Own", "1Wise", "", "W" * 81):
        assert faults(caller.answers(form, [OWN_WORDS | {"controlName": name}])) == [("UNKNOWN_CONTROL", "answers")]
    for wrong in ({"value": 3}, {"row": "1"}, {"row": True}, {"_type": "Answer"}, {"extra": 1}):
        assert refused(caller.answers(form, [OWN_WORDS | wrong])) == (400, "MALFORMED")


def test_a_stale_version_is_refused(caller: Caller) -> None:
    form = caller.draft()
    assert caller.answers(form, [OWN_WORDS]).status_code == 200
    stale = caller.answers(form, [])
    assert refused(stale) == (409, "STALE_VERSION") and stale.json()["objectVersion"] == 1
    caller.attach(form)
    assert refused(caller.finish(form, version=0)) == (409, "STALE_VERSION")
    assert caller.read(form)["answerCount"] == 1
    assert caller.finish(form, version=1).status_code == 200


def test_nothing_is_finished_that_is_not(caller: Caller) -> None:
    form = caller.draft(designGuid=TEST)
    assert faults(caller.finish(form, version=0)) == [("UNFINISHED", "Test_Date"), ("UNFINISHED", "attachments")]
    assert faults(caller.finish(form, version=0, state="DRAFT")) == [("NOT_IN_LIST", "state")]
    assert caller.read(form)["state"] == "DRAFT"


def test_a_complete_form_is_immutable(caller: Caller) -> None:
    form = caller.complete()
    before = caller.read(form)
    for answer in (caller.answers(form, [], 2), caller.attach(form), caller.finish(form, 2)):
        assert refused(answer) == (409, "FORM_STATE") and answer.json()["state"] == "COMPLETE"
    assert caller.read(form) == before


@pytest.mark.parametrize(
    ("name", "content", "fields", "expected"),
    [
        ("a.pdf", b"", {}, [("EMPTY", "file")]),
        ("a.exe", PDF, {}, [("EXTENSION", "file")]),
        ("a|b.pdf", PDF, {}, [("NAME", "file")]),
        ("a" * 252 + ".pdf", PDF, {}, [("NAME", "file")]),
        ("a.pdf", PDF, {"title": " "}, [("MISSING", "title")]),
        ("a.pdf", PDF, {"title": "x" * 101}, [("TOO_LONG", "title")]),
        ("a.pdf", PDF, {"type": "OTHER"}, [("UNKNOWN_TYPE", "type")]),
        ("a.pdf", PDF, {"subType": "LETTER"}, [("UNKNOWN_TYPE", "subType")]),
    ],
)
def test_refused_attachments(
    caller: Caller, name: str, content: bytes, fields: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    form = caller.draft()
    assert faults(caller.attach(form, name, content, **fields)) == expected
    assert refused(caller.attach(form, extra="x")) == (400, "MALFORMED")
    assert caller.read(form)["attachments"] == []


def test_the_same_file_twice_is_stored_twice(caller: Caller) -> None:
    form = caller.draft()
    assert caller.attach(form).json()["id"] != caller.attach(form).json()["id"]
    assert (len(caller.read(form)["attachments"]), caller.read(form)["objectVersion"]) == (2, 0)


def test_attachments_have_a_limit(tmp_path: Path) -> None:
    with EclipseSimulator(tmp_path, KEY, largest_attachment=100) as sim:
        caller = Caller(sim)
        form = caller.draft()
        assert caller.attach(form, content=b"x" * 100).status_code == 201
        answer = caller.attach(form, content=b"x" * 101)
        assert refused(answer) == (413, "TOO_LARGE") and answer.json()["limit"] == 100
        assert len(caller.read(form)["attachments"]) == 1


def test_a_draft_of_somebody_who_was_closed_since(caller: Caller) -> None:
    form = caller.draft()
    cases = [
        ({"hidden": True}, (404, "NOT_FOUND")),
        ({"hidden": False, "restricted": True}, (403, "PERSON_RESTRICTED")),
        ({"restricted": False, "locked_by": "SIM.WORKER"}, (409, "RECORD_LOCKED")),
        ({"locked_by": None, "duplicated": True}, (409, "PERSON_DUPLICATE")),
    ]
    for changes, expected in cases:
        caller.sim.change_person(40211, **changes)
        for answer in (caller.answers(form, []), caller.attach(form), caller.finish(form)):
            assert refused(answer) == expected
        seen = caller.under("/formInstance", FORM, "WB-1")
        assert seen == ([] if expected[0] in {403, 404} else [form])
    caller.sim.change_person(40211, hidden=True)
    assert caller.get(f"/formInstance/{form}", FORM).content == caller.get("/formInstance/1", FORM).content


# Corrections, withdrawals, tasks


def test_a_correction_names_what_it_corrects(caller: Caller) -> None:
    first = caller.complete()
    second = caller.complete(externalReference="WB-2", correctsInstanceId=first)
    assert (caller.read(first)["correctedByInstanceId"], caller.read(second)["correctsInstanceId"]) == (second, first)
    assert (caller.read(first)["objectVersion"], caller.read(first)["state"]) == (3, "COMPLETE")
    again = caller.create(externalReference="WB-3", correctsInstanceId=first)
    assert faults(again) == [("INSTANCE_NOT_CORRECTABLE", "correctsInstanceId")]
    assert caller.create(externalReference="WB-3", correctsInstanceId=second).status_code == 201


def test_what_cannot_be_corrected(caller: Caller) -> None:
    draft, done, gone = caller.draft(), caller.complete(), caller.complete()
    caller.withdraw(gone)
    for number in (draft, gone):
        assert faults(caller.create(correctsInstanceId=number)) == [("INSTANCE_NOT_CORRECTABLE", "correctsInstanceId")]
    for changes in ({"designGuid": TEST}, {"person": 40300}):
        answer = caller.create(**{"correctsInstanceId": done, **changes})
        assert faults(answer) == [("UNKNOWN_INSTANCE", "correctsInstanceId")]
    assert caller.read(done)["correctedByInstanceId"] is None


def test_a_withdrawal(caller: Caller) -> None:
    form = caller.complete()
    note = caller.withdraw(form).json()
    assert note.pop("id") > form
    assert note == {
        "_type": "CaseNoteEntry",
        "personId": 40211,
        "formInstanceId": form,
        "externalReference": "WB-9",
        "entryType": "WITHDRAWN",
        "eventDate": DAY,
        "note": "<p>Entered for another person.</p>",
        "objectVersion": 0,
    }
    assert (caller.read(form)["withdrawn"], caller.read(form)["objectVersion"]) == (True, 3)
    assert len(caller.under("/caseNoteEntry", NOTE, "WB-9")) == 1
    assert len(caller.get("/person/40211/caseNoteEntry", NOTE).json()["results"]) == 1
    assert refused(caller.withdraw(form)) == (409, "FORM_WITHDRAWN")
    assert len(caller.sim.records("WB-9")) == 1
    (kept,) = caller.sim.records("WB-1")
    assert isinstance(kept, FormInstance) and kept.answers and kept.attachments[0].content == PDF


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"entryType": "OTHER"}, ("NOT_IN_LIST", "entryType")),
        ({"formInstanceId": 5}, ("UNKNOWN_INSTANCE", "formInstanceId")),
        ({"note": ""}, ("MISSING", "note")),
        ({"note": "x" * 1001}, ("TOO_LONG", "note")),
        ({"note": "<script>x</script>"}, ("HTML_NOT_ALLOWED", "note")),
        ({"note": "<p class='x'>x</p>"}, ("HTML_NOT_ALLOWED", "note")),
        ({"note": "<p>you & me</p>"}, ("HTML_NOT_ALLOWED", "note")),
        ({"note": "<p>a < b</p>"}, ("HTML_NOT_ALLOWED", "note")),
        ({"eventDate": DAY | {"fuzzyDateMask": "YEAR"}}, ("WRONG_TYPE", "eventDate")),
        ({"eventDate": DAY | {"calculatedDate": DAY["calculatedDate"] + 3_600_000}}, ("WRONG_TYPE", "eventDate")),
        ({"eventDate": DAY | {"calculatedDate": 10**30}}, ("WRONG_TYPE", "eventDate")),
    ],
)
def test_refused_withdrawals(caller: Caller, changes: Body, expected: tuple[str, str]) -> None:
    form = caller.complete()
    assert faults(caller.withdraw(form, **changes)) == [expected]
    assert caller.read(form)["withdrawn"] is False and caller.sim.records("WB-9") == []


def test_withdrawals_that_do_not_fit(caller: Caller) -> None:
    assert refused(caller.withdraw(caller.draft())) == (409, "FORM_STATE")
    form = caller.complete()
    assert faults(caller.withdraw(form, person=40300)) == [("UNKNOWN_INSTANCE", "formInstanceId")]
    assert refused(caller.withdraw(form, eventDate={"calculatedDate": 0})) == (400, "MALFORMED")
    escaped = "<p>you &amp; me &#8211; a &lt; b<br/><strong>no</strong></p>"
    assert caller.withdraw(form, note=escaped).json()["note"] == escaped
    caller.sim.change_person(40211, open_episode=False)
    assert caller.task().status_code == 201


def test_records_move_with_a_merge(caller: Caller) -> None:
    form = caller.complete(person=40300)
    caller.sim.merge(40300, into=40211)
    assert refused(caller.withdraw(form, person=40300)) == (409, "PERSON_DUPLICATE")
    assert caller.read(form)["personId"] == 40211
    assert caller.withdraw(form).status_code == 201


def test_a_task_on_a_work_list(caller: Caller) -> None:
    summer = DAY | {"calculatedDate": 1821916800000 - 3_600_000}  # 2027-09-26, in summer time
    for due in (DAY, summer):
        task = caller.task(dueDate=due).json()
        assert task.pop("id") > 0
        assert task == {
            "_type": "WorkListTask",
            "personId": 40211,
            "externalReference": "WB-5",
            "team": "REVIEW",
            "dueDate": due,
            "summary": "A review is due.",
            "state": "OPEN",
            "objectVersion": 0,
        }
    assert len(caller.under("/workListTask", TASK, "WB-5")) == len(caller.sim.records("WB-5")) == 2
    assert caller.under("/formInstance", FORM, "WB-5") == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"team": "NOBODY"}, ("UNKNOWN_TEAM", "team")),
        ({"summary": "x" * 251}, ("TOO_LONG", "summary")),
        ({"summary": ""}, ("MISSING", "summary")),
        ({"externalReference": ""}, ("MISSING", "externalReference")),
        ({"dueDate": DAY | {"fuzzyDateMask": "MONTH"}}, ("WRONG_TYPE", "dueDate")),
    ],
)
def test_refused_tasks(caller: Caller, changes: Body, expected: tuple[str, str]) -> None:
    assert faults(caller.task(**changes)) == [expected]
    for person, refusal in ((40215, "PERSON_RESTRICTED"), (40222, "PERSON_DUPLICATE"), (40214, "NOT_FOUND")):
        assert refused(caller.task(person))[1] == refusal
    assert caller.sim.records("WB-5") == []

"""What the REST connector makes of an answer: strict shapes, refusals in both dialects, and nothing repeated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from service.adapters.generic_rest.content import Plan, plan_for
from service.adapters.generic_rest.dialect import Dialect, Upload
from service.adapters.generic_rest.found import holds_content, is_ours, our_document
from service.adapters.generic_rest.odata import OData
from service.adapters.generic_rest.plain import Plain
from service.adapters.generic_rest.reasons import CONFLICTS, CONTENT_REASONS, problem_in
from service.adapters.generic_rest.shapes import Reader
from service.adapters.generic_rest.vocabulary import AS_ON_THE_PAGE, CODES
from service.adapters.http import Reply, Request
from service.adapters.shared.digests import canonical_sha256, sha256
from service.adapters.shared.strict import UnreadableError
from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent, OutcomeUnknown
from service.ports import Answer, Document, Filing, PersonReference
from tests.conformance.world import MARKER, PDF

ONE, TWO, THREE = (f"6f0c1a52-0000-4000-8000-00000000000{digit}" for digit in "123")
READ, WRITE = Request("GET", "/records", writes=False), Request("POST", "/records", writes=True)
ANSWERS = [{"code": "A", "row": None, "value": "x"}, {"code": "B", "row": 2, "value": "“y”"}]
DOCUMENT = {"id": TWO, "recordId": ONE, "name": "WB-1.pdf", "size": len(PDF), "sha256": sha256(PDF)}
PERSON = {"id": THREE, "childId": "P0000101", "dateOfBirth": "2010-05-02", "dateOfBirthEstimated": False}
PERSON |= {"mergedTo": None, "restricted": False}
RECORD: dict[str, Any] = {"id": ONE, "reference": "WB-1", "personId": THREE, "formType": "WISE", "state": "complete"}
RECORD |= {"restricted": False, "completedOn": "2026-09-14", "answers": ANSWERS, "corrects": None, "correctedBy": None}
RECORD |= {"answersSha256": canonical_sha256(ANSWERS), "withdrawn": False, "documents": [DOCUMENT]}
TASK = {"id": ONE, "reference": "WB-T", "personId": THREE, "taskType": "REVIEW", "state": "open"}
TASK |= {"createdAt": "2026-09-14T10:00:00Z"}
NOTE = {
    "id": ONE,
    "reference": "WB-W",
    "recordId": TWO,
    "noteType": "withdrawal",
    "createdAt": "2026-09-14T10:00:00.5Z",
}
PLAIN, ODATA = Plain(AS_ON_THE_PAGE), OData(AS_ON_THE_PAGE)


@pytest.fixture(params=[PLAIN, ODATA], ids=["plain", "odata"])
def dialect(request: pytest.FixtureRequest) -> Dialect:
    found: Dialect = request.param
    return found


def planned(**changes: Any) -> Plan:
    person = PersonReference("P0000101", date(2010, 5, 2), None, date(2026, 9, 14))
    answers = tuple(Answer(each["code"], each["row"], each["value"]) for each in ANSWERS)
    made = Filing("WB-1", "E08000007", "wise_assessment", person, date(2026, 9, 14), False, answers, _document())
    target = {"form_type": "WISE", "document_type": "ASSESS", "document_sub_type": "WISE"}
    return plan_for(replace(made, **changes), target, ODATA, documents_here=True)


def _document() -> Document:
    return Document("record.pdf", "title", PDF)


def test_sound_answers_are_read(dialect: Dialect) -> None:
    reader = Reader(dialect)
    assert reader.person(PERSON | {"somethingNew": 1}).child_id == "P0000101"
    record = reader.record(RECORD)
    assert holds_content(record, planned())
    assert our_document(record, planned()) == record.documents[0]
    assert reader.task(TASK).is_open and not reader.task(TASK | {"state": "done"}).is_open
    assert reader.note(NOTE).withdraws and not reader.note(NOTE | {"noteType": "remark"}).withdraws


BROKEN: list[tuple[Callable[[Reader], Callable[[object], object]], dict[str, Any], dict[str, Any]]] = [
    *[(lambda reader: reader.person, PERSON, each) for each in (
        {"id": None}, {"id": ""}, {"id": "x" * 65}, {"id": 5}, {"childId": None}, {"dateOfBirth": "2010-5-2"},
        {"dateOfBirth": 20100502}, {"dateOfBirthEstimated": None}, {"dateOfBirthEstimated": "false"},
        {"restricted": 0},
    )],
    *[(lambda reader: reader.record, RECORD, each) for each in (
        {"state": "reopened"}, {"state": None}, {"restricted": "no"}, {"withdrawn": None}, {"completedOn": "today"},
        {"answersSha256": "ABC"}, {"documents": None}, {"documents": [None]}, {"documents": [DOCUMENT | {"size": -1}]},
        {"documents": [DOCUMENT | {"sha256": "0"}]}, {"personId": ".."}, {"corrects": 7}, {"reference": None},
    )],
    *[(lambda reader: reader.record, RECORD | {"answersSha256": None}, each) for each in (
        {"answers": None}, {"answers": [5]}, {"answers": [{"code": "A", "row": 0, "value": "x"}]},
        {"answers": [{"code": "A", "row": True, "value": "x"}]}, {"answers": [{"code": "A", "row": None}]},
    )],
    (lambda reader: reader.task, TASK, {"state": None}),
    (lambda reader: reader.task, TASK, {"createdAt": "2026-09-14"}),
    (lambda reader: reader.note, NOTE, {"recordId": None}),
]  # fmt: skip


@pytest.mark.parametrize(("read", "sound", "change"), BROKEN)
def test_what_is_not_the_protocol_is_unreadable(
    dialect: Dialect,
    read: Callable[[Reader], Callable[[object], object]],
    sound: dict[str, Any],
    change: dict[str, Any],
) -> None:
    reader = Reader(dialect)
    read(reader)(sound)
    with pytest.raises(UnreadableError):
        read(reader)(sound | change)


@pytest.mark.parametrize("name", ["dateOfBirth", "mergedTo"])
def test_left_out_is_not_null(dialect: Dialect, name: str) -> None:
    with pytest.raises(UnreadableError):
        Reader(dialect).person({key: value for key, value in PERSON.items() if key != name})


def test_an_id_in_odata_is_a_guid_in_either_case() -> None:
    assert ODATA.number(ONE.upper()) == ONE
    for wrong in ("5", f"{ONE})", ONE + "\n", "x" * 36):
        with pytest.raises(UnreadableError):
            ODATA.number(wrong)


@pytest.mark.parametrize("wrong", [".", "..", "", "a\nb", "\ud800", None])
def test_an_id_in_plain_leads_to_no_other_route(wrong: object) -> None:
    with pytest.raises(UnreadableError):
        PLAIN.number(wrong)
    assert PLAIN.one("records", "a/b?c") == "/records/a%2Fb%3Fc"


def test_a_quote_is_doubled_and_all_of_it_encoded() -> None:
    assert ODATA.search("people", "childId", "O'P &1") == "/People?$filter=childId%20eq%20%27O%27%27P%20%261%27"
    assert PLAIN.search("people", "childId", "O'P &1") == "/people?childId=O%27P%20%261"


def test_a_document_travels_in_the_alphabet_of_odata() -> None:
    """Base64url, padding kept: a strict server refuses the other one."""
    sent = ODATA.upload(ONE, Upload("WB-1.pdf", "t", b"\xfb\xff", "ASSESS", "WISE")).json
    assert isinstance(sent, dict) and sent["content"] == "-_8="


def test_more_than_a_page_is_more_than_one() -> None:
    assert PLAIN.rows({"items": [], "next": "/records?page=2"}) == ([], True)
    assert ODATA.rows({"value": [], "@odata.nextLink": "Records?$skiptoken=1"}) == ([], True)
    assert PLAIN.rows({"items": []}) == ODATA.rows({"value": []}) == ([], False)


@pytest.mark.parametrize("tag", ['"a"', 'W/"2026-09-14T10:00:00.000Z"', '""'])
def test_an_etag_is_given_back_as_it_is(dialect: Dialect, tag: str) -> None:
    assert dialect.tag(Reply(200, {}, None, headers={"etag": tag}), {}) == tag
    assert dialect.tag(Reply(200, {}, None), {dialect.tag_name: tag}) == tag


@pytest.mark.parametrize("tag", ["*", "", "a", '"a', 'w/"a"', '"a"\r\nX: 1', '"a", "b"', None, 5])
def test_what_is_no_etag_is_no_condition(dialect: Dialect, tag: Any) -> None:
    with pytest.raises(UnreadableError):
        dialect.tag(Reply(200, {}, None, headers={"etag": tag}), {dialect.tag_name: tag})


def test_a_server_without_digests_is_compared_by_what_it_shows() -> None:
    record = Reader(ODATA).record(RECORD | {"answersSha256": None})
    assert holds_content(record, planned())
    other = Reader(ODATA).record(RECORD | {"answersSha256": None, "answers": ANSWERS[:1]})
    assert not holds_content(other, planned())
    bare = DOCUMENT | {"sha256": None}
    assert is_ours(Reader(ODATA).document(bare), planned())
    assert is_ours(Reader(ODATA).document(bare | {"size": None}), planned())
    assert not is_ours(Reader(ODATA).document(bare | {"size": 1}), planned())


@pytest.mark.parametrize("change", [{"restricted": True}, {"completed_on": date(2026, 9, 13)}, {"answers": ()}])
def test_content_is_answers_date_and_restriction(change: dict[str, Any]) -> None:
    assert not holds_content(Reader(ODATA).record(RECORD), planned(**change))


def refusal(dialect: Dialect, code: str, *details: tuple[str, str], target: str = "") -> dict[str, Any]:
    """A refusal as the dialect writes it, with words that must not be repeated."""
    if dialect is PLAIN:
        inner = [{"code": each, "field": place, "message": MARKER} for each, place in details]
        return {"code": code, "message": MARKER, "details": inner}
    listed = [{"code": each, "target": place, "message": MARKER} for each, place in details]
    return {"error": {"code": code, "message": MARKER, "target": target or None, "details": listed}}


def problem(
    dialect: Dialect, status: int, body: dict[str, Any] | None, request: Request = WRITE, **more: Any
) -> DeliveryProblem:
    found = problem_in(request, Reply(status, body, None, **more), dialect, missing=Reason.RECORD_NOT_THERE)
    assert MARKER not in str(found)
    return found


@pytest.mark.parametrize("code", CONTENT_REASONS)
def test_every_fault_of_a_refused_content(dialect: Dialect, code: str) -> None:
    found = problem(dialect, 422, refusal(dialect, "INVALID", (code, "answers[1]"), (MARKER, "team")))
    assert (type(found), found.reason, found.note) == (NeedsHuman, CONTENT_REASONS[code], code)


def test_the_weightiest_of_several_faults_decides(dialect: Dialect) -> None:
    several = refusal(dialect, "INVALID", ("TOO_LONG", "answers[0]"), ("UNKNOWN_QUESTION", "answers[1]"))
    assert problem(dialect, 422, several).note == "UNKNOWN_QUESTION TOO_LONG"
    assert problem(dialect, 422, several).reason is Reason.UNKNOWN_CODE


@pytest.mark.parametrize("code", CONFLICTS)
def test_every_conflict(dialect: Dialect, code: str) -> None:
    found = problem(dialect, 409, refusal(dialect, code))
    assert (type(found), found.reason, found.note) == (*CONFLICTS[code], code)
    assert problem(dialect, 400, refusal(dialect, code)).reason is Reason.CONTENT_REFUSED


def test_every_code_of_the_page_means_something() -> None:
    by_status = {"BAD_REQUEST", "NOT_PERMITTED", "NOT_FOUND", "PRECONDITION_FAILED", "PRECONDITION_REQUIRED"}
    by_status |= {"TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE", "RESTRICTED"}
    assert set(CODES) == set(CONTENT_REASONS) | set(CONFLICTS) | by_status


@pytest.mark.parametrize(
    ("status", "code", "kind", "reason"),
    [
        (400, "BAD_REQUEST", NeedsHuman, Reason.CONTENT_REFUSED),
        (401, MARKER, NeedsHuman, Reason.SIGN_IN_REFUSED),
        (403, MARKER, NeedsHuman, Reason.NOT_PERMITTED),
        (403, "RESTRICTED", NeedsHuman, Reason.PERSON_RESTRICTED),
        (404, "NOT_FOUND", NeedsHuman, Reason.RECORD_NOT_THERE),
        (405, MARKER, NeedsHuman, Reason.UNEXPECTED_ANSWER),
        (409, MARKER, OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
        (413, "TOO_LARGE", NeedsHuman, Reason.DOCUMENT_TOO_LARGE),
        (415, "UNSUPPORTED_MEDIA_TYPE", NeedsHuman, Reason.UNEXPECTED_ANSWER),
        (423, "LOCKED", NothingSent, Reason.LOCKED),
        (423, MARKER, OutcomeUnknown, Reason.NO_CLEAR_ANSWER),
        (428, "PRECONDITION_REQUIRED", NeedsHuman, Reason.UNEXPECTED_ANSWER),
        (429, MARKER, NothingSent, Reason.THROTTLED),
        (501, MARKER, OutcomeUnknown, Reason.NO_CLEAR_ANSWER),
        (503, MARKER, OutcomeUnknown, Reason.NO_CLEAR_ANSWER),
        (204, MARKER, OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
    ],
)
def test_statuses(dialect: Dialect, status: int, code: str, kind: type[DeliveryProblem], reason: Reason) -> None:
    found = problem(dialect, status, refusal(dialect, code))
    assert (type(found), found.reason) == (kind, reason)


def test_a_page_at_a_wrong_address_is_no_missing_record(dialect: Dialect) -> None:
    assert problem(dialect, 404, None, READ).reason is Reason.UNAVAILABLE
    assert problem(dialect, 404, {"detail": MARKER}, READ).reason is Reason.UNAVAILABLE
    assert problem(dialect, 422, {"detail": MARKER}).reason is Reason.UNEXPECTED_ANSWER


def test_a_code_of_its_own_still_names_the_profiles_word() -> None:
    own = refusal(ODATA, "ASSERT_RANGE", target="taskType")
    assert problem(ODATA, 400, own).reason is Reason.UNKNOWN_CODE
    assert problem(ODATA, 400, own).note == "status_400 taskType"
    words = refusal(ODATA, "ASSERT_DATA_TYPE", target="text")
    assert problem(ODATA, 400, words).reason is Reason.CONTENT_REFUSED
    assert problem(ODATA, 400, refusal(ODATA, "400"), READ).reason is Reason.UNKNOWN_CODE


@pytest.mark.parametrize("body", [{"error": None}, {"error": MARKER}, {"code": 5}, {"code": None, "details": [None]}])
def test_a_refusal_in_no_shape_of_the_page_is_none(dialect: Dialect, body: dict[str, Any]) -> None:
    assert dialect.faults(body) is None


def test_a_record_that_corrects_something_else_than_an_id_is_not_there() -> None:
    with pytest.raises(NeedsHuman) as caught:
        planned(replaces="99999999")
    assert caught.value.reason is Reason.RECORD_NOT_THERE

"""The CareDirector connector without a server: settings, strict reading, and what each refusal means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from service.adapters.caredirector.client import CareDirectorApi
from service.adapters.caredirector.content import plan_for
from service.adapters.caredirector.filing import add_document, complete
from service.adapters.caredirector.found import as_written
from service.adapters.caredirector.reasons import DETAILS, LOCKS, REFUSALS, problem_in
from service.adapters.caredirector.schema import SCHEMA
from service.adapters.caredirector.searching import search
from service.adapters.caredirector.shapes import read_form
from service.adapters.caredirector.system import CareDirectorCaseSystem
from service.adapters.caredirector.withdrawal import withdrawn
from service.adapters.http import Reply, Request
from service.adapters.shared.link import Link
from service.domain.delivery import Reason
from service.errors import ConfigurationFault, DeliveryProblem, NeedsHuman, NothingSent, OutcomeUnknown
from service.ports import Document, Filing, PersonReference
from tests.conformance.world import MARKER, assert_silent

READ, WRITE = Request("GET", "/x", writes=False), Request("POST", "/x", writes=True)
ONE, TWO = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-00000000000A"
SHA, WHEN = "a" * 64, "2026-09-14T15:04:05Z"
GOOD = {"base_url": "https://x/services/api", "client_id": "wise-bridge", "client_secret": "s"}


def lookup(number: str = ONE, name: str = "", kind: str = "x") -> dict[str, str]:
    return {"id": number, "name": name, "type": kind}


PERSON = {"id": ONE, "personnumber": "40211", "dateofbirth": "2010-05-02", "dateofbirthestimated": "False"}
PERSON |= {"inactive": "False", "masterpersonid": None, "datarestrictionid": None}
CASE = {"id": ONE, "casenumber": "C-1", "personid": lookup(), "casestatusid": {"id": "1", "name": "Open", "code": "1"}}
FORM = {
    "id": ONE,
    "externalreference": "WB-1",
    "documentid": lookup(),
    "personid": lookup(name="40211"),
    "caseid": lookup(),
    "assessmentstatusid": {"id": "2", "name": "Complete", "code": "2"},
    "datarestrictionid": None,
    "correctscaseformid": None,
    "correctedbycaseformid": lookup(TWO),
    "withdrawn": "False",
    "answerssha256": SHA,
}
FILE = {"id": ONE, "caseformid": lookup(), "filename": "WB-1.pdf", "filesha256": SHA}
TASK = {"id": ONE, "externalreference": "WB-1", "regardingid": lookup(), "createdon": WHEN}
NOTE = {"id": ONE, "externalreference": "WB-1", "caseformid": lookup(), "casenotetypeid": lookup(), "createdon": WHEN}

SEARCHES: dict[str, tuple[dict[str, Any], Callable[[CareDirectorApi], Any]]] = {
    "person": (PERSON, lambda api: api.people("40211")),
    "case": (CASE, lambda api: api.open_cases(ONE)),
    "form": (FORM, lambda api: api.forms("WB-1")),
    "file": (FILE, lambda api: api.attachments(ONE, "WB-1.pdf")),
    "task": (TASK, lambda api: api.tasks("WB-1")),
    "note": (NOTE, lambda api: api.notes("WB-1")),
}
NOT_READ = {"casenumber"}
MAY_BE_NULL = {"dateofbirth", "masterpersonid", "datarestrictionid", "correctscaseformid", "correctedbycaseformid"}
MAY_BE_NULL |= {"answerssha256"}
ODD = ["gone", None, [], {}, {"id": MARKER}, MARKER, 0, True, "true", 1.5, "2010-5-2", "20100502", ONE.upper() + "\n"]


PERSON_GIVEN = PersonReference("40211", None, 16, date(2026, 9, 14))
DOCUMENT = Document("record.pdf", "WISE assessment", b"%PDF-1.7 fictional")
FILING = Filing("WB-1", "E08000007", "wise_assessment", PERSON_GIVEN, date(2026, 9, 14), False, (), DOCUMENT)
TARGET = {"team": ONE, "form_template": ONE, "document_type": ONE, "document_sub_type": ONE}
PLAN = plan_for(FILING, TARGET, None, documents_here=True)
FORM_THERE = read_form(FORM)


class Scripted:
    """A conversation whose replies are given, one after the other; the last one stays."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)

    def ask(self, _request: Request) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


def api(status: int, *bodies: Any) -> CareDirectorApi:
    return CareDirectorApi(Scripted(*(Reply(status, body, None) for body in bodies)))  # type: ignore[arg-type]


def rows(*each: Any, more: Any = "False") -> dict[str, Any]:
    return {"hasMoreRecords": more, "data": list(each)}


def caught(call: Callable[[], object]) -> DeliveryProblem:
    with pytest.raises(DeliveryProblem) as found:
        call()
    assert_silent(found.value)
    return found.value


class TestSettings:
    @pytest.mark.parametrize("url", ["http://caredirector.example/services/api", "https://me:pw@x/", "ftp://x", ""])
    def test_every_fault_is_told_at_once_and_no_value(self, url: str) -> None:
        connection = {"base_url": url, "client_id": "", "client_secret": f"{MARKER}\n", "restriction": MARKER}
        connection |= {"withdrawal_note_type": MARKER, "proxy_url": MARKER, "client_key": MARKER}
        target = {"team": ONE, "form_template": MARKER, "document_type": "7", "document_sub_type": ONE[:-1]}
        with pytest.raises(ConfigurationFault) as found:
            CareDirectorCaseSystem(Link(connection, {"wise_assessment": target}, {"team": MARKER}))
        said = [(fault.file, fault.field) for fault in found.value.faults]
        names = ("base_url", "client_id", "client_secret", "restriction", "withdrawal_note_type")
        expected = [("caredirector connection", name) for name in (*names, "client_certificate", "proxy_url")]
        targets = ("form_template", "document_type", "document_sub_type")
        expected += [("caredirector target wise_assessment", name) for name in targets]
        expected += [("caredirector task", "team")]
        assert sorted(said) == sorted(expected)
        assert MARKER not in str(found.value)

    @pytest.mark.parametrize(
        "url", ["https://x/services/api", "http://localhost:1/services/api/", "http://127.0.0.1:1"]
    )
    def test_good_settings(self, url: str) -> None:
        target = {"team": ONE, "form_template": TWO, "document_type": TWO.lower(), "document_sub_type": ONE}
        link = Link({**GOOD, "base_url": url, "restriction": TWO}, {"wise_assessment": target}, {"team": ONE})
        assert CareDirectorCaseSystem(link).kind == SCHEMA.kind

    def test_a_proxy_of_the_settings_is_used_and_needs_a_rule_of_its_own(self) -> None:
        connection = {
            **GOOD,
            "base_url": "https://caredirector.example/services/api",
            "proxy_url": "http://127.0.0.1:9",
        }
        problem = caught(lambda: CareDirectorCaseSystem(Link(connection, {}, {})).look_up("WB-1"))
        assert (problem.reason, problem.note) == (Reason.ADDRESS_NOT_ALLOWED, "target_not_listed")

    def test_what_is_secret(self) -> None:
        secret = {name for name, setting in SCHEMA.connection.items() if setting.secret}
        assert secret == {"client_secret", "client_key", "proxy_password"}


class TestSearching:
    def test_a_quote_does_not_end_a_condition(self) -> None:
        asked = search("person", {"personnumber": "4' and id eq '1", "id": ONE}, 2)
        assert asked.params == {"$top": "2", "$filter": f"personnumber eq '4'' and id eq ''1' and id eq '{ONE}'"}
        assert not asked.writes

    @pytest.mark.parametrize("kind", SEARCHES)
    def test_a_good_row(self, kind: str) -> None:
        row, ask = SEARCHES[kind]
        found = ask(api(200, rows(row)))
        assert (len(found.rows), found.more) == (1, False)
        assert ask(api(200, rows())).rows == ()

    @pytest.mark.parametrize("value", ODD, ids=repr)
    @pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, (row, _) in SEARCHES.items() for name in row])
    def test_a_row_of_another_shape_is_unreadable(self, kind: str, name: str, value: Any) -> None:
        row, ask = SEARCHES[kind]
        body = {**row, name: value}
        if value == "gone":
            del body[name]
        if name in NOT_READ or (value is None and name in MAY_BE_NULL):
            assert len(ask(api(200, rows(body))).rows) == 1
            return
        assert isinstance(caught(lambda: ask(api(200, rows(body)))), NothingSent)

    @pytest.mark.parametrize("kind", SEARCHES)
    @pytest.mark.parametrize("more", ["true", "", None, True, False, 0, "gone", MARKER], ids=repr)
    def test_whether_there_is_more_is_one_of_two_words(self, kind: str, more: Any) -> None:
        row, ask = SEARCHES[kind]
        body = rows(row, more=more)
        if more == "gone":
            del body["hasMoreRecords"]
        assert isinstance(caught(lambda: ask(api(200, body))), NothingSent)

    @pytest.mark.parametrize("data", [None, {}, "", MARKER, [None], [[]], [MARKER], [1]], ids=repr)
    def test_rows_that_are_none(self, data: Any) -> None:
        body = {"hasMoreRecords": "False", "data": data}
        assert isinstance(caught(lambda: api(200, body).forms("WB-1")), NothingSent)

    def test_rows_that_were_not_asked_for(self) -> None:
        for ask in (
            lambda: api(200, rows(PERSON)).people("040211"),
            lambda: api(200, rows(CASE)).open_cases(TWO),
            lambda: api(200, rows({**CASE, "casestatusid": {"id": "2"}})).open_cases(ONE),
            lambda: api(200, rows(FORM)).forms("wb-1"),
            lambda: api(200, rows(FILE)).attachments(ONE, "WB-2.pdf"),
            lambda: api(200, rows(*[FORM] * 3)).forms("WB-1"),
        ):
            assert isinstance(caught(ask), NothingSent)

    def test_ids_in_capitals_are_the_same_ids(self) -> None:
        body = {**FORM, "id": TWO, "personid": lookup(TWO, "40211")}
        (form,) = api(200, rows(body)).form(TWO.lower()).rows
        assert (form.id, form.person) == (TWO.lower(), TWO.lower())

    def test_rows_that_were_left_out_are_several(self) -> None:
        for body in (rows(FORM, FORM), rows(FORM, more="True"), rows(more="True")):
            found = api(200, body).forms("WB-1")
            problem = caught(lambda found=found: found.only(Reason.CONTRADICTION, "several"))
            assert (type(problem), problem.reason) == (NeedsHuman, Reason.CONTRADICTION)

    @pytest.mark.parametrize(
        ("change", "merged"),
        [({}, False), ({"inactive": "True"}, True), ({"masterpersonid": lookup(TWO)}, True)],
    )
    def test_who_was_merged(self, change: dict[str, Any], merged: bool) -> None:
        (person,) = api(200, rows({**PERSON, **change})).people("40211").rows
        assert person.known.merged is merged


class TestWriting:
    @pytest.mark.parametrize("value", [None, "", 1, [], {}, MARKER, {"id": ONE}], ids=repr)
    def test_an_answer_without_an_id_is_unexpected(self, value: Any) -> None:
        assert isinstance(caught(lambda: api(201, {"id": value}).open_form({})), OutcomeUnknown)

    @pytest.mark.parametrize("status", [200, 202, 204, 302, 405, 418])
    def test_another_status_than_the_protocols(self, status: int) -> None:
        assert isinstance(caught(lambda: api(status, {"id": ONE}).open_form({})), OutcomeUnknown)

    def test_an_answer_about_another_form(self) -> None:
        api(201, {"id": TWO}).change_form(TWO.lower(), {})
        assert caught(lambda: api(201, {"id": TWO}).change_form(ONE, {})).note == "another_form_changed"

    def test_what_was_written_and_is_not_there(self) -> None:
        problem = caught(lambda: as_written(lambda: api(200, rows()).forms("WB-1")))
        assert (type(problem), problem.reason) == (OutcomeUnknown, Reason.UNEXPECTED_ANSWER)

    def test_a_document_that_is_stored_otherwise_than_it_was_sent(self) -> None:
        found, written = Reply(200, rows(), None), Reply(201, {"id": ONE}, None)
        stored = Reply(200, rows(FILE), None)
        talk: Any = Scripted(found, written, stored)
        problem = caught(lambda: add_document(CareDirectorApi(talk), FORM_THERE, PLAN))
        assert (problem.reason, problem.note) == (Reason.CONTRADICTION, "document_stored_differently")

    def test_half_a_character_in_a_title_stops_before_anything_is_sent(self) -> None:
        odd = replace(FILING, document=replace(DOCUMENT, title=f"{MARKER}\ud800"))
        assert caught(lambda: plan_for(odd, TARGET, None, documents_here=True)).reason is Reason.CONTENT_REFUSED

    def test_a_form_that_is_gone_when_its_note_is_written(self) -> None:
        gone = {"errorMessage": MARKER, "errorCode": "RecordNotFound", "field": "caseformid"}
        assert caught(lambda: api(404, gone).add_note({})).reason is Reason.RECORD_NOT_THERE
        assert caught(lambda: api(404, gone).attach({})).reason is Reason.NOT_PERMITTED

    def test_a_form_that_was_not_completed_after_all(self) -> None:
        initial = {**FORM, "assessmentstatusid": {"id": "1"}, "answerssha256": PLAN.answers_sha256}
        talk: Any = Scripted(Reply(201, {"id": ONE}, None), Reply(200, rows(initial), None))
        problem = caught(lambda: complete(CareDirectorApi(talk), read_form(initial), PLAN, None))
        assert (type(problem), problem.note) == (OutcomeUnknown, "form_not_completed")

    def test_a_note_that_took_nothing_off_the_file_is_no_withdrawal(self) -> None:
        noted = caught(lambda: withdrawn(api(200, rows(NOTE), rows(FORM)), "WB-1", ONE))
        assert (noted.reason, noted.note) == (Reason.CONTRADICTION, "not_withdrawn_by_its_note")


def refusal(status: int, body: Any, request: Request = WRITE) -> DeliveryProblem:
    problem = problem_in(request, Reply(status, body, None), missing=Reason.RECORD_NOT_THERE)
    assert_silent(problem)
    return problem


class TestRefusals:
    @pytest.mark.parametrize(("status", "code"), REFUSALS)
    def test_every_code(self, status: int, code: str) -> None:
        body = {"errorMessage": MARKER, "errorCode": code, "lockedby": MARKER, "field": MARKER}
        for request in (READ, WRITE):
            problem = refusal(status, body, request)
            assert (type(problem), problem.note) == (NeedsHuman, code)
            assert problem.reason is REFUSALS[status, code]
        assert refusal(status, {**body, "field": "caseid"}).note == f"{code} caseid"

    @pytest.mark.parametrize("code", sorted(LOCKS))
    def test_what_goes_away(self, code: str) -> None:
        problem = refusal(409, {"errorCode": code, "lockedby": MARKER})
        assert (type(problem), problem.reason) == (NothingSent, Reason.LOCKED)

    @pytest.mark.parametrize(
        ("field", "reason"),
        [
            *(("personid", Reason.PERSON_NOT_FOUND), ("regardingid", Reason.PERSON_NOT_FOUND)),
            *(("correctscaseformid", Reason.RECORD_NOT_THERE), ("caseformid", Reason.RECORD_NOT_THERE)),
            *((MARKER, Reason.RECORD_NOT_THERE), (None, Reason.RECORD_NOT_THERE), ({}, Reason.RECORD_NOT_THERE)),
        ],
    )
    def test_what_is_not_found(self, field: Any, reason: Reason) -> None:
        assert refusal(404, {"errorCode": "RecordNotFound", "field": field}).reason is reason

    @pytest.mark.parametrize("code", DETAILS)
    def test_every_detail_of_refused_answers(self, code: str) -> None:
        details: list[Any] = [{"questioncode": MARKER, "row": None, "errorCode": code}, MARKER, None]
        problem = refusal(400, {"errorCode": "InvalidAnswers", "details": details})
        unknown = code == "UnknownQuestion"
        assert problem.reason is (Reason.UNKNOWN_CODE if unknown else Reason.CONTENT_REFUSED)
        assert problem.note == f"InvalidAnswers {code}"

    def test_unknown_codes_are_not_repeated(self) -> None:
        details = [{"errorCode": MARKER}, {"errorCode": "TooLong"}, {"errorCode": "UnknownQuestion"}]
        problem = refusal(400, {"errorCode": "InvalidAnswers", "details": details})
        assert (problem.reason, problem.note) == (Reason.UNKNOWN_CODE, "InvalidAnswers UnknownQuestion TooLong")
        assert refusal(400, {"errorCode": MARKER}).note == "status_400"
        assert refusal(403, {"errorCode": MARKER}).reason is Reason.NOT_PERMITTED

    def test_a_code_under_another_status_is_not_the_protocols(self) -> None:
        assert isinstance(refusal(404, {"errorCode": "CaseNotOpen"}), OutcomeUnknown)
        assert isinstance(refusal(409, {"errorCode": "RouteNotFound"}), OutcomeUnknown)

    @pytest.mark.parametrize("body", [None, {}, {"errorCode": None}, {"errorCode": ["CaseNotOpen"]}])
    def test_a_page_instead_of_a_refusal(self, body: Any) -> None:
        for status in (400, 404, 409):
            assert isinstance(refusal(status, body), OutcomeUnknown)
            assert isinstance(refusal(status, body, READ), NothingSent)

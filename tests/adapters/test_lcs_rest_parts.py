"""The LCS over HTTP connector without a server: strict reading, and what each refusal means."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from service.adapters.http import Reply, Request
from service.adapters.lcs_rest.client import LcsApi
from service.adapters.lcs_rest.content import Plan
from service.adapters.lcs_rest.dialect import Dialect, read_dialect
from service.adapters.lcs_rest.filing import complete
from service.adapters.lcs_rest.found import outcome
from service.adapters.lcs_rest.reasons import FOR_A_PERSON, problem_in
from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent, OutcomeUnknown
from service.ports import Answer, Document, Filing, PersonReference, Receipt
from tests.conformance.world import MARKER, PDF, assert_silent

READ, WRITE = Request("GET", "/x", writes=False), Request("POST", "/x", writes=True)
SHA, MOMENT = "a" * 64, "2026-09-16T10:14:02Z"
DOCUMENT = {"documentId": 77812, "fileName": "WB-1.pdf", "sha256": SHA}
DRAFT: dict[str, Any] = {
    "formId": 880123,
    "status": "DRAFT",
    "recordId": -1,
    "version": -1,
    "personId": 40211,
    "formType": "4107",
    "externalReference": "WB-1",
    "replacesRecordId": -1,
    "restricted": "N",
    "answersSha256": None,
    "documents": [DOCUMENT],
    "filedAt": None,
}
COMPLETE = {**DRAFT, "status": "COMPLETE", "recordId": 900417, "version": 2, "filedAt": MOMENT, "replacesRecordId": 9}
PERSON = {
    "personId": 40211,
    "legacyId": "STK0000417",
    "dateOfBirth": "2010-05-02",
    "dobEstimated": "N",
    "duplicatedDttm": None,
    "mergedTo": -1,
    "restricted": "N",
}
TASK = {"taskId": 3, "personId": 4, "taskType": "REVIEW", "externalReference": "WB-1", "createdAt": MOMENT}
WITHDRAWAL = {
    "withdrawalId": 70012,
    "recordId": 900417,
    "personId": 40211,
    "reason": "entered_twice",
    "externalReference": "WB-1",
    "withdrawnAt": MOMENT,
}
NUMBER, NONE_TOO = (None, True, 0, -2, 7.5, 10**18, "7", [MARKER]), (-1,)
TEXT, FLAG, TIME = (5, True, [MARKER]), (None, True, "", "y", MARKER), ("", MARKER, "2026-02-30", 5)
AMISS: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(("formId", "documentId", "personId", "taskId", "withdrawalId"), NUMBER + NONE_TOO),
    **dict.fromkeys(("recordId", "version", "replacesRecordId", "mergedTo"), NUMBER),
    **dict.fromkeys(("formType", "externalReference", "fileName", "taskType"), (None, *TEXT)),
    **dict.fromkeys(("restricted", "dobEstimated"), FLAG),
    **dict.fromkeys(("createdAt", "withdrawnAt"), (None, *TIME)),
    **dict.fromkeys(("filedAt", "dateOfBirth"), TIME),
    "legacyId": TEXT,
    "duplicatedDttm": (),  # whatever is there but null says that the person was merged
    "status": ("COMPLETED", "Y", None, 5),
    "answersSha256": (SHA[:-1], SHA.upper(), 5),
    "sha256": (None, SHA[:-1], 5),
    "documents": (None, {}, [None], [{}], [{**DOCUMENT, "documentId": "1"}]),
    "reason": (None, "Y", MARKER),
}
"""What each member may not be."""


class Scripted:
    """A conversation whose only reply is given, and that keeps what was asked."""

    def __init__(self, status: int, body: Any) -> None:
        self.reply, self.asked = Reply(status, body, None), READ

    def ask(self, request: Request) -> Reply:
        self.asked = request
        return self.reply


def dialect(**settings: str) -> Dialect:
    found, findings = read_dialect(settings)
    assert findings == []
    return found


def api(status: int, body: Any, words: Dialect | None = None) -> LcsApi:
    return LcsApi(Scripted(status, body), words or dialect())  # type: ignore[arg-type]


def caught(call: Any) -> DeliveryProblem:
    with pytest.raises(DeliveryProblem) as found:
        call()
    assert_silent(found.value)
    assert found.value.__context__ is None
    return found.value


def plan_in(words: Dialect, replaces: int | None = None) -> Plan:
    person = PersonReference("40211", date(2010, 5, 2), None, date(2026, 9, 14))
    document, answers = Document("x.pdf", "WISE", PDF), (Answer("a", None, "é"),)
    filing = Filing("WB-1", "E08000007", "wise_assessment", person, date(2026, 9, 14), True, answers, document)
    return Plan(filing, {"form": "4107", "document_type": "W"}, words, replaces, documents_here=True)


READERS: list[tuple[str, dict[str, Any], Any]] = [
    ("draft", DRAFT, lambda body: api(200, {"forms": [body]}).forms("WB-1")),
    ("complete", COMPLETE, lambda body: api(200, body).complete(880123)),
    ("document", DOCUMENT, lambda body: api(201, body).add_document(1, {})),
    ("person", PERSON, lambda body: api(200, body).person(40211)),
    ("task", TASK, lambda body: api(201, body).raise_task({})),
    ("withdrawal", WITHDRAWAL, lambda body: api(201, body).withdraw({})),
]


class TestStrictReading:
    @pytest.mark.parametrize(("name", "sound", "read"), READERS, ids=[each[0] for each in READERS])
    def test_a_member_amiss_makes_the_whole_unreadable(self, name: str, sound: dict[str, Any], read: Any) -> None:
        read({**sound, "more": MARKER})
        for member in sound:
            without = {key: value for key, value in sound.items() if key != member}
            for body in (without, *({**sound, member: odd} for odd in AMISS[member])):
                assert caught(lambda body=body: read(body)).note == "answer_not_of_the_protocol", body

    @pytest.mark.parametrize("member", ["recordId", "version", "filedAt"])
    def test_a_complete_form_has_a_record_a_version_and_a_time(self, member: str) -> None:
        assert isinstance(caught(lambda: api(200, {**COMPLETE, member: DRAFT[member]}).complete(1)), OutcomeUnknown)

    @pytest.mark.parametrize("body", [None, {}, {"forms": None}, {"forms": {}}, {"forms": [5]}, {"forms": [None]}])
    def test_another_shape(self, body: Any) -> None:
        assert isinstance(caught(lambda: api(200, body).forms("WB-1")), NothingSent)
        assert isinstance(caught(lambda: api(200, body).complete(1)), OutcomeUnknown)

    def test_a_search_that_was_not_understood(self) -> None:
        for call in (
            lambda: api(200, {"forms": [DRAFT]}).forms("WB-2"),
            lambda: api(200, {"tasks": [TASK]}).tasks("WB-2"),
            lambda: api(200, {"withdrawals": [WITHDRAWAL]}).withdrawals("WB-2"),
            lambda: api(200, {"people": [PERSON]}).people("STK0000418"),
            lambda: api(200, PERSON).person(40212),
        ):
            assert isinstance(caught(call), NothingSent)

    def test_of_a_restricted_person_no_text_id_is_told(self) -> None:
        hidden = {**PERSON, "legacyId": None, "restricted": "Y", "dateOfBirth": None}
        (found,) = api(200, {"people": [hidden]}).people("STK0000610").rows
        assert found.known.restricted


class TestRefusals:
    @pytest.mark.parametrize(
        ("status", "code", "reason"),
        [(status, code, reason) for status, codes in FOR_A_PERSON.items() for code, reason in codes.items()],
    )
    def test_a_code_of_the_page(self, status: int, code: str, reason: Reason) -> None:
        problem = problem_in(WRITE, Reply(status, {"code": code, "message": MARKER, "detail": MARKER}, None), dialect())
        assert isinstance(problem, NeedsHuman)
        assert (problem.reason, problem.note) == (reason, code)

    @pytest.mark.parametrize("code", ["RECORD_LOCKED", "FORM_STATE"])
    def test_what_goes_away_is_tried_again(self, code: str) -> None:
        problem = problem_in(WRITE, Reply(409, {"code": code, "lockedBy": MARKER}, None), dialect())
        assert isinstance(problem, NothingSent)
        assert problem.reason is Reason.LOCKED
        assert_silent(problem)

    def test_a_reference_that_was_not_there_a_moment_ago_is_looked_up(self) -> None:
        problem = problem_in(WRITE, Reply(409, {"code": "DUPLICATE_REFERENCE", "formId": 5}, None), dialect())
        assert isinstance(problem, OutcomeUnknown)

    def test_the_broken_rules_are_named_and_never_the_answers(self) -> None:
        errors = [{"answerNo": MARKER, "rule": "TOO_LONG"}, {"rule": MARKER}, MARKER, {"rule": ["EMPTY"]}]
        body = {"code": "ANSWERS_REFUSED", "errors": [*errors, {"rule": "EMPTY"}]}
        problem = problem_in(WRITE, Reply(422, body, None), dialect())
        assert problem.note == "ANSWERS_REFUSED EMPTY TOO_LONG"

    @pytest.mark.parametrize(
        ("status", "body", "kind", "reason"),
        [
            (409, {"code": MARKER}, OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            (409, {"code": "UNKNOWN_RECORD"}, OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            (404, {"code": MARKER}, OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            (404, None, OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            (400, {"code": [MARKER]}, OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            (403, {"code": MARKER}, NeedsHuman, Reason.NOT_PERMITTED),
            (403, None, NeedsHuman, Reason.NOT_PERMITTED),
            (422, {"code": MARKER, "errors": MARKER}, NeedsHuman, Reason.CONTENT_REFUSED),
            (413, {"code": "DOC_TOO_LARGE"}, NeedsHuman, Reason.DOCUMENT_TOO_LARGE),
            (401, None, NeedsHuman, Reason.SIGN_IN_REFUSED),
            (302, None, OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            (200, None, OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
        ],
    )
    def test_a_code_nobody_knows_is_never_repeated(
        self, status: int, body: Any, kind: type[DeliveryProblem], reason: Reason
    ) -> None:
        problem = problem_in(WRITE, Reply(status, body, None), dialect())
        assert type(problem) is kind
        assert problem.reason is reason
        assert_silent(problem)

    def test_reading_changes_nothing(self) -> None:
        assert isinstance(problem_in(READ, Reply(409, {"code": MARKER}, None), dialect()), NothingSent)


class TestCompletion:
    def _completed(self, replaces: int | None = 900417, **changes: Any) -> Receipt:
        """A draft that holds everything, completed; the answer differs from a sound one by `changes`."""
        plan = plan_in(dialect(), replaces)
        held = {"restricted": "Y", "answersSha256": plan.answers_sha256}
        held["documents"] = [{**DOCUMENT, "sha256": plan.document_sha256}]
        body = {**COMPLETE, **held, "replacesRecordId": replaces or -1}
        return complete(api(200, {**body, **changes}), api(200, body).complete(1), plan)

    def test_a_form_completed_as_it_should_be(self) -> None:
        assert self._completed().record_number == "900417"
        assert self._completed(None, version=1).evidence.keys() < self._completed().evidence.keys()

    @pytest.mark.parametrize("changes", [{"status": "DRAFT"}, {"formId": 5}])
    def test_a_form_that_was_not_completed_or_another_one(self, changes: dict[str, Any]) -> None:
        assert isinstance(caught(lambda: self._completed(**changes)), OutcomeUnknown)

    def test_a_correction_that_became_a_version_of_another_record(self) -> None:
        assert caught(lambda: self._completed(recordId=5)).reason is Reason.CONTRADICTION

    def test_of_two_documents_of_our_name_a_look_up_takes_the_last(self) -> None:
        documents = [{**DOCUMENT, "documentId": number} for number in (7, 9, 8)]
        documents.append({**DOCUMENT, "documentId": 99, "fileName": "other.pdf"})
        form = api(200, {**COMPLETE, "answersSha256": SHA, "documents": documents}).complete(1)
        receipt = outcome(form, documents_here=True)
        assert isinstance(receipt, Receipt)
        assert receipt.document_number == "9"

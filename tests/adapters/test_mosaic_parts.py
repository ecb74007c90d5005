"""The Mosaic connector without a server: settings, strict reading, and what each refusal means."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from service.adapters.http import Reply, Request
from service.adapters.mosaic.refusals import CONTENT_REASONS
from service.adapters.mosaic.rest.client import RestWire
from service.adapters.mosaic.rest.reasons import problem_in
from service.adapters.mosaic.schema import SCHEMA
from service.adapters.mosaic.system import MosaicCaseSystem
from service.adapters.shared.identity import age_on
from service.adapters.shared.link import Link
from service.domain.delivery import Reason
from service.errors import ConfigurationFault, DeliveryProblem, NeedsHuman, NothingSent, OutcomeUnknown
from tests.conformance.world import MARKER, assert_silent

READ, WRITE = Request("GET", "/x", writes=False), Request("POST", "/x", writes=True)
SHA = "a" * 64
DOCUMENT = {"documentId": 5501, "name": "WB-1.pdf", "sha256": SHA}
STEP = {
    "stepId": 1,
    "stepTypeId": 2,
    "status": "STARTED",
    "subjects": [{"type": "PER", "id": 3}],
    "externalReference": "WB-1",
    "restricted": False,
    "answersSha256": None,
    "documents": [DOCUMENT],
    "correctsStepId": None,
    "correctedByStepId": 7,
    "withdrawn": False,
}
ALSO_SOUND = [("answersSha256", None), ("externalReference", None), ("externalReference", MARKER), ("restricted", True)]
ALSO_SOUND += [("correctsStepId", None), ("correctedByStepId", None), ("withdrawn", True)]
LISTS = ("subjects", "documents")
PERSON = {"personId": 40211, "dateOfBirth": "2010-05-02", "dateOfBirthEstimated": False, "mergedTo": None}


class Scripted:
    """A conversation whose only reply is given."""

    def __init__(self, status: int, body: Any) -> None:
        self.reply = Reply(status, body, None)

    def ask(self, _request: Request) -> Reply:
        return self.reply


def api(status: int, body: Any) -> RestWire:
    return RestWire(Scripted(status, body))  # type: ignore[arg-type]


def caught(call: Any) -> DeliveryProblem:
    with pytest.raises(DeliveryProblem) as found:
        call()
    assert_silent(found.value)
    assert found.value.__context__ is None
    return found.value


class TestSettings:
    @pytest.mark.parametrize(
        "url",
        [
            *("http://mosaic.example/api/v1", "http://10.0.0.1/api", "ftp://x", "https://", "//x", "https://["),
            *("https://me:pw@x/api", "https://x/?a=1", "https://x/#f", ""),
        ],
    )
    def test_only_tls_or_this_machine(self, url: str) -> None:
        with pytest.raises(ConfigurationFault) as found:
            MosaicCaseSystem(Link({"base_url": url, "api_key": "two words"}, {}, {}))
        assert {fault.field for fault in found.value.faults} == {"base_url", "api_key"}
        assert "two words" not in str(found.value)

    @pytest.mark.parametrize(
        "url", ["https://x/api/v1", "http://localhost:1/api", "http://[::1]:1", "http://127.0.0.9"]
    )
    def test_good_addresses(self, url: str) -> None:
        assert MosaicCaseSystem(Link({"base_url": url, "api_key": "k"}, {}, {})).kind == "mosaic"

    def test_what_is_secret(self) -> None:
        assert [name for name, setting in SCHEMA.connection.items() if setting.secret] == [
            *("api_key", "password", "client_key", "proxy_password")
        ]

    def test_ages(self) -> None:
        leap = date(2012, 2, 29)
        assert [age_on(leap, day) for day in (date(2026, 2, 28), date(2026, 3, 1), date(2028, 2, 29))] == [13, 14, 16]


class TestReading:
    @pytest.mark.parametrize("value", ["gone", None, [], {}, MARKER, 0, True, -1, 1.5, [None]], ids=repr)
    @pytest.mark.parametrize("name", STEP)
    def test_a_step_of_another_shape_is_unexpected(self, name: str, value: Any) -> None:
        body = {**STEP, name: value}
        if value == "gone":
            del body[name]
        elif any(name == other and value is sound for other, sound in ALSO_SOUND) or (name in LISTS and value == []):
            assert api(201, body).open_step({}).number == 1
            return
        problem = caught(lambda: api(201, body).open_step({}))
        assert isinstance(problem, OutcomeUnknown)
        assert problem.reason is Reason.UNEXPECTED_ANSWER

    @pytest.mark.parametrize(
        "change",
        [
            *({"personId": 40212}, {"dateOfBirth": "02/05/2010"}, {"dateOfBirth": 5}, {"dateOfBirthEstimated": "N"}),
            *({"dateOfBirth": "gone"}, {"mergedTo": "gone"}, {"dateOfBirthEstimated": None}),
        ],
    )
    def test_a_person_of_another_shape_is_unexpected(self, change: dict[str, Any]) -> None:
        body = {name: value for name, value in {**PERSON, **change}.items() if value != "gone"}
        assert isinstance(caught(lambda: api(200, body).person(40211)), NothingSent)

    def test_a_search_that_ignores_the_reference_is_no_search(self) -> None:
        assert api(200, {"steps": [STEP]}).steps("WB-1")[0].number == 1
        assert isinstance(caught(lambda: api(200, {"steps": [STEP]}).steps("WB-2")), NothingSent)
        assert isinstance(caught(lambda: api(200, {}).steps("WB-2")), NothingSent)

    @pytest.mark.parametrize("status", [200, 202, 204, 302, 400, 405, 418])
    def test_another_status_than_the_protocols(self, status: int) -> None:
        assert isinstance(caught(lambda: api(status, STEP).open_step({})), OutcomeUnknown)


def refusal(status: int, body: Any, request: Request = WRITE) -> DeliveryProblem:
    problem = problem_in(request, Reply(status, body, None), missing=Reason.PERSON_NOT_FOUND)
    assert_silent(problem)
    return problem


class TestRefusals:
    @pytest.mark.parametrize("code", CONTENT_REASONS)
    def test_every_code_of_a_422(self, code: str) -> None:
        errors = [{"questionUserCode": MARKER, "code": code, "detail": MARKER}]
        for body in ({"code": "INVALID", "message": MARKER, "errors": errors}, {"code": code, "message": MARKER}):
            problem = refusal(422, body)
            assert isinstance(problem, NeedsHuman)
            assert (problem.reason, problem.note) == (CONTENT_REASONS[code], code)

    def test_unknown_codes_are_not_repeated(self) -> None:
        errors: list[Any] = [{"code": MARKER}, {"code": "TOO_LONG"}, {"code": "UNKNOWN_QUESTION"}, MARKER, None]
        problem = refusal(422, {"errors": errors})
        assert (problem.reason, problem.note) == (Reason.UNKNOWN_CODE, "UNKNOWN_QUESTION TOO_LONG")
        assert refusal(422, {"errors": [{"code": MARKER}]}).note == "status_422"

    @pytest.mark.parametrize(
        ("status", "code", "kind", "reason"),
        [
            (403, "NO_PERMISSION", NeedsHuman, Reason.NOT_PERMITTED),
            (404, "NOT_FOUND", NeedsHuman, Reason.PERSON_NOT_FOUND),
            (404, "OTHER", OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            (409, "STEP_LOCKED", NothingSent, Reason.LOCKED),
            (409, "STEP_STATE", NothingSent, Reason.LOCKED),
            (409, "PERSON_MERGED", NeedsHuman, Reason.PERSON_MERGED),
            (409, "OTHER", OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
        ],
    )
    def test_statuses_with_codes(self, status: int, code: str, kind: type[DeliveryProblem], reason: Reason) -> None:
        problem = refusal(status, {"code": code, "lockedBy": MARKER})
        assert type(problem) is kind
        assert problem.reason is reason

    def test_a_page_instead_of_a_refusal(self) -> None:
        for status in (404, 409, 422):
            assert isinstance(refusal(status, None), OutcomeUnknown)
            assert isinstance(refusal(status, None, READ), NothingSent)

"""The Eclipse connector without a server: settings, fuzzy dates, strict reading, and what each refusal means."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from service.adapters.eclipse.client import EclipseApi
from service.adapters.eclipse.content import form_number, person_number, withdrawal_note
from service.adapters.eclipse.found import the_person
from service.adapters.eclipse.fuzzy import fuzzy, read_birth, read_day
from service.adapters.eclipse.media import media_type
from service.adapters.eclipse.reasons import CONTENT_REASONS, LOCKS, PERMISSIONS, REFUSALS, problem_in
from service.adapters.eclipse.schema import SCHEMA
from service.adapters.eclipse.system import EclipseCaseSystem
from service.adapters.http import Reply, Request
from service.adapters.shared.link import Link
from service.adapters.shared.strict import UnreadableError
from service.adapters.shared.texts import WITHDRAWN
from service.domain.delivery import Reason
from service.errors import ConfigurationFault, DeliveryProblem, NeedsHuman, NothingSent, OutcomeUnknown
from service.ports import Retraction
from tests.conformance.world import MARKER, assert_silent

READ, WRITE = Request("GET", "/x", writes=False), Request("POST", "/x", writes=True)
GUID, SHA = "00000000-0000-4000-8000-00000000abcd", "a" * 64
TARGETS = {"wise_assessment": {"design_guid": GUID}}
OAUTH = {"client_id": "wise-bridge", "client_secret": "fictional"}  # pragma: allowlist secret
SESSION = {"user_name": "wise.bridge", "password": "fictional"}  # pragma: allowlist secret
DAY = {"_type": "FuzzyDate", "calculatedDate": 1272754800000, "fuzzyDateMask": "DAY"}
ATTACHMENT = {"_type": "Attachment", "id": 5501, "formInstanceId": 1, "fileName": "WB-1.pdf", "sha256": SHA}
FORM = {
    "_type": "FormInstance",
    "id": 1,
    "designGuid": GUID,
    "personId": 3,
    "state": "DRAFT",
    "externalReference": "WB-1",
    "restricted": False,
    "attachments": [ATTACHMENT],
    "answersSha256": SHA,
    "correctsInstanceId": 5,
    "correctedByInstanceId": 7,
    "withdrawn": False,
    "objectVersion": 2,
}
NOTE = {"_type": "CaseNoteEntry", "id": 1, "formInstanceId": 2, "externalReference": "WB-1", "entryType": "WITHDRAWN"}
NOTE |= {"eventDate": DAY}
TASK = {"_type": "WorkListTask", "id": 1, "personId": 2, "externalReference": "WB-1", "dueDate": DAY}
PERSON = {
    "_type": "Person",
    "id": 9,
    "personIdentifier": "40211",
    "careFirstId": None,
    "dateOfBirth": DAY,
    "duplicated": None,
    "duplicateOf": None,
    "accessLevel": "FULL",
}
ALSO_SOUND: list[tuple[str, object]] = [("answersSha256", None), ("restricted", True), ("withdrawn", True)]
ALSO_SOUND += [("correctsInstanceId", None), ("correctedByInstanceId", None), ("objectVersion", 0)]
ODD = ["gone", None, [], {}, MARKER, 0, True, -1, 1.5, [None]]


class Scripted:
    """A conversation whose only reply is given; it comes as what was asked for, unless `kind` says otherwise."""

    def __init__(self, status: int, data: Any, kind: str | None) -> None:
        self.status, self.data, self.kind = status, data, kind

    def ask(self, request: Request) -> Reply:
        body = self.data if isinstance(self.data, dict) else None
        return Reply(self.status, body, None, data=self.data, kind=self.kind or request.accepts[0].lower())


def api(status: int, data: Any, kind: str | None = None) -> EclipseApi:
    return EclipseApi(Scripted(status, data, kind))  # type: ignore[arg-type]


def listed(*results: Any) -> dict[str, Any]:
    return {"results": list(results), "totalSize": len(results)}


def changed(body: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    return {key: each for key, each in {**body, name: value}.items() if each != "gone"}


def caught(call: Any) -> DeliveryProblem:
    with pytest.raises(DeliveryProblem) as found:
        call()
    assert_silent(found.value)
    assert found.value.__context__ is None
    return found.value


class TestSettings:
    def connected(self, **connection: str) -> EclipseCaseSystem:
        return EclipseCaseSystem(Link({"base_url": "https://x.example/eclipse/rest", **connection}, TARGETS, {}))

    @pytest.mark.parametrize("way", [OAUTH, SESSION])
    def test_either_way_to_sign_in(self, way: dict[str, str]) -> None:
        assert self.connected(**way).kind == "eclipse"

    @pytest.mark.parametrize(
        ("settings", "field"),
        [
            ({}, "client_id"),
            ({**OAUTH, **SESSION}, "client_id"),
            ({**OAUTH, "user_name": "wise.bridge"}, "client_id"),
            ({"client_id": "wise-bridge"}, "client_secret"),
            ({"client_secret": MARKER}, "client_id"),
            ({"user_name": "wise.bridge"}, "password"),
            ({**SESSION, "password": f"{MARKER}\n"}, "password"),
        ],
    )
    def test_neither_half_of_one_nor_both(self, settings: dict[str, str], field: str) -> None:
        with pytest.raises(ConfigurationFault) as found:
            self.connected(**settings)
        assert [each.field for each in found.value.faults] == [field]
        assert MARKER not in str(found.value)

    def test_every_fault_at_once(self) -> None:
        connection = {"base_url": "http://eclipse.example", "client_key": MARKER, **OAUTH}
        with pytest.raises(ConfigurationFault) as found:
            EclipseCaseSystem(Link(connection, {"rise_meeting_output": {"design_guid": MARKER}}, {}))
        assert {each.field for each in found.value.faults} == {"base_url", "client_certificate", "design_guid"}
        assert "eclipse target rise_meeting_output" in str(found.value)
        assert MARKER not in str(found.value)

    def test_what_is_secret(self) -> None:
        secret = [name for name, setting in SCHEMA.connection.items() if setting.secret]
        assert secret == ["client_secret", "password", "client_key", "proxy_password"]


class TestFuzzyDates:
    @pytest.mark.parametrize(
        ("day", "milliseconds"),
        [
            (date(2010, 5, 2), 1272754800000),
            (date(2010, 12, 30), 1293667200000),
            (date(2026, 3, 29), 1774742400000),
            (date(2026, 3, 30), 1774825200000),
            (date(1970, 1, 1), -3600000),
            (date(1969, 7, 1), -15901200000),
        ],
    )
    def test_london_midnight(self, day: date, milliseconds: int) -> None:
        assert fuzzy(day) == {"_type": "FuzzyDate", "calculatedDate": milliseconds, "fuzzyDateMask": "DAY"}
        assert read_day(fuzzy(day)) == day

    @pytest.mark.parametrize("mask", ["MONTH", "YEAR"])
    def test_an_estimate_is_no_day(self, mask: str) -> None:
        known = read_birth({**DAY, "fuzzyDateMask": mask}, merged=False, restricted=False)
        assert (known.date_of_birth, known.estimated) == (None, True)
        with pytest.raises(UnreadableError):
            read_day({**DAY, "fuzzyDateMask": mask})

    def test_nothing_known_is_no_estimate(self) -> None:
        known = read_birth(None, merged=False, restricted=False)
        assert (known.date_of_birth, known.estimated) == (None, False)

    @pytest.mark.parametrize(
        "change",
        [
            *(
                {"calculatedDate": 1272758400000},
                {"calculatedDate": 1272754800001},
                {"calculatedDate": "1272754800000"},
            ),
            *({"calculatedDate": True}, {"calculatedDate": 10**18}, {"calculatedDate": -(10**14)}, {"_type": "Date"}),
            *({"fuzzyDateMask": "day"}, {"fuzzyDateMask": None}, {"calculatedDate": None}, {"calculatedDate": 1.0}),
            *({"fuzzyDateMask": ["DAY"]}, {"calculatedDate": 10**400}),
        ],
    )
    def test_another_shape_or_time_of_day(self, change: dict[str, Any]) -> None:
        for body in ({**DAY, **change}, {key: each for key, each in DAY.items() if key not in change}, [DAY], "2010"):
            with pytest.raises(UnreadableError):
                read_day(body)


class TestReading:
    @pytest.mark.parametrize("value", ODD, ids=repr)
    @pytest.mark.parametrize("name", FORM)
    def test_a_form_of_another_shape_is_unexpected(self, name: str, value: Any) -> None:
        body = changed(FORM, name, value)
        if any(name == other and value is sound for other, sound in ALSO_SOUND) or (name, value) == ("attachments", []):
            assert api(200, body).form(1).id == 1
            return
        if name != "externalReference" or value == "gone":
            assert isinstance(caught(lambda: api(200, body).form(1)), NothingSent)
        problem = caught(lambda: api(201, body).open_form(3, {"externalReference": "WB-1"}))
        assert (type(problem), problem.reason) == (OutcomeUnknown, Reason.UNEXPECTED_ANSWER)

    @pytest.mark.parametrize("value", ODD, ids=repr)
    @pytest.mark.parametrize("name", ATTACHMENT)
    def test_an_attachment_of_another_shape_is_unexpected(self, name: str, value: Any) -> None:
        body = changed(ATTACHMENT, name, value)
        form = api(200, FORM).form(1)
        if (name, value) == ("fileName", MARKER):
            assert api(201, body).attach(form, "x.pdf", b"x", {}).id == 5501
            return
        assert isinstance(caught(lambda: api(201, body).attach(form, "x.pdf", b"x", {})), OutcomeUnknown)
        assert isinstance(caught(lambda: api(200, {**FORM, "attachments": [body]}).form(1)), NothingSent)

    @pytest.mark.parametrize("value", ODD, ids=repr)
    @pytest.mark.parametrize("name", PERSON)
    def test_a_person_of_another_shape_is_unexpected(self, name: str, value: Any) -> None:
        nullable = ("careFirstId", "dateOfBirth", "duplicated", "duplicateOf")
        if (value is None and name in nullable) or (name in ("personIdentifier", "careFirstId") and value == MARKER):
            assert len(api(200, listed(changed(PERSON, name, value))).people("40211")) == 1
            return
        assert isinstance(caught(lambda: api(200, listed(changed(PERSON, name, value))).people("1")), NothingSent)

    @pytest.mark.parametrize(
        ("number", "change", "found"),
        [
            ("40211", {}, True),
            ("7001", {"careFirstId": "7001"}, True),
            ("40212", {}, False),
            ("4021", {}, False),
            ("7001", {"careFirstId": None}, False),
            ("7001", {"accessLevel": "RESTRICTED"}, True),
        ],
    )
    def test_somebody_found_under_another_number_is_nobody(
        self, number: str, change: dict[str, Any], found: bool
    ) -> None:
        there = api(200, listed({**PERSON, **change}))
        if found:
            assert the_person(there, number).id == 9
            return
        problem = caught(lambda: the_person(there, number))
        assert (problem.reason, problem.note) == (Reason.PERSON_NOT_FOUND, "found_under_another_number")

    def test_what_makes_a_duplicate(self) -> None:
        for change in ({"duplicated": "DUPLICATE"}, {"duplicateOf": 7}):
            assert api(200, listed({**PERSON, **change})).people("40211")[0].known.merged
        named = api(200, listed({**PERSON, "name": "DUPLICATE"})).people("40211")[0]
        assert not named.known.merged

    @pytest.mark.parametrize("value", ODD, ids=repr)
    @pytest.mark.parametrize("name", [*NOTE, "dueDate", "personId"])
    def test_a_note_or_task_of_another_shape_is_unexpected(self, name: str, value: Any) -> None:
        if name in NOTE:
            body = changed(NOTE, name, value)
            assert isinstance(caught(lambda: api(200, listed(body)).notes("WB-1")), NothingSent)
            assert isinstance(caught(lambda: api(201, body).add_note(2, NOTE)), OutcomeUnknown)
        if name in TASK:
            body = changed(TASK, name, value)
            assert isinstance(caught(lambda: api(200, listed(body)).tasks("WB-1")), NothingSent)
            assert isinstance(caught(lambda: api(201, body).add_task(2, TASK)), OutcomeUnknown)

    def test_a_search_that_ignores_the_reference_is_no_search(self) -> None:
        assert api(200, listed(FORM)).forms("WB-1")[0].id == 1
        for call in (api(200, listed(FORM)).forms, api(200, listed(NOTE)).notes, api(200, listed(TASK)).tasks):
            assert isinstance(caught(lambda call=call: call("WB-2")), NothingSent)

    @pytest.mark.parametrize(
        "body",
        [
            *([], {}, {"results": []}, {"totalSize": 0}, {"results": [], "totalSize": 1}, {"results": None}),
            *(
                {"results": [FORM], "totalSize": 0},
                {"results": [FORM], "totalSize": 2},
                {"results": {}, "totalSize": 0},
            ),
            *({"results": [FORM], "totalSize": True}, {"results": [], "totalSize": -1}),
        ],
    )
    def test_a_list_that_does_not_hold_what_it_says(self, body: Any) -> None:
        assert isinstance(caught(lambda: api(200, body).forms("WB-1")), NothingSent)

    def test_another_form_than_the_one_asked_for_is_no_answer(self) -> None:
        form = api(200, FORM).form(1)
        other = api(200, {**FORM, "id": 2})
        assert isinstance(caught(lambda: other.form(1)), NothingSent)
        assert isinstance(caught(lambda: other.put_answers(form, {})), OutcomeUnknown)
        assert isinstance(caught(lambda: other.put_state(form, {})), OutcomeUnknown)

    @pytest.mark.parametrize("kind", ["application/json", media_type("form.FormDesign").lower(), "text/html", ""])
    def test_another_representation_is_no_answer(self, kind: str) -> None:
        assert isinstance(caught(lambda: api(200, FORM, kind or "x").form(1)), NothingSent)
        assert isinstance(caught(lambda: api(201, FORM, kind or "x").open_form(3, NOTE)), OutcomeUnknown)

    @pytest.mark.parametrize("status", [200, 202, 204, 302, 400, 405, 418])
    def test_another_status_than_the_protocols(self, status: int) -> None:
        assert isinstance(caught(lambda: api(status, FORM).open_form(3, {"externalReference": "WB-1"})), OutcomeUnknown)

    def test_permissions(self) -> None:
        given = [{"domain": "person", "permissions": ["VIEW"]}, {"domain": "formInstance", "permissions": []}]
        assert api(200, given).permissions() == {"person.VIEW"}
        for body in ({}, [None], [{"domain": "x"}], [{"permissions": ["VIEW"]}], [{"domain": "x", "permissions": [1]}]):
            assert isinstance(caught(lambda body=body: api(200, body).permissions()), NothingSent)


class TestSending:
    @pytest.mark.parametrize("number", ["", "4 0", "40211a", "Sample", "٤", "4\n", "-1", "9" * 19])
    def test_no_other_text_is_looked_for(self, number: str) -> None:
        """Eclipse would look for it in people's names."""
        assert caught(lambda: person_number(number)).reason is Reason.PERSON_NOT_FOUND

    @pytest.mark.parametrize("number", ["", "0", "-1", "007", "1.0", " 1", "1\n", "9" * 30, "1/answers"])
    def test_what_is_no_form_instance(self, number: str) -> None:
        assert caught(lambda: form_number(number)).reason is Reason.RECORD_NOT_THERE

    @pytest.mark.parametrize("reason", WITHDRAWN)
    def test_a_note_is_a_sentence_of_ours_in_html(self, reason: str) -> None:
        retraction = Retraction("WB-9", "E08000007", "40211", "7", reason)
        assert withdrawal_note(retraction, date(2010, 5, 2)) == {
            "externalReference": "WB-9",
            "entryType": "WITHDRAWN",
            "formInstanceId": 7,
            "eventDate": DAY,
            "note": f"<p>{WITHDRAWN[reason]}</p>",
        }


def refusal(status: int, body: Any, request: Request = WRITE) -> DeliveryProblem:
    problem = problem_in(request, Reply(status, body, None), missing=Reason.PERSON_NOT_FOUND)
    assert_silent(problem)
    return problem


class TestRefusals:
    @pytest.mark.parametrize("code", CONTENT_REASONS)
    def test_every_code_of_a_422(self, code: str) -> None:
        errors = [{"code": code, "controlName": MARKER, "field": MARKER, "row": 1}]
        problem = refusal(422, {"code": "INVALID", "message": MARKER, "errors": errors})
        assert (type(problem), problem.reason, problem.note) == (NeedsHuman, CONTENT_REASONS[code], code)

    def test_only_what_is_ours_is_repeated(self) -> None:
        errors: list[Any] = [
            {"code": MARKER},
            {"code": "TOO_LONG", "field": "title"},
            MARKER,
            None,
            {"code": ["EMPTY"]},
        ]
        problem = refusal(422, {"code": "INVALID", "errors": [*errors, {"code": "UNKNOWN_CONTROL"}]})
        assert (problem.reason, problem.note) == (Reason.UNKNOWN_CODE, "UNKNOWN_CONTROL TOO_LONG title")
        for body in ({"errors": [{"code": MARKER}]}, {}, {"errors": MARKER}):
            unknown = refusal(422, {"code": "INVALID", **body})
            assert (type(unknown), unknown.note) == (NeedsHuman, "status_422")

    @pytest.mark.parametrize(("status", "code"), REFUSALS)
    def test_every_code_of_another_refusal(self, status: int, code: str) -> None:
        problem = refusal(status, {"code": code, "message": MARKER, "permission": MARKER, "field": MARKER})
        assert (type(problem), problem.reason, problem.note) == (NeedsHuman, REFUSALS[status, code], code)

    @pytest.mark.parametrize("code", sorted(LOCKS))
    def test_what_goes_away(self, code: str) -> None:
        problem = refusal(409, {"code": code, "lockedBy": MARKER, "lockedUntil": None, "objectVersion": 3})
        assert (type(problem), problem.reason, problem.note) == (NothingSent, Reason.LOCKED, code)

    @pytest.mark.parametrize("permission", PERMISSIONS)
    def test_a_missing_permission_is_named(self, permission: str) -> None:
        assert refusal(403, {"code": "NOT_PERMITTED", "permission": permission}).note == f"NOT_PERMITTED {permission}"

    @pytest.mark.parametrize(
        ("status", "code", "kind", "reason"),
        [
            (403, "OTHER", NeedsHuman, Reason.NOT_PERMITTED),
            (404, "NOT_FOUND", NeedsHuman, Reason.PERSON_NOT_FOUND),
            (404, "OTHER", OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            (409, "OTHER", OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            (409, "NOT_PERMITTED", OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            (413, "TOO_LARGE", NeedsHuman, Reason.DOCUMENT_TOO_LARGE),
            (422, "OTHER", OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
        ],
    )
    def test_statuses_with_codes(self, status: int, code: str, kind: type[DeliveryProblem], reason: Reason) -> None:
        problem = refusal(status, {"code": code, "message": MARKER})
        assert (type(problem), problem.reason) == (kind, reason)

    def test_a_page_instead_of_a_refusal(self) -> None:
        for status in (400, 404, 405, 406, 409, 415, 422):
            assert isinstance(refusal(status, None), OutcomeUnknown)
            assert isinstance(refusal(status, None, READ), NothingSent)

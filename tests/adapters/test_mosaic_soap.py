"""Mosaic over SOAP: what is sent, strict reading, what each fault means, and the settings."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from service.adapters.mosaic.refusals import CONTENT_REASONS
from service.adapters.mosaic.schema import SCHEMA
from service.adapters.mosaic.soap.description import WSDL, description
from service.adapters.mosaic.system import MosaicCaseSystem
from service.adapters.shared.link import Link
from service.domain.delivery import Reason
from service.errors import ConfigurationFault, DeliveryProblem, NeedsHuman, NothingSent, OutcomeUnknown
from service.ports import Answer, Partial, Receipt
from simulators.mosaic import MosaicSimulator
from tests.adapters.mosaic_xml import (
    DOCUMENT,
    NOTE,
    PERSON,
    STEP,
    WSSE,
    WSU,
    XSI,
    M,
    Scripted,
    answer,
    caught,
    envelope,
    fault,
    refusal,
    wire,
    wire_of,
    written,
)
from tests.conformance.test_mosaic import (
    LONG,
    PASSWORD,
    USER,
    MosaicSoapWorld,
    MosaicWorld,
    simulator,
    soap_world,
)
from tests.conformance.world import MARKER, assert_silent, file, reason_given

__all__ = ["simulator", "soap_world"]

ROOT = Path(__file__).resolve().parents[2]
NEW_STEP = {
    "stepTypeId": 2,
    "subjects": [{"type": "PER", "id": 3}],
    "externalReference": "WB-1",
    "assignedTo": {"team": "CSAFE"},
    "status": "STARTED",
}
ACTION = {"nextActions": [{"actionTypeId": 61, "assignedTo": {"team": "CSAFE"}, "incomingOn": None}]}
WITHDRAWAL = {"externalReference": "WB-9", "noteType": "WITHDRAWN", "text": "Withdrawn."}
ANSWERS = {"restricted": True, "answers": [{"questionUserCode": "Q", "row": None, "value": " “a”\r\n\t& <b> "}]}
UNWRITABLE = ["\x00", "\x0b", "\x1f", "\ufffe", "\uffff", "\udc00"]


def sent(conversation: Scripted) -> etree._Element:
    content = conversation.asked[-1].content
    assert content is not None
    return etree.fromstring(content)


class TestSending:
    def test_the_description_is_the_one_of_the_protocol(self) -> None:
        assert WSDL.read_bytes() == (ROOT / "docs" / "protocols" / "mosaic.wsdl").read_bytes()
        assert description() is description()

    def test_every_request_is_of_the_schema_and_names_its_operation(self) -> None:
        schema = _schema()
        conversation = Scripted(500, None, "")
        asking = wire_of(conversation)
        step = wire(answer("GetStep", "step", STEP)).step(1)
        calls = {
            "GetPerson": lambda: asking.person(40211),
            "FindSteps": lambda: asking.steps("WB-1"),
            "GetStep": lambda: asking.step(1),
            "FindNotes": lambda: asking.notes("WB-9"),
            "OpenStep": lambda: asking.open_step(NEW_STEP),
            "PutAnswers": lambda: asking.put_answers(step, ANSWERS),
            "AddDocument": lambda: asking.add_document(
                step, "a.pdf", b"%PDF", {"title": "t", "category": "ASSESS", "subCategory": "WISE"}
            ),
            "CompleteStep": lambda: asking.complete(step, ACTION),
            "AddNote": lambda: asking.add_note(step, WITHDRAWAL),
        }
        for operation, call in calls.items():
            caught(call)
            request = conversation.asked[-1]
            (body,) = sent(conversation)[1]
            assert body.tag == f"{{{M}}}{operation}"
            assert schema.validate(body), schema.error_log
            assert request.headers["SOAPAction"] == f'"{M}/{operation}"'
            assert request.headers["Content-Type"] == "text/xml; charset=utf-8"
            assert request.writes is (operation[:3] not in ("Get", "Fin"))

    def test_words_are_kept_to_the_last_space(self, soap_world: MosaicSoapWorld) -> None:
        words = " \r\n\tI said:\r“no” <b>& ]]> \u0085\u2028 "
        filing = soap_world.filing()
        soap_world.filed(replace(filing, answers=(*filing.answers[:-1], LONG._replace(value=words))))
        assert words in soap_world.stored_words("WB-0001")

    @pytest.mark.parametrize("character", UNWRITABLE, ids=ascii)
    def test_what_xml_cannot_carry_is_refused_before_anything_is_sent(
        self, soap_world: MosaicSoapWorld, character: str
    ) -> None:
        filing, word = soap_world.filing(), f"{MARKER}{character}"
        in_answer = replace(filing, answers=(*filing.answers[:-1], LONG._replace(value=word)))
        in_title = replace(filing, document=replace(filing.document, title=word))
        for each in (in_answer, in_title):
            assert reason_given(lambda each=each: file(soap_world.system, each)) is Reason.CONTENT_REFUSED
        assert soap_world.records("WB-0001") == 0

    def test_a_profile_that_xml_cannot_carry(self, soap_world: MosaicSoapWorld) -> None:
        system = soap_world.connected(target={"team": f"{MARKER}\x00"})
        assert reason_given(lambda: file(system, soap_world.filing())) is Reason.CONTENT_REFUSED

    def test_a_step_opened_here_is_the_step_read_over_rest(self, soap_world: MosaicSoapWorld) -> None:
        receipt = soap_world.filed(soap_world.filing())
        other = MosaicWorld(soap_world.simulator)
        assert other.system.look_up("WB-0001") == receipt == other.filed(other.filing())


def _schema() -> etree.XMLSchema:
    """Read from the protocol's page, not by the connector."""
    types = etree.parse(ROOT / "docs" / "protocols" / "mosaic.wsdl").find(".//{http://www.w3.org/2001/XMLSchema}schema")
    assert types is not None
    return etree.XMLSchema(etree.fromstring(etree.tostring(types)))


class TestParts:
    def test_zeep_is_never_asked_to_send_or_to_load(self) -> None:
        folder = ROOT / "service" / "adapters" / "mosaic"
        text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py")))
        used = set(re.findall(r"^\s*(?:import|from) (zeep\S*)", text, re.MULTILINE))
        assert used == {"zeep.exceptions", "zeep.helpers", "zeep.settings", "zeep.wsdl", "zeep.wsse.username"}


class TestSigningIn:
    def test_a_digest_with_a_nonce_of_its_own(self) -> None:
        conversation = Scripted(200, answer("FindSteps", "steps", []), "text/xml")
        asking, nonces = wire_of(conversation), set()
        for _ in range(5):
            asking.steps("WB-1")
            (token,) = sent(conversation).iter(f"{{{WSSE}}}UsernameToken")
            name, password, nonce, created = (each.text or "" for each in token)
            raw = base64.b64decode(nonce)
            digest = hashlib.sha1(raw + created.encode() + PASSWORD.encode(), usedforsecurity=False).digest()
            assert (name, password) == (USER, base64.b64encode(digest).decode())
            assert token[1].get("Type", "").endswith("username-token-profile-1.0#PasswordDigest")
            assert token[3].tag == f"{{{WSU}}}Created"
            assert abs(datetime.fromisoformat(created) - datetime.now(UTC)) < timedelta(minutes=1)
            assert len(raw) >= 16
            nonces.add(nonce)
        assert len(nonces) == 5
        assert PASSWORD.encode() not in (conversation.asked[-1].content or b"")

    @pytest.mark.parametrize("changed", [{"user": "somebody"}, {"password": "another"}])
    def test_another_user_or_password(self, soap_world: MosaicSoapWorld, changed: dict[str, str]) -> None:
        system = soap_world.connected(**changed)
        assert reason_given(lambda: system.look_up("WB-1")) is Reason.SIGN_IN_REFUSED
        assert reason_given(lambda: file(system, soap_world.filing())) is Reason.SIGN_IN_REFUSED
        assert soap_world.records("WB-0001") == 0

    def test_threads_share_one_connector(self, soap_world: MosaicSoapWorld) -> None:
        references = [f"WB-{number}" for number in range(12)]
        with ThreadPoolExecutor(6) as threads:
            receipts = list(threads.map(lambda each: soap_world.filed(soap_world.filing(each)), references))
        assert len({receipt.record_number for receipt in receipts}) == len(references)
        assert [soap_world.records(each) for each in references] == [1] * len(references)

    def test_nothing_is_logged(self, soap_world: MosaicSoapWorld, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        soap_world.filed(soap_world.filing())
        assert [each for each in caplog.records if each.name.startswith("zeep")] == []
        assert MARKER not in caplog.text
        assert not logging.getLogger("zeep.transports").isEnabledFor(logging.INFO)


def without(members: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in members.items() if key != name}


class TestReading:
    def test_a_whole_step(self) -> None:
        step = wire(answer("GetStep", "step", {**STEP, "answers": 1})).step(1)
        assert (step.number, step.step_type, step.status, step.subjects) == (1, 2, "STARTED", (("PER", 3),))
        assert (step.reference, step.restricted, step.answers_sha256, step.withdrawn) == ("WB-1", False, None, False)
        assert (step.corrects, step.corrected_by) == (None, 7)
        assert [(each.number, each.name, each.sha256) for each in step.documents] == [(5501, "WB-1.pdf", "a" * 64)]

    @pytest.mark.parametrize("name", sorted(STEP.keys() - {"externalReference", "correctedByStepId"}))
    def test_a_step_without_one_of_its_parts(self, name: str) -> None:
        self._unreadable_step(without(STEP, name))

    @pytest.mark.parametrize(
        "change",
        [
            *({"stepId": "0"}, {"stepId": "1_0"}, {"stepId": "one"}, {"stepId": ""}, {"stepId": "9" * 30}),
            *({"status": "started"}, {"status": "GONE"}, {"restricted": "yes"}, {"withdrawn": ""}),
            *({"answersSha256": "x"}, {"correctsStepId": ""}, {"correctedByStepId": "-7"}),
            *({"documents": [("document", without(DOCUMENT, "size"))]}, {"documents": MARKER}),
            *({"documents": [("document", {**DOCUMENT, "sha256": MARKER})]}, {"documents": [("paper", DOCUMENT)]}),
            *({"subjects": [("subject", {"type": "PER"})]}, {"incomingOn": "2027-02-30"}, {"more": "1"}),
        ],
        ids=repr,
    )
    def test_a_step_of_another_shape(self, change: dict[str, Any]) -> None:
        members = {name: change.get(name, STEP.get(name)) for name in (*ORDER, "more") if name in {**STEP, **change}}
        self._unreadable_step(members)

    @staticmethod
    def _unreadable_step(members: dict[str, Any]) -> None:
        reading = caught(lambda: wire(answer("FindSteps", "steps", [("step", members)])).steps("WB-1"))
        writing = caught(lambda: wire(answer("OpenStep", "step", members)).open_step(NEW_STEP))
        assert (type(reading), reading.reason) == (NothingSent, Reason.UNAVAILABLE)
        assert (type(writing), writing.reason) == (OutcomeUnknown, Reason.UNEXPECTED_ANSWER)

    def test_nothing_found_is_an_empty_list_and_not_a_missing_one(self) -> None:
        assert wire(answer("FindSteps", "steps", [])).steps("WB-1") == ()
        assert wire(answer("FindNotes", "notes", [])).notes("WB-1") == ()
        for operation, ask in (("FindSteps", "steps"), ("FindNotes", "notes")):
            nothing = wire(envelope(written(f"{operation}Response", [])))
            assert isinstance(caught(lambda n=nothing, a=ask: getattr(n, a)("WB-1")), NothingSent)

    def test_another_record_than_the_one_asked_for(self) -> None:
        for call in (
            lambda: wire(answer("FindSteps", "steps", [("step", STEP)])).steps("WB-2"),
            lambda: wire(answer("FindNotes", "notes", [("note", NOTE)])).notes("WB-8"),
            lambda: wire(answer("GetStep", "step", STEP)).step(2),
            lambda: wire(answer("GetPerson", "person", PERSON)).person(40212),
        ):
            assert isinstance(caught(call), NothingSent)

    def test_people(self) -> None:
        known = wire(answer("GetPerson", "person", PERSON)).person(40211)
        assert (str(known.date_of_birth), known.estimated, known.merged) == ("2010-05-02", False, False)
        merged = wire(answer("GetPerson", "person", {**PERSON, "mergedTo": 5})).person(40211)
        assert merged.merged
        for change in ({"dateOfBirth": "02/05/2010"}, {"dateOfBirth": ""}, {"dateOfBirthEstimated": "N"}):
            strange = wire(answer("GetPerson", "person", {**PERSON, **change}))
            assert isinstance(caught(lambda s=strange: s.person(40211)), NothingSent)
        for name in PERSON:
            less = wire(answer("GetPerson", "person", without(PERSON, name)))
            assert isinstance(caught(lambda s=less: s.person(40211)), NothingSent)

    @pytest.mark.parametrize(
        ("moment", "kept"),
        [
            ("2026-09-17T08:00:00Z", "2026-09-17T08:00:00Z"),
            ("2026-09-17T08:00:00.25+00:00", "2026-09-17T08:00:00.250000Z"),
            *(("2026-09-17T08:00:00", ""), ("2026-09-17T08:00:00+01:00", ""), ("2026-09-17", ""), ("now", "")),
        ],
    )
    def test_a_moment_is_in_utc(self, moment: str, kept: str) -> None:
        given = wire(answer("FindNotes", "notes", [("note", {**NOTE, "createdAt": moment})]))
        if kept:
            assert given.notes("WB-9")[0].created_at == kept
        else:
            assert isinstance(caught(lambda: given.notes("WB-9")), NothingSent)

    def test_another_spelling_of_the_same(self) -> None:
        """Prefixes, a default name space, comments and passing headers are the writer's own business."""
        inner = '<FindStepsResponse xmlns="urn:wise-bridge:mosaic:1"><!-- none --><steps></steps></FindStepsResponse>'
        passing = "<soap:Header><other xmlns='urn:other'/></soap:Header>"
        assert wire(envelope(inner, header=passing)).steps("WB-1") == ()
        assert wire(b"\xef\xbb\xbf" + envelope(inner)).steps("WB-1") == ()

    @pytest.mark.parametrize(
        "content",
        [
            None,
            b"",
            b"{}",
            envelope(""),
            envelope(written("FindStepsResponse", [("steps", [])]) * 2),
            envelope(written("FindNotesResponse", [("notes", [])])),
            envelope(written("FindStepsResponse", [("steps", [])]), soap="http://www.w3.org/2003/05/soap-envelope"),
            envelope(written("FindStepsResponse", [("steps", [])]).replace("m:", "")),
            envelope(
                written("FindStepsResponse", [("steps", [])]),
                header="<soap:Header><o xmlns='urn:o' soap:mustUnderstand='1'/></soap:Header>",
            ),
            written("FindStepsResponse", [("steps", [])]).replace("m:FindStepsResponse>", "x>").encode(),
            fault("soap:Client", refusal("NOT_FOUND", 404)),
        ],
    )
    def test_no_answer_of_the_protocol(self, content: bytes | None) -> None:
        assert isinstance(caught(lambda: wire(content).steps("WB-1")), NothingSent)
        assert isinstance(caught(lambda: wire(content).open_step(NEW_STEP)), OutcomeUnknown)

    @pytest.mark.parametrize("name", ["type", "nil", "schemaLocation", "noNamespaceSchemaLocation"])
    def test_an_answer_that_says_how_it_wants_to_be_read(self, name: str) -> None:
        inner = written("FindStepsResponse", [("steps", [])]).replace(
            "<m:steps>", f'<m:steps xmlns:xsi="{XSI}" xsi:{name}="m:Steps">'
        )
        assert isinstance(caught(lambda: wire(envelope(inner)).steps("WB-1")), NothingSent)


ORDER = ("stepId", "stepTypeId", "status", "subjects", "externalReference", "assignedTo", "incomingOn", "note")
ORDER += ("restricted", "answers", "answersSha256", "documents", "nextActions", "correctsStepId", "correctedByStepId")
ORDER += ("withdrawn",)


def problem(content: bytes | None, status: int = 500, kind: str = "text/xml") -> DeliveryProblem:
    return caught(lambda: wire(content, status, kind).open_step(NEW_STEP))


class TestFaults:
    @pytest.mark.parametrize("code", CONTENT_REASONS)
    def test_every_code_of_a_422(self, code: str) -> None:
        found = problem(fault("soap:Client", refusal("INVALID", 422, code)))
        assert (type(found), found.reason, found.note) == (NeedsHuman, CONTENT_REASONS[code], code)

    def test_unknown_codes_are_not_repeated(self) -> None:
        found = problem(fault("soap:Client", refusal("INVALID", 422, MARKER, "TOO_LONG", "UNKNOWN_QUESTION")))
        assert (found.reason, found.note) == (Reason.UNKNOWN_CODE, "UNKNOWN_QUESTION TOO_LONG")
        assert problem(fault("soap:Client", refusal(MARKER, 422, MARKER))).note == "status_422"

    @pytest.mark.parametrize(
        ("code", "status", "kind", "reason"),
        [
            ("NO_PERMISSION", 403, NeedsHuman, Reason.NOT_PERMITTED),
            ("NOT_FOUND", 404, NeedsHuman, Reason.PERSON_NOT_FOUND),
            ("STEP_LOCKED", 409, NothingSent, Reason.LOCKED),
            ("STEP_STATE", 409, NothingSent, Reason.LOCKED),
            ("PERSON_MERGED", 409, NeedsHuman, Reason.PERSON_MERGED),
            ("STEP_WITHDRAWN", 409, NeedsHuman, Reason.ALREADY_WITHDRAWN),
            ("SCHEMA", 400, NeedsHuman, Reason.CONTENT_REFUSED),
            ("OTHER", 400, OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            ("OTHER", 404, OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            (MARKER, 409, OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            ("NOT_FOUND", 200, OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
        ],
    )
    def test_refusals(self, code: str, status: int, kind: type[DeliveryProblem], reason: Reason) -> None:
        found = problem(fault("soap:Client", refusal(code, status)))
        assert (type(found), found.reason) == (kind, reason)

    @pytest.mark.parametrize(
        ("content", "kind", "reason"),
        [
            (fault("wsse:FailedAuthentication", None), NeedsHuman, Reason.SIGN_IN_REFUSED),
            (fault("wsse:FailedAuthentication"), NeedsHuman, Reason.SIGN_IN_REFUSED),
            (fault("soap:Server", None), OutcomeUnknown, Reason.NO_CLEAR_ANSWER),
            (fault("soap:Client", None), OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            (fault("soap:FailedAuthentication", None), OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            (fault("soap:VersionMismatch", None), OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            (fault("soap:MustUnderstand", None), OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            (fault("other:FailedAuthentication", None), OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            (fault("FailedAuthentication", None), OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            (fault("wsse:FailedAuthentication", refusal("X", 404)), OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            (fault("soap:MustUnderstand", refusal("STEP_LOCKED", 409)), OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            (fault("soap:Client", "<other/>"), OutcomeUnknown, Reason.NO_CLEAR_ANSWER),
            (fault("soap:Client", refusal("NOT_FOUND", 404) * 2), OutcomeUnknown, Reason.NO_CLEAR_ANSWER),
            (fault("soap:Client", written("Refusal", [("code", "X")])), OutcomeUnknown, Reason.NO_CLEAR_ANSWER),
            (envelope(written("OpenStepResponse", [("step", STEP)])), OutcomeUnknown, Reason.NO_CLEAR_ANSWER),
            (b"<soap:Fault", OutcomeUnknown, Reason.NO_CLEAR_ANSWER),
            (None, OutcomeUnknown, Reason.NO_CLEAR_ANSWER),
        ],
    )
    def test_faults_without_a_refusal(self, content: bytes | None, kind: type[DeliveryProblem], reason: Reason) -> None:
        found = problem(content)
        assert (type(found), found.reason) == (kind, reason)

    @pytest.mark.parametrize(
        ("status", "kind", "reason"),
        [
            (401, NeedsHuman, Reason.SIGN_IN_REFUSED),
            (403, NeedsHuman, Reason.NOT_PERMITTED),
            (404, OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            (405, OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            (413, NeedsHuman, Reason.DOCUMENT_TOO_LARGE),
            (415, OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
            (429, NothingSent, Reason.THROTTLED),
            (503, OutcomeUnknown, Reason.NO_CLEAR_ANSWER),
            (202, OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
        ],
    )
    def test_statuses_of_what_stands_before_it(self, status: int, kind: type[DeliveryProblem], reason: Reason) -> None:
        for content in (None, fault("soap:Client", refusal("STEP_LOCKED", 409))):
            found = problem(content, status)
            assert (type(found), found.reason) == (kind, reason)

    def test_what_is_missing_depends_on_what_was_asked(self) -> None:
        gone = wire(fault("soap:Client", refusal("NOT_FOUND", 404)), 500)
        step = wire(answer("GetStep", "step", STEP)).step(1)
        calls = (lambda: gone.person(1), lambda: gone.step(1), lambda: gone.put_answers(step, ANSWERS))
        reasons = [caught(call).reason for call in calls]
        assert reasons == [Reason.PERSON_NOT_FOUND, Reason.RECORD_NOT_THERE, Reason.NOT_PERMITTED]

    def test_a_step_type_the_role_may_only_read(self, soap_world: MosaicSoapWorld) -> None:
        forbidden = soap_world.connected(target={"step_type": 9003})
        assert reason_given(lambda: file(forbidden, soap_world.filing())) is Reason.NOT_PERMITTED
        outside = soap_world.connected(target={"step_type": 0})
        assert reason_given(lambda: file(outside, soap_world.filing())) is Reason.CONTENT_REFUSED

    def test_a_refused_answer_and_its_mending(self, soap_world: MosaicSoapWorld) -> None:
        filing = soap_world.filing()
        wrong = replace(filing, answers=(*filing.answers, Answer("TEST_LOOKUP", None, MARKER)))
        assert reason_given(lambda: file(soap_world.system, wrong)) is Reason.CONTENT_REFUSED
        assert soap_world.system.look_up("WB-0001") == Partial()
        assert isinstance(soap_world.filed(filing), Receipt)
        assert (soap_world.records("WB-0001"), len(soap_world.step().documents)) == (1, 1)


REST = {"base_url": "https://mosaic.example/api/v1", "api_key": "k"}
SOAP_WAY = {"binding": "soap", "soap_url": "https://mosaic.example/soap/v1", "user": "u", "password": "p w"}


def fields(connection: dict[str, str]) -> set[str]:
    with pytest.raises(ConfigurationFault) as found:
        MosaicCaseSystem(Link(connection, {}, {}))
    assert_silent(found.value)
    assert MARKER not in str(found.value)
    return {each.field for each in found.value.faults}


class TestSettings:
    @pytest.mark.parametrize("connection", [REST, {**REST, "binding": "rest"}, SOAP_WAY])
    def test_each_way_needs_its_own_settings_only(self, connection: dict[str, str]) -> None:
        assert MosaicCaseSystem(Link(connection, {}, {})).kind == "mosaic"
        assert connection.keys() <= SCHEMA.connection.keys()

    def test_every_fault_is_told_at_once(self) -> None:
        assert fields({"binding": "soap"}) == {"soap_url", "user", "password"}
        assert fields({}) == {"base_url", "api_key"}
        broken = {"binding": "soap", "soap_url": f"http://{MARKER}/", "user": f"{MARKER}\n", "password": f"{MARKER}\n"}
        assert fields({**broken, **REST}) == {"soap_url", "user", "password", "base_url", "api_key"}

    def test_settings_of_the_other_way_are_a_fault(self) -> None:
        assert fields({**SOAP_WAY, "api_key": MARKER}) == {"api_key"}
        assert fields({**REST, "user": MARKER, "password": MARKER}) == {"user", "password"}
        assert fields({**REST, "binding": MARKER}) == {"binding"}

    def test_certificates_and_proxy_are_of_both(self) -> None:
        for way in (REST, SOAP_WAY):
            assert fields({**way, "ca_bundle": MARKER, "proxy_url": MARKER}) == {"ca_bundle", "proxy_url"}

    def test_the_words_for_the_ways_are_the_schemas(self) -> None:
        for way in SCHEMA.connection["binding"].choices:
            assert "binding" not in fields({"binding": way})

    def test_a_simulator_with_another_password(self, tmp_path: Path) -> None:
        with MosaicSimulator(tmp_path, "k", soap_user=USER, soap_password="another") as other:
            assert reason_given(lambda: MosaicSoapWorld(other).system.look_up("WB-1")) is Reason.SIGN_IN_REFUSED

"""The SOAP binding of the Mosaic simulator against its protocol page and WSDL, over a real socket."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from lxml import etree

from simulators.mosaic import MosaicSimulator
from simulators.mosaic.soap import UsernameTokens
from simulators.mosaic.soap.safe_xml import BadXml, parse
from tests.simulators.mosaic_client import Caller
from tests.simulators.mosaic_soap_client import (
    ACTION,
    MANDATORY,
    PASSWORD,
    PDF,
    USER,
    M,
    SoapCaller,
    Token,
    codes,
    envelope,
    fault,
    new_step,
    plain,
    refusal,
    value,
    written,
)

ROOT = Path(__file__).resolve().parents[2]
WSDL = ROOT / "docs" / "protocols" / "mosaic.wsdl"
GET_PERSON = written("GetPerson", {"personId": 40211})


@pytest.fixture
def soap(sim: MosaicSimulator) -> SoapCaller:
    return SoapCaller(sim)


@pytest.fixture
def text_soap(tmp_path: Path) -> Iterator[SoapCaller]:
    with MosaicSimulator(tmp_path, "key", soap_user="other", soap_password="pa<ss", soap_password_text=True) as running:
        yield SoapCaller(running)


def schema() -> etree.XMLSchema:
    found = etree.parse(WSDL).getroot().find(".//{http://www.w3.org/2001/XMLSchema}schema")
    return etree.XMLSchema(etree.fromstring(etree.tostring(found)))


def test_as_a_process(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("key")
    (tmp_path / "password").write_text("pa<ss\n")
    command = [sys.executable, "-m", "simulators.mosaic", "--data", str(tmp_path / "data")]
    command += ["--key-file", str(tmp_path / "key"), "--soap-user", "other"]
    command += ["--soap-password-file", str(tmp_path / "password")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = json.loads(process.stdout.readline())["soap"]
            headers = {"Content-Type": "text/xml", "SOAPAction": f'"{M}/GetPerson"'}
            message = envelope(GET_PERSON, Token("other", "pa<ss").header())
            assert requests.post(address, message, headers=headers, timeout=5).status_code == 200
        finally:
            process.kill()


# The description


def test_the_simulator_serves_the_contract(soap: SoapCaller) -> None:
    served = requests.get(soap.sim.soap + "?wsdl", timeout=5)
    assert served.headers["Content-Type"].startswith("text/xml")
    assert served.text == WSDL.read_text(encoding="utf-8").replace("http://localhost/soap/v1", soap.sim.soap)
    assert soap.sim.soap in served.text


def test_every_operation_has_its_action_elements_and_refusal() -> None:
    root = etree.parse(WSDL).getroot()
    wsdl = {"w": "http://schemas.xmlsoap.org/wsdl/", "s": "http://schemas.xmlsoap.org/wsdl/soap/"}
    elements = set(root.xpath("//xs:schema/xs:element/@name", namespaces={"xs": "http://www.w3.org/2001/XMLSchema"}))
    names = root.xpath("//w:portType/w:operation/@name", namespaces=wsdl)
    assert len(names) == 9
    assert elements == {*names, *(f"{name}Response" for name in names), "Refusal"}
    assert root.xpath("//s:operation/@soapAction", namespaces=wsdl) == [f"{M}/{name}" for name in names]
    assert len(root.xpath("//w:portType/w:operation/w:fault[@message='m:Refusal']", namespaces=wsdl)) == 9
    assert len(root.xpath("//s:fault[@use='literal']", namespaces=wsdl)) == 9


# A whole delivery, in step with the JSON binding


def test_people(soap: SoapCaller) -> None:
    assert plain(soap.ask("GetPerson", personId=40211)) == {
        "personId": "40211",
        "context": "C",
        "dateOfBirth": "2010-05-02",
        "dateOfBirthEstimated": "false",
        "restricted": "false",
    }
    assert value(soap.ask("GetPerson", personId=40212), "mergedTo") == "40211"
    assert value(soap.ask("GetPerson", personId=40213), "dateOfBirthEstimated") == "true"


def test_restricted_looks_like_unknown(soap: SoapCaller) -> None:
    hidden, unknown = soap.send("GetPerson", personId=40214), soap.send("GetPerson", personId=99999)
    assert hidden.content == unknown.content
    assert refusal(hidden) == {"code": "NOT_FOUND", "status": "404", "message": "There is no such record."}


def test_a_delivery_from_search_to_receipt(soap: SoapCaller, caller: Caller) -> None:
    assert len(soap.ask("FindSteps", externalReference="WB-1")) == 0
    step = soap.ready()
    draft = soap.ask("FindSteps", externalReference="WB-1")
    assert [value(item, "status") for item in draft] == ["STARTED"]
    done = soap.ask("CompleteStep", stepId=step, nextActions=[ACTION])
    assert value(done, "status") == "COMPLETED"
    assert value(done, "nextActions/nextAction/assignedTo/team") == "CSAFE"
    assert value(done, "documents/document/sha256") == hashlib.sha256(PDF).hexdigest()
    stored = [{**item, "row": None} for item in MANDATORY]
    canonical = json.dumps(stored, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert value(done, "answersSha256") == hashlib.sha256(canonical.encode()).hexdigest()
    assert [found.documents[0].content for found in soap.sim.steps("WB-1")] == [PDF]
    assert plain(soap.ask("GetStep", stepId=step)) == as_text(caller.read(step))


def as_text(found: Any) -> Any:
    """What JSON says, as elements would: null left out, everything else text."""
    if isinstance(found, dict):
        return {name: as_text(part) for name, part in found.items() if part is not None}
    if isinstance(found, list):
        return [as_text(item) for item in found]
    return str(found).lower() if isinstance(found, bool) else str(found)


def test_every_answer_matches_the_schema(soap: SoapCaller) -> None:
    valid = schema().assertValid
    step = soap.completed()
    note = {"externalReference": "WB-9", "noteType": "WITHDRAWN", "text": "Entered for another person"}
    corrected = soap.send("OpenStep", **new_step(), correctsStepId=step)
    task = soap.send("OpenStep", **new_step() | {"status": "INCOMING"}, incomingOn="2027-02-10", note="Read it")
    answers = [
        corrected,
        task,
        soap.send("GetPerson", personId=40212),
        soap.send("GetStep", stepId=step),
        soap.send("FindSteps", externalReference="WB-1"),
        soap.send("AddNote", stepId=step, **note),
        soap.send("FindNotes", externalReference="WB-9"),
        soap.send("FindNotes", externalReference="WB-none"),
    ]
    for answer in answers:
        assert answer.status_code == 200, answer.text
        valid(etree.fromstring(answer.content)[0][0])
    soap.sim.set_knobs(lock_all_until="2099-01-01T00:00:00Z")
    refused = [
        soap.send("PutAnswers", stepId=soap.sim.steps()[-1].step_id, restricted=False, answers=[]),
        soap.send("AddNote", stepId=step, **note),
        soap.send("CompleteStep", stepId=soap.sim.steps("WB-1")[1].step_id, nextActions=[]),
        soap.send("GetPerson", personId=0),
    ]
    for answer in refused:
        detail = etree.fromstring(answer.content).find(".//detail")
        assert detail is not None, answer.text
        valid(detail[0])


def test_answers_take_the_type_of_their_question(soap: SoapCaller, caller: Caller) -> None:
    step = soap.step()
    sent = [
        ("TEST_NUMBER", "-2.5", None),
        ("TEST_BOOLEAN", "false", None),
        ("TEST_LONG", "  kept \r ", None),
        ("TEST_ROWS", "1", 1),
        ("TEST_SHORT", "true", None),
    ]
    answers = [{"questionUserCode": code, "row": row, "value": said} for code, said, row in sent]
    body = envelope(written("PutAnswers", {"stepId": step, "restricted": True, "answers": answers}))
    assert soap.post(body.replace("\r", "&#13;"), "PutAnswers").status_code == 200
    [stored] = soap.sim.steps()
    assert stored.restricted is True
    assert [(item["questionUserCode"], item["value"], item["row"]) for item in stored.answers] == [
        ("TEST_NUMBER", -2.5, None),
        ("TEST_BOOLEAN", False, None),
        ("TEST_LONG", "  kept \r ", None),
        ("TEST_ROWS", "1", 1),
        ("TEST_SHORT", "true", None),
    ]
    by_json = [{**item} for item in stored.answers]
    assert caller.answers(caller.step(), by_json).json()["answersSha256"] == stored.answers_sha256


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"questionUserCode": "NOPE", "value": "x"}, "UNKNOWN_QUESTION"),
        ({"questionUserCode": "TEST_NUMBER", "value": "2.5e3"}, "WRONG_TYPE"),
        ({"questionUserCode": "TEST_NUMBER", "value": "9" * 5000}, "WRONG_TYPE"),
        ({"questionUserCode": "TEST_BOOLEAN", "value": "1"}, "WRONG_TYPE"),
        ({"questionUserCode": "TEST_DATE", "value": "14/09/2026"}, "WRONG_TYPE"),
        ({"questionUserCode": "TEST_SHORT", "value": "x" * 4001}, "TOO_LONG"),
        ({"questionUserCode": "TEST_LOOKUP", "value": "BLUE"}, "NOT_IN_LOOKUP"),
        ({"questionUserCode": "TEST_SHORT", "row": 1, "value": "x"}, "ROW_NOT_ALLOWED"),
        ({"questionUserCode": "TEST_ROWS", "value": "x"}, "ROW_REQUIRED"),
        ({"questionUserCode": "TEST_ROWS", "row": 0, "value": "x"}, "ROW_REQUIRED"),
    ],
)
def test_refused_answers(soap: SoapCaller, answer: dict[str, Any], code: str) -> None:
    step = soap.step()
    answer = {"questionUserCode": answer["questionUserCode"], "row": answer.get("row"), "value": answer["value"]}
    refused = soap.send("PutAnswers", stepId=step, restricted=False, answers=[answer])
    assert codes(refused) == [code]
    assert refusal(refused)["errors"][0]["questionUserCode"] == answer["questionUserCode"]
    assert soap.sim.steps()[0].answers == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"stepTypeId": 1}, "UNKNOWN_STEP_TYPE"),
        ({"assignedTo": {"team": "NOPE"}}, "UNKNOWN_TEAM"),
        ({"subjects": []}, "SUBJECT_COUNT"),
        ({"externalReference": "x" * 41}, "TOO_LONG"),
        ({"externalReference": ""}, "MISSING"),
        ({"status": "COMPLETED"}, "WRONG_TYPE"),
    ],
)
def test_steps_that_cannot_be_opened(soap: SoapCaller, changes: dict[str, Any], code: str) -> None:
    assert codes(soap.send("OpenStep", **new_step() | changes)) == [code]
    assert soap.sim.steps() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"content": b""}, "EMPTY"),
        ({"fileName": "letter.exe"}, "EXTENSION"),
        ({"fileName": "a/b.pdf"}, "NAME"),
        ({"subCategory": "NOPE"}, "UNKNOWN_CATEGORY"),
        ({"title": " "}, "MISSING"),
    ],
)
def test_documents_that_are_refused(soap: SoapCaller, changes: dict[str, Any], code: str) -> None:
    assert codes(soap.send("AddDocument", **soap.document(soap.step(), **changes))) == [code]


def test_a_large_document(soap: SoapCaller) -> None:
    content = PDF + bytes(range(256)) * 60_000
    soap.ask("AddDocument", **soap.document(soap.step(), content=content))
    assert soap.sim.steps()[0].documents[0].content == content


def test_states_locks_merges_and_permissions(soap: SoapCaller) -> None:
    step = soap.ready()
    until = "2099-01-01T00:00:00Z"
    soap.sim.set_knobs(lock_step={"externalReference": "WB-1", "until": until})
    held = refusal(soap.send("CompleteStep", stepId=step, nextActions=[ACTION]))
    assert (held["code"], held["status"], held["lockedUntil"]) == ("STEP_LOCKED", "409", until)
    assert "fictional" in held["lockedBy"]
    soap.sim.set_knobs(lock_step={"externalReference": "WB-1"})
    assert "lockedUntil" not in refusal(soap.send("CompleteStep", stepId=step, nextActions=[ACTION]))
    soap.sim.set_knobs(lock_step=None)
    assert codes(soap.send("CompleteStep", stepId=step, nextActions=[])) == ["NEXT_ACTION_REQUIRED"]
    no_date = {"actionTypeId": 61, "assignedTo": {"team": "CSAFE"}}
    assert value(soap.ask("CompleteStep", stepId=step, nextActions=[no_date]), "status") == "COMPLETED"
    late = refusal(soap.send("PutAnswers", stepId=step, restricted=False, answers=[]))
    assert (late["code"], late["status"], late["stepStatus"]) == ("STEP_STATE", "409", "COMPLETED")
    merged = refusal(soap.send("OpenStep", **new_step() | {"subjects": [{"type": "PER", "id": 40212}]}))
    assert (merged["code"], merged["mergedTo"]) == ("PERSON_MERGED", "40211")
    denied = refusal(soap.send("OpenStep", **new_step() | {"stepTypeId": 9003}))
    assert (denied["code"], denied["status"]) == ("NO_PERMISSION", "403")


@pytest.mark.parametrize("operation", ["FindSteps", "FindNotes"])
def test_a_reference_no_record_can_have_is_not_looked_for(soap: SoapCaller, operation: str) -> None:
    assert codes(soap.send(operation, externalReference="x" * 41)) == ["TOO_LONG"]
    assert codes(soap.send(operation, externalReference="")) == ["MISSING"]


def test_a_correction_and_a_withdrawal(soap: SoapCaller) -> None:
    first = soap.completed()
    second = soap.step(externalReference="WB-2", correctsStepId=first)
    assert value(soap.ask("GetStep", stepId=first), "correctedByStepId") == str(second)
    assert codes(soap.send("OpenStep", **new_step(), correctsStepId=first)) == ["STEP_NOT_CORRECTABLE"]
    withdrawal = {"externalReference": "WB-9", "noteType": "WITHDRAWN", "text": "Entered for another person"}
    note = plain(soap.ask("AddNote", stepId=first, **withdrawal))
    assert note == {**withdrawal, "stepId": str(first), "noteId": note["noteId"], "createdAt": note["createdAt"]}
    assert plain(soap.ask("FindNotes", externalReference="WB-9")) == [note]
    assert value(soap.ask("GetStep", stepId=first), "withdrawn") == "true"
    assert refusal(soap.send("AddNote", stepId=first, **withdrawal))["code"] == "STEP_WITHDRAWN"


def test_what_json_let_in_and_xml_cannot_hold(soap: SoapCaller, caller: Caller) -> None:
    caller.create(status="INCOMING", note="a\x01b<&>")
    assert value(soap.ask("FindSteps", externalReference="WB-1")[0], "note") == "a\ufffdb<&>"


# Sign-in


def two_tokens() -> str:
    """One that signs in, and one more beside it."""
    first, second = (Token().header().split("</wsse:Security>")[0] for _ in range(2))
    return first + second[second.index("<wsse:UsernameToken>") :] + "</wsse:Security>"


def ago(seconds: float) -> str:
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat()


@pytest.mark.parametrize(
    "made",
    [
        lambda: "",
        lambda: Token(user="somebody").header(),
        lambda: Token(password="wrong").header(),
        lambda: Token().header("PasswordText"),
        lambda: Token(created=ago(330)).header(),
        lambda: Token(created=ago(-400)).header(),
        lambda: Token(created="2026-09-14T09:00:00").header(),
        lambda: Token(created="yesterday").header(),
        lambda: Token(nonce=b"short").header(),
        lambda: Token(nonce=b"x" * 65).header(),
        lambda: Token().header().replace("Base64Binary", "HexBinary"),
        lambda: Token().header().replace("#PasswordDigest", "#Other"),
        lambda: Token().header() * 2,
        two_tokens,
        lambda: (
            Token().header().replace("</wsse:Username>", "</wsse:Username><wsse:Username>wise-bridge</wsse:Username>")
        ),
        lambda: Token().header().replace("<wsse:Nonce", "<wsse:Nothing").replace("</wsse:Nonce", "</wsse:Nothing"),
    ],
)
def test_who_is_not_signed_in(soap: SoapCaller, made: Callable[[], str]) -> None:
    refused = soap.post(envelope(GET_PERSON, made()), "GetPerson")
    assert fault(refused) == ("wsse:FailedAuthentication", None)
    unknown = soap.post(envelope("<m:Nothing/>", made()), "Nothing")
    assert unknown.content == refused.content


def test_a_stranger_learns_no_more_from_a_body_that_makes_no_sense(soap: SoapCaller) -> None:
    assert fault(soap.send("OpenStep", header="", nonsense=1))[0] == "wsse:FailedAuthentication"


def test_a_token_is_good_once(soap: SoapCaller) -> None:
    message = envelope(GET_PERSON)
    assert soap.post(message, "GetPerson").status_code == 200
    assert fault(soap.post(message, "GetPerson"))[0] == "wsse:FailedAuthentication"
    same_nonce = Token(nonce=b"n" * 16)
    assert soap.send("GetPerson", header=same_nonce.header(), personId=40211).status_code == 200
    again = Token(nonce=b"n" * 16, created=ago(20)).header()
    assert fault(soap.send("GetPerson", header=again, personId=40211))[0] == "wsse:FailedAuthentication"
    soap.sim.stop()
    soap.sim.start()
    assert fault(soap.send("GetPerson", header=same_nonce.header(), personId=40211))[0] == "wsse:FailedAuthentication"


def test_a_stranger_cannot_use_up_a_nonce(soap: SoapCaller) -> None:
    token = Token()
    wrong = Token(password="wrong", nonce=token.nonce, created=token.created)
    assert soap.send("GetPerson", header=wrong.header(), personId=40211).status_code == 500
    assert soap.send("GetPerson", header=token.header(), personId=40211).status_code == 200


@pytest.mark.parametrize("seconds", [280, -280, 0])
def test_clocks_may_differ_a_little(soap: SoapCaller, seconds: int) -> None:
    assert soap.send("GetPerson", header=Token(created=ago(seconds)).header(), personId=40211).status_code == 200


def test_nonces_are_remembered_as_long_as_their_token_could_be_used_again() -> None:
    clock = [datetime(2026, 9, 14, 9, tzinfo=UTC)]
    tokens = UsernameTokens(USER, PASSWORD, now=lambda: clock[0])

    def accepted(nonce: bytes, created: datetime) -> bool:
        written_header = f'<x xmlns:soap="urn:x">{Token(nonce=nonce, created=created.isoformat()).header()}</x>'
        return tokens.accept(etree.fromstring(written_header)[0])

    ahead = clock[0] + timedelta(seconds=300)
    assert accepted(b"a" * 16, ahead)
    clock[0] += timedelta(seconds=599)
    assert not accepted(b"a" * 16, ahead)
    clock[0] += timedelta(seconds=2)
    assert not accepted(b"a" * 16, ahead), "too old by now"
    assert accepted(b"a" * 16, clock[0]), "forgotten, since no token of then is good any longer"


def test_the_password_as_it_is_only_where_it_was_switched_on(text_soap: SoapCaller) -> None:
    token = Token("other", "pa<ss")
    for kind in ("PasswordText", "PasswordDigest"):
        assert text_soap.post(envelope(GET_PERSON, token.header(kind)), "GetPerson").status_code == 200
    wrong = Token("other", "pa<s").header("PasswordText")
    assert fault(text_soap.post(envelope(GET_PERSON, wrong), "GetPerson"))[0] == "wsse:FailedAuthentication"


# What is not SOAP, or not the service described


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"<a>",
        b"<a/>",
        envelope(GET_PERSON).encode("utf-16"),
        envelope(GET_PERSON).replace("UTF-8", "latin-1").encode(),
        b"\xff" + envelope(GET_PERSON).encode(),
        envelope("").encode(),
        envelope(GET_PERSON * 2).encode(),
        envelope(GET_PERSON).replace("</soap:Envelope>", "<soap:Body/></soap:Envelope>").encode(),
        envelope(GET_PERSON).replace("?><soap", "?><?php x?><soap").encode(),
        envelope("<m:GetPerson>" + "<m:a>" * 40 + "</m:a>" * 40 + "</m:GetPerson>").encode(),
        envelope("<m:a>" * 100_000).encode(),
        envelope(GET_PERSON.replace("40211", "&e;"))
        .replace("?><soap", "?><!DOCTYPE x [<!ENTITY e '1'>]><soap")
        .encode(),
        envelope(GET_PERSON).replace("?><soap", '?><!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><soap').encode(),
        envelope(GET_PERSON).replace("?><soap", '?><!DOCTYPE x SYSTEM "file:///etc/passwd"><soap').encode(),
        envelope(GET_PERSON.replace("40211", "&e;")).encode(),
        envelope(
            GET_PERSON.replace(
                "<m:GetPerson",
                '<m:GetPerson xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="urn:x file:///x"',
            )
        ).encode(),
    ],
)
def test_what_cannot_be_read_is_refused_before_anything_else(soap: SoapCaller, content: bytes) -> None:
    assert fault(soap.post(content, "GetPerson")) == ("soap:Client", None)


def test_a_document_type_is_refused_and_no_entity_in_it_is_ever_made() -> None:
    with pytest.raises(BadXml, match="document type"):
        parse(b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 100 + b'"><!ENTITY c "&b;&b;">]><a>&c;</a>')
    assert parse(b"<a>1<!-- not said -->2</a>").text == "12"


def test_prefixes_are_the_callers_choice(soap: SoapCaller) -> None:
    body = f'<GetPerson xmlns="{M}"><personId><!-- the first -->402<![CDATA[11]]></personId></GetPerson>'
    assert soap.post(envelope(body), "GetPerson").status_code == 200


def test_other_versions_and_headers_that_must_be_understood(soap: SoapCaller) -> None:
    later = envelope(GET_PERSON).replace(
        "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"
    )
    assert fault(soap.post(later, "GetPerson")) == ("soap:VersionMismatch", None)
    header = '<x:route xmlns:x="urn:x" soap:mustUnderstand="{}"/>'
    refused = soap.post(envelope(GET_PERSON, Token().header() + header.format(1)), "GetPerson")
    assert fault(refused) == ("soap:MustUnderstand", None)
    assert soap.post(envelope(GET_PERSON, Token().header() + header.format(0)), "GetPerson").status_code == 200


def test_other_methods_and_content_types(soap: SoapCaller) -> None:
    assert soap.post(envelope(GET_PERSON), "GetPerson", {"Content-Type": "application/json"}).status_code == 415
    assert requests.get(soap.sim.soap, timeout=5).status_code == 405
    assert requests.put(soap.sim.soap, timeout=5).status_code == 405
    assert soap.post(b" " * (65 << 20), "GetPerson").status_code == 413


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("<m:DropEverything/>", "body"),
        ('<GetPerson xmlns="urn:other"><personId>1</personId></GetPerson>', "body"),
        ("<m:GetPerson/>", "GetPerson"),
        ("<m:GetPerson><m:personId>SECRET</m:personId></m:GetPerson>", "personId"),
        ("<m:GetPerson><m:personId>0</m:personId></m:GetPerson>", "personId"),
        ("<m:GetPerson><m:personId>9223372036854775808</m:personId></m:GetPerson>", "personId"),
        ("<m:GetPerson><m:personId>1</m:personId><m:more>SECRET</m:more></m:GetPerson>", "more"),
        ("<m:GetPerson>SECRET<m:personId>1</m:personId></m:GetPerson>", "GetPerson"),
    ],
)
def test_bodies_that_do_not_match_the_schema(soap: SoapCaller, body: str, field: str) -> None:
    answer = soap.post(envelope(body), "GetPerson")
    found = refusal(answer)
    assert (found["code"], found["status"]) == ("SCHEMA", "400")
    assert {error["code"] for error in found["errors"]} == {"SCHEMA"}
    assert field in {error["field"] for error in found["errors"]}
    assert "SECRET" not in answer.text


@pytest.mark.parametrize("action", ["", '""', f"{M}/GetPerson", f'"{M}/GetStep"', '"GetPerson"'])
def test_the_action_names_the_operation(soap: SoapCaller, action: str) -> None:
    found = refusal(soap.post(envelope(GET_PERSON), "GetPerson", {"SOAPAction": action}))
    assert [(error["field"], error["code"]) for error in found["errors"]] == [("SOAPAction", "SCHEMA")]


# Bad days


@pytest.mark.parametrize("name", ["login_page", "html_fault", "maintenance", "throttled", "denied", "auth_expired"])
def test_faults_of_the_kit_reach_both_bindings(soap: SoapCaller, caller: Caller, name: str) -> None:
    soap.sim.faults.set(name, times=2)
    statuses = {soap.send("OpenStep", **new_step()).status_code, caller.create().status_code}
    assert len(statuses) == 1
    assert soap.sim.steps() == []
    assert soap.step() > 0


def test_faults_by_operation_by_reading_and_by_binding(soap: SoapCaller, caller: Caller) -> None:
    soap.sim.faults.set("throttled", on="/CompleteStep")
    step = soap.ready()
    assert soap.send("CompleteStep", stepId=step, nextActions=[ACTION]).status_code == 429
    soap.sim.faults.set("throttled", on="write")
    assert soap.send("FindSteps", externalReference="WB-1").status_code == 200
    assert soap.send("OpenStep", **new_step()).status_code == 429
    soap.sim.faults.set("throttled", on="/soap")
    assert caller.send("GET", "/people/40211").status_code == 200
    assert soap.send("GetPerson", personId=40211).status_code == 429


def test_an_answer_lost_after_the_change_was_stored(soap: SoapCaller, caller: Caller) -> None:
    soap.sim.faults.set("reset_after_commit", times=2)
    with pytest.raises(requests.ConnectionError):
        soap.send("OpenStep", **new_step())
    with pytest.raises(requests.ConnectionError):
        caller.create()
    assert len(soap.ask("FindSteps", externalReference="WB-1")) == 2


def test_a_bomb_in_the_answer(soap: SoapCaller, caller: Caller) -> None:
    soap.sim.faults.set("xml_bomb")
    assert caller.send("GET", "/people/40211").status_code == 200, "no fault of the JSON binding"
    answer = soap.send("FindSteps", externalReference="WB-1")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    with pytest.raises(BadXml, match="document type"):
        parse(answer.content)
    with pytest.raises(etree.XMLSyntaxError, match="amplification"):
        etree.fromstring(answer.content)


@pytest.mark.parametrize("name", ["garbage", "huge", "drip"])
def test_false_bodies_look_like_xml(soap: SoapCaller, name: str) -> None:
    soap.sim.faults.set(name)
    headers = {"Content-Type": "text/xml", "SOAPAction": f'"{M}/GetPerson"'}
    with requests.post(soap.sim.soap, envelope(GET_PERSON), headers=headers, stream=True, timeout=5) as answer:
        assert answer.headers["Content-Type"].startswith("text/xml")
        assert next(answer.iter_content(5)) == b"<?xml"


def test_the_servers_own_failure_is_a_fault(soap: SoapCaller, monkeypatch: pytest.MonkeyPatch) -> None:
    step = soap.step()
    monkeypatch.setattr("simulators.mosaic.soap.dispatch.upload", lambda found: 1 / 0)
    assert fault(soap.send("AddDocument", **soap.document(step))) == ("soap:Server", None)

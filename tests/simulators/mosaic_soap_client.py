"""A small SOAP caller with envelopes built by hand, so that the binding is tested with no SOAP library."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

import requests
from lxml import etree

from simulators.mosaic import MosaicSimulator

M = "urn:wise-bridge:mosaic:1"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
USER, PASSWORD = "wise-bridge", "fictional-password-for-tests"
PDF = b"%PDF-1.7 fictional"
LISTS = {"subjects": "subject", "answers": "answer", "nextActions": "nextAction"}
MANDATORY = [
    {"questionUserCode": "TEST_SHORT", "value": "a “good” day"},
    {"questionUserCode": "TEST_DATE", "value": "2026-09-14"},
]
ACTION = {"actionTypeId": 61, "assignedTo": {"team": "CSAFE"}, "incomingOn": "2027-02-10"}


@dataclass
class Token:
    """What goes into a UsernameToken; the defaults sign in."""

    user: str = USER
    password: str = PASSWORD
    nonce: bytes = field(default_factory=lambda: os.urandom(16))
    created: str = field(default_factory=lambda: datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))

    def header(self, kind: str = "PasswordDigest") -> str:
        made = hashlib.sha1(self.nonce + self.created.encode() + self.password.encode(), usedforsecurity=False).digest()
        secret = escape(self.password) if kind == "PasswordText" else base64.b64encode(made).decode()
        return (
            f'<wsse:Security xmlns:wsse="{OASIS}wssecurity-secext-1.0.xsd" soap:mustUnderstand="1">'
            f"<wsse:UsernameToken><wsse:Username>{self.user}</wsse:Username>"
            f'<wsse:Password Type="{OASIS}username-token-profile-1.0#{kind}">{secret}</wsse:Password>'
            f'<wsse:Nonce EncodingType="{OASIS}soap-message-security-1.0#Base64Binary">'
            f"{base64.b64encode(self.nonce).decode()}</wsse:Nonce>"
            f'<wsu:Created xmlns:wsu="{OASIS}wssecurity-utility-1.0.xsd">{self.created}</wsu:Created>'
            "</wsse:UsernameToken></wsse:Security>"
        )


def written(name: str, value: Any) -> str:
    """A value as elements: text, number, list under the name of its items, or parts by name."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        inner = "".join(written(part, item) for part, item in value.items())
    elif isinstance(value, list):
        inner = "".join(written(LISTS[name], item) for item in value)
    elif isinstance(value, bytes):
        inner = base64.b64encode(value).decode()
    else:
        inner = str(value).lower() if isinstance(value, bool) else escape(str(value))
    return f"<m:{name}>{inner}</m:{name}>"


def envelope(body: str, header: str | None = None) -> str:
    header = Token().header() if header is None else header
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="{ENVELOPE}" xmlns:m="{M}">'
        f"<soap:Header>{header}</soap:Header><soap:Body>{body}</soap:Body></soap:Envelope>"
    )


class SoapCaller:
    def __init__(self, sim: MosaicSimulator) -> None:
        self.sim = sim

    def post(
        self, content: str | bytes, operation: str, headers: dict[str, str] | None = None, timeout: float = 5
    ) -> requests.Response:
        given = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{M}/{operation}"'} | (headers or {})
        data = content.encode() if isinstance(content, str) else content
        return requests.post(self.sim.soap, data=data, headers=given, timeout=timeout)

    def send(self, operation: str, header: str | None = None, **parts: Any) -> requests.Response:
        return self.post(envelope(written(operation, parts), header), operation)

    def ask(self, operation: str, **parts: Any) -> etree._Element:
        """The one element inside the answer of a call that goes well."""
        answer = self.send(operation, **parts)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
        response = etree.fromstring(answer.content)[0][0]
        assert response.tag == f"{{{M}}}{operation}Response"
        assert len(response) == 1
        return response[0]

    def open(self, **changes: Any) -> etree._Element:
        return self.ask("OpenStep", **(new_step() | changes))

    def step(self, **changes: Any) -> int:
        return int(value(self.open(**changes), "stepId"))

    def document(self, step: int, **changes: Any) -> dict[str, Any]:
        about = {"fileName": "letter.pdf", "title": "Letter", "category": "ASSESS", "subCategory": "WISE"}
        return {"stepId": step} | about | {"content": PDF} | changes

    def ready(self, reference: str = "WB-1") -> int:
        step = self.step(externalReference=reference)
        self.ask("PutAnswers", stepId=step, restricted=False, answers=MANDATORY)
        self.ask("AddDocument", **self.document(step))
        return step

    def completed(self, reference: str = "WB-1") -> int:
        step = self.ready(reference)
        self.ask("CompleteStep", stepId=step, nextActions=[ACTION])
        return step


def new_step() -> dict[str, Any]:
    subjects = [{"type": "PER", "id": 40211}]
    return {
        "stepTypeId": 9001,
        "subjects": subjects,
        "externalReference": "WB-1",
        "assignedTo": {"team": "CSAFE"},
        "status": "STARTED",
    }


def value(element: etree._Element, path: str) -> str | None:
    return element.findtext("/".join(f"{{{M}}}{name}" for name in path.split("/")))


def plain(element: etree._Element) -> Any:
    """Elements as values: lists by the names of the protocol page, the rest text."""
    name = etree.QName(element).localname
    if name in {"steps", "notes", "errors", "subjects", "documents", "nextActions"}:
        return [plain(item) for item in element]
    return {etree.QName(part).localname: plain(part) for part in element} if len(element) else (element.text or "")


def fault(answer: requests.Response) -> tuple[str, Any]:
    """The fault code with its published prefix, and the refusal in the detail."""
    assert answer.status_code == 500, (answer.status_code, answer.text)
    found = etree.fromstring(answer.content)[0][0]
    assert found.tag == f"{{{ENVELOPE}}}Fault"
    assert found.findtext("faultstring")
    code = found.find("faultcode")
    prefix, _, name = code.text.partition(":")
    named = {ENVELOPE: "soap", f"{OASIS}wssecurity-secext-1.0.xsd": "wsse"}[code.nsmap[prefix]]
    detail = found.find("detail")
    return f"{named}:{name}", None if detail is None else plain(detail[0])


def refusal(answer: requests.Response) -> Any:
    code, detail = fault(answer)
    assert code == "soap:Client"
    return detail


def codes(answer: requests.Response) -> list[str]:
    found = refusal(answer)
    assert (found["code"], found["status"]) == ("INVALID", "422"), found
    return [error["code"] for error in found["errors"]]

"""Answers of a Mosaic over SOAP, written by hand, and a conversation that gives them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

import pytest

from service.adapters.http import Reply, Request
from service.adapters.mosaic.soap.client import SoapWire
from service.adapters.mosaic.soap.description import description
from service.adapters.mosaic.soap.envelope import User
from service.errors import DeliveryProblem
from tests.conformance.test_mosaic import PASSWORD, USER
from tests.conformance.world import MARKER, assert_silent

M = "urn:wise-bridge:mosaic:1"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
SHA = "a" * 64

DOCUMENT: dict[str, Any] = {
    "documentId": 5501,
    "name": "WB-1.pdf",
    "title": MARKER,
    "category": "ASSESS",
    "subCategory": "WISE",
    "size": 3,
    "sha256": SHA,
}
STEP: dict[str, Any] = {
    "stepId": 1,
    "stepTypeId": 2,
    "status": "STARTED",
    "subjects": [("subject", {"type": "PER", "id": 3})],
    "externalReference": "WB-1",
    "assignedTo": {"team": "CSAFE"},
    "restricted": "false",
    "answers": 0,
    "documents": [("document", DOCUMENT)],
    "nextActions": [],
    "correctedByStepId": 7,
    "withdrawn": "false",
}
NOTE: dict[str, Any] = {
    "noteId": 70012,
    "stepId": 1,
    "externalReference": "WB-9",
    "noteType": "WITHDRAWN",
    "text": MARKER,
    "createdAt": "2026-09-17T08:00:00Z",
}
PERSON: dict[str, Any] = {
    "personId": 40211,
    "context": "C",
    "dateOfBirth": "2010-05-02",
    "dateOfBirthEstimated": "false",
    "restricted": "false",
}


def written(name: str, value: Any) -> str:
    """An element of the description's name space; members in their order, lists as pairs."""
    if isinstance(value, dict):
        value = list(value.items())
    inner = "".join(written(*each) for each in value) if isinstance(value, list) else escape(str(value))
    return f"<m:{name}>{inner}</m:{name}>"


def envelope(body: str, *, soap: str = SOAP, header: str = "", before: str = "") -> bytes:
    start = f'<?xml version="1.0" encoding="UTF-8"?>{before}<soap:Envelope xmlns:soap="{soap}" xmlns:m="{M}">'
    return f"{start}{header}<soap:Body>{body}</soap:Body></soap:Envelope>".encode()


def answer(operation: str, name: str, value: Any) -> bytes:
    return envelope(written(f"{operation}Response", [(name, value)]))


def fault(code: str, detail: str | None = "", more: str = "") -> bytes:
    given = "" if detail is None else f"<detail>{detail}</detail>"
    said = f'<faultcode xmlns:wsse="{WSSE}">{code}</faultcode><faultstring>{MARKER}</faultstring>'
    return envelope(f"<soap:Fault>{said}{given}{more}</soap:Fault>")


def refusal(code: str, status: int, *errors: str) -> str:
    each = [("error", {"questionUserCode": MARKER, "code": error}) for error in errors]
    members: list[tuple[str, Any]] = [("code", code), ("status", status), ("message", MARKER)]
    return written("Refusal", [*members, *([("errors", each)] if each else [])])


class Scripted:
    """A conversation whose only reply is given, and which keeps what was asked."""

    def __init__(self, status: int, content: bytes | None, kind: str) -> None:
        self.reply = Reply(status, None, None, content=content, kind=kind)
        self.asked: list[Request] = []

    def ask(self, request: Request) -> Reply:
        self.asked.append(request)
        return self.reply


def wire(content: bytes | None, status: int = 200, kind: str = "text/xml") -> SoapWire:
    return wire_of(Scripted(status, content, kind))


def wire_of(conversation: Scripted) -> SoapWire:
    return SoapWire(conversation, description(), User(USER, PASSWORD))  # type: ignore[arg-type]


def caught(call: Callable[[], object]) -> DeliveryProblem:
    """The problem, which drags nothing along."""
    with pytest.raises(DeliveryProblem) as found:
        call()
    assert_silent(found.value)
    assert found.value.__context__ is None
    return found.value

"""SOAP 1.1 envelopes: taken apart, and written."""

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from simulators.mosaic.refusals import Refusal

from .names import ENVELOPE, MOSAIC, PREFIXES, WSSE
from .safe_xml import BadXml, parse

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ITEMS = {
    "subjects": "subject",
    "documents": "document",
    "nextActions": "nextAction",
    "steps": "step",
    "notes": "note",
    "errors": "error",
}


@dataclass
class SoapFault(Exception):
    """A fault as SOAP names it; `refusal` is the typed detail, where there is one."""

    code: str
    message: str
    namespace: str = ENVELOPE
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Message:
    """The parts of a request that matter: its `wsse:Security` header and the one element of its body."""

    security: etree._Element | None
    body: etree._Element


def client(message: str) -> SoapFault:
    """The request is not one this server can read."""
    return SoapFault("Client", message)


def read(content: bytes) -> Message:
    """The message in an envelope; raises SoapFault."""
    try:
        root = parse(content)
    except BadXml as error:
        raise client(f"The request cannot be read: {error}.") from error
    if root.tag != _soap("Envelope"):
        is_other = etree.QName(root).localname == "Envelope"
        raise SoapFault("VersionMismatch", "Only SOAP 1.1.") if is_other else client("There is no SOAP envelope.")
    headers, bodies = root.findall(_soap("Header")), root.findall(_soap("Body"))
    if len(headers) > 1 or len(bodies) != 1 or len(bodies[0]) != 1 or len(root) != len(headers) + 1:
        raise client("An envelope has at most one header, and a body with one element.")
    return Message(_security(headers[0] if headers else None), bodies[0][0])


def answer(name: str, content: dict[str, Any]) -> bytes:
    """An envelope with the answer of an operation; the content is what the JSON binding would write."""
    envelope, body = _envelope()
    _write(body, name, content)
    return _bytes(envelope)


def fault(found: SoapFault) -> bytes:
    """An envelope with a fault. Its parts have no namespace, as SOAP 1.1 wants it."""
    envelope, body = _envelope()
    element = etree.SubElement(body, _soap("Fault"))
    prefix = "soap" if found.namespace == ENVELOPE else "wsse"
    code = etree.SubElement(element, "faultcode", nsmap={prefix: found.namespace})
    code.text = f"{prefix}:{found.code}"
    etree.SubElement(element, "faultstring").text = found.message
    if found.refusal is not None:
        _write(etree.SubElement(element, "detail"), "Refusal", _typed(found.refusal))
    return _bytes(envelope)


def _security(header: etree._Element | None) -> etree._Element | None:
    """The blocks of a header: one to sign in with, and none that must be understood and is not."""
    blocks = [] if header is None else list(header)
    security = [block for block in blocks if block.tag == f"{{{WSSE}}}Security"]
    for block in blocks:
        if block not in security and block.get(_soap("mustUnderstand"), "0") not in {"0", "false"}:
            raise SoapFault("MustUnderstand", "A header block that must be understood is not.")
    return security[0] if len(security) == 1 else None


def _typed(refusal: Refusal) -> dict[str, Any]:
    """The detail in the order of the schema; the state of a step is not the status of the answer."""
    extra = refusal.extra
    return {
        "code": refusal.code,
        "status": refusal.status,
        "message": refusal.message,
        "lockedBy": extra.get("lockedBy"),
        "lockedUntil": extra.get("lockedUntil"),
        "stepStatus": extra.get("status"),
        "mergedTo": extra.get("mergedTo"),
        "errors": extra.get("errors"),
    }


def _envelope() -> tuple[etree._Element, etree._Element]:
    envelope = etree.Element(_soap("Envelope"), nsmap=PREFIXES)
    return envelope, etree.SubElement(envelope, _soap("Body"))


def _write(parent: etree._Element, name: str, value: Any) -> None:
    """Null is left out; a list has an element of its own, also when it is empty."""
    if value is None:
        return
    element = etree.SubElement(parent, f"{{{MOSAIC}}}{name}")
    if isinstance(value, dict):
        for part, inner in value.items():
            _write(element, part, inner)
    elif isinstance(value, list):
        for item in value:
            _write(element, _ITEMS[name], item)
    else:
        element.text = _text(value)


def _text(value: Any) -> str:
    written = str(value).lower() if isinstance(value, bool) else str(value)
    return _NOT_XML.sub("\ufffd", written)


def _bytes(envelope: etree._Element) -> bytes:
    return bytes(etree.tostring(envelope, encoding="utf-8", xml_declaration=True))


def _soap(name: str) -> str:
    return f"{{{ENVELOPE}}}{name}"

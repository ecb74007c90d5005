"""One request as it is sent, and one answer taken out of its envelope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml import etree
from zeep.wsse.username import UsernameToken

from service.adapters.shared.strict import UnreadableError

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_token: Any = UsernameToken  # has no types
MEDIA = "text/xml"
_MUST_BE_UNDERSTOOD = f"{{{SOAP}}}mustUnderstand"


@dataclass(frozen=True, repr=False)
class User:
    """Who we are there."""

    name: str
    password: str


def signed(envelope: etree._Element, user: User) -> bytes:
    """The request with a token of its own: a nonce is good once, so no token is ever used twice."""
    token = _token(user.name, user.password, use_digest=True, zulu_timestamp=True)
    complete, _ = token.apply(envelope, {})
    written: bytes = etree.tostring(complete, xml_declaration=True, encoding="UTF-8")
    return written


def content(envelope: etree._Element) -> etree._Element:
    """The one element of the body. A header is passed over, unless it says that it must not be."""
    parts = list(envelope)
    blocks = list(parts[0]) if parts and parts[0].tag == f"{{{SOAP}}}Header" else []
    if envelope.tag != f"{{{SOAP}}}Envelope" or any(_MUST_BE_UNDERSTOOD in block.attrib for block in blocks):
        raise UnreadableError
    bodies = [part for part in parts if part.tag == f"{{{SOAP}}}Body"]
    if len(bodies) != 1 or len(bodies[0]) != 1:
        raise UnreadableError
    return bodies[0][0]

"""What an answer that is not the one hoped for means, over SOAP. No word of a fault is ever repeated."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from service.adapters.http import Reply, Request, common_problem, unexpected
from service.adapters.mosaic.refusals import Refusal, meaning
from service.adapters.mosaic.soap.description import NAMESPACE, Description
from service.adapters.mosaic.soap.envelope import SOAP, content
from service.adapters.mosaic.soap.safe_xml import parse
from service.adapters.mosaic.soap.values import body
from service.adapters.shared.strict import UnreadableError
from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman

WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
SIGN_IN_REFUSED = (WSSE, "FailedAuthentication")
OURS, THEIRS = (SOAP, "Client"), (SOAP, "Server")


@dataclass(frozen=True, repr=False)
class Fault:
    """A fault of the protocol: its code as namespace and name, and the typed refusal where there is one."""

    code: tuple[str, str]
    refusal: Refusal | None


def problem_in(request: Request, reply: Reply, description: Description, *, missing: Reason) -> DeliveryProblem:
    """The problem. `missing` is what a 404 means for this request. What stands before Mosaic answers without XML."""
    fault = _fault_in(reply, description)
    if fault is not None and fault.code != THEIRS:
        return _told(request, fault, missing=missing)
    common = common_problem(request, reply)
    if common is None and reply.status == 403:
        return NeedsHuman(Reason.NOT_PERMITTED, "status_403")
    return common or unexpected(request, f"status_{reply.status}")


def _told(request: Request, fault: Fault, *, missing: Reason) -> DeliveryProblem:
    """A fault without a typed refusal may come from anything on the way, however it is worded."""
    if fault.code == SIGN_IN_REFUSED and fault.refusal is None:
        return NeedsHuman(Reason.SIGN_IN_REFUSED, "FailedAuthentication")
    refusal = fault.refusal if fault.code == OURS else None
    if refusal is not None and (refusal.status, refusal.code) == (400, "SCHEMA"):
        return NeedsHuman(Reason.CONTENT_REFUSED, "SCHEMA")
    meant = meaning(refusal, missing=missing) if refusal is not None else None
    return meant or unexpected(request, "fault_not_of_the_protocol")


def _fault_in(reply: Reply, description: Description) -> Fault | None:
    """SOAP 1.1 sends every fault with status 500."""
    if reply.status != 500 or reply.content is None:
        return None
    try:
        return read_fault(content(parse(reply.content)), description)
    except UnreadableError:
        return None


def read_fault(element: etree._Element, description: Description) -> Fault:
    """A fault, read strictly. Raises `UnreadableError`."""
    if element.tag != f"{{{SOAP}}}Fault":
        raise UnreadableError
    detail = element.find("detail")
    return Fault(_code(element.find("faultcode")), None if detail is None else _refusal(detail, description))


def _code(element: etree._Element | None) -> tuple[str, str]:
    """A qualified name: what its prefix stands for is said where it is used."""
    if element is None:
        raise UnreadableError
    prefix, _, name = (element.text or "").strip().rpartition(":")
    return element.nsmap.get(prefix or None, ""), name


def _refusal(detail: etree._Element, description: Description) -> Refusal | None:
    if len(detail) == 0:
        return None
    if len(detail) > 1 or detail[0].tag != f"{{{NAMESPACE}}}Refusal":
        raise UnreadableError
    told = body(description.read(detail[0]))
    return Refusal(told["status"], told["code"], tuple(each["code"] for each in told["errors"]))

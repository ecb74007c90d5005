"""The WSDL: what the server answers when asked for it, and the schema requests must match."""

from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from .names import MOSAIC

_FILE = Path(__file__).with_name("mosaic.wsdl")  # the copy of docs/protocols that travels with the simulator
_ADDRESS = "http://localhost/soap/v1"
_SCHEMA = "{http://www.w3.org/2001/XMLSchema}schema"
_OPERATION = "{http://schemas.xmlsoap.org/wsdl/}portType/{http://schemas.xmlsoap.org/wsdl/}operation"


def wsdl(address: str) -> str:
    """The description with the address of this server."""
    return _FILE.read_text(encoding="utf-8").replace(_ADDRESS, address)


@cache
def operations() -> frozenset[str]:
    """The names of the operations."""
    return frozenset(item.get("name", "") for item in etree.parse(_FILE).getroot().findall(_OPERATION))


def misfits(body: etree._Element) -> list[tuple[str, int]]:
    """Where a body does not match the schema, as (element, line); nothing when it does.

    A validator of its own each time: it keeps the errors of the last document, which could be another thread's.
    """
    schema = etree.XMLSchema(_schema_document())
    if schema.validate(body):
        return []
    log: Any = schema.error_log
    return [(_place(body, error.path), error.line) for error in log]


@cache
def _schema_document() -> etree._Element:
    """Written and read again, so that it has the prefixes declared around it."""
    schema = etree.parse(_FILE).getroot().find(f".//{_SCHEMA}[@targetNamespace='{MOSAIC}']")
    assert schema is not None
    return etree.fromstring(etree.tostring(schema))


def _place(body: etree._Element, path: str | None) -> str:
    """The local name of the element at fault, found by its path from the body on. Never a value."""
    _, _, inside = (path or "").removeprefix("/").partition("/")
    try:
        found: Any = body.xpath(inside or ".", namespaces={key: name for key, name in body.nsmap.items() if key})
    except etree.XPathError:  # a prefix declared further in
        found = []
    return etree.QName(found[0] if found else body).localname

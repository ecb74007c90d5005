"""The WSDL, compiled once for the process from our own copy; nothing it could point to is ever loaded."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import zeep.exceptions
from lxml import etree
from zeep.helpers import serialize_object
from zeep.settings import Settings
from zeep.wsdl import Document

from service.adapters.mosaic.soap.safe_xml import parse
from service.adapters.shared.strict import UnreadableError

NAMESPACE = "urn:wise-bridge:mosaic:1"
BINDING = f"{{{NAMESPACE}}}MosaicStepsSoap"
WSDL = Path(__file__).with_name("mosaic.wsdl")
"""Held equal to `docs/protocols/mosaic.wsdl` by a test."""

_SCHEMA = ".//{http://www.w3.org/2001/XMLSchema}schema"
_plain: Any = serialize_object  # has no types
_UNREADABLE = (zeep.exceptions.Error, ValueError, TypeError, LookupError, ArithmeticError)

logging.getLogger("zeep").setLevel(logging.WARNING)  # below that it logs whole envelopes


class LoadRefusedError(Exception):
    """A description names something to be fetched. It is not said what: a name can be the attack."""


class NoTransport:
    """What zeep gets for a transport: it can neither load nor send."""

    def load(self, _url: object) -> NoReturn:
        """What a WSDL imports, includes or refers to."""
        raise LoadRefusedError

    def post(self, *_: object) -> NoReturn:
        """Requests leave through our own client."""
        raise LoadRefusedError

    post_xml = get = post


class Description:
    """The operations and types of a WSDL. Shared by all threads."""

    def __init__(self, wsdl: bytes) -> None:
        schema = _schema_in(parse(wsdl))
        settings = Settings(strict=True, forbid_dtd=True, forbid_entities=True, forbid_external=True)
        document: Any = Document(io.BytesIO(wsdl), NoTransport(), settings=settings)  # type: ignore[arg-type]
        self._operations, self._types = document.bindings[BINDING], document.types
        self._schema = etree.XMLSchema(schema)  # after zeep met no import in it
        self._lock = threading.Lock()

    def envelope(self, operation: str, arguments: Mapping[str, object]) -> etree._Element:
        """A request without its sign-in. Raises `ValueError` for a text that XML cannot carry."""
        envelope: etree._Element = self._operations.get(operation).create(**arguments).content
        return envelope

    def read(self, element: etree._Element) -> dict[str, Any]:
        """A global element as zeep reads it. Raises `UnreadableError` for anything but the schema's shape.

        The schema is asked first: zeep takes an element that is missing for one that is empty.
        """
        with self._lock:  # a schema has one log of errors
            valid = self._schema.validate(element)
        if not valid:
            raise UnreadableError
        try:
            found: dict[str, Any] = _plain(self._types.get_element(element.tag).parse(element, self._types), dict)
        except _UNREADABLE:
            pass  # its words quote the answer
        else:
            return found
        raise UnreadableError


def _schema_in(root: etree._Element) -> etree._Element:
    """The types as a document of their own: a part of one would lose what its prefixes stand for."""
    (schema,) = root.iterfind(_SCHEMA)
    return parse(etree.tostring(schema))


@cache
def description() -> Description:
    """Ours."""
    return Description(WSDL.read_bytes())

"""Parses XML from outside: no document type, so no entities and no expansion, and nothing is fetched."""

import re
from typing import Any, NoReturn

from lxml import etree

from .names import XSI

DEEPEST = 32
_DECLARED_ENCODING = re.compile(r"""<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)["']""")
_HINTS = (f"{{{XSI}}}schemaLocation", f"{{{XSI}}}noNamespaceSchemaLocation")
_SAFE: dict[str, Any] = {
    "encoding": "utf-8",
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": True,  # lets a long document through; the depth has a limit of its own
}


class BadXml(ValueError):
    """The message says what is wrong and never repeats what was sent."""


class _Inspector:
    """Reads along and builds nothing. The parser itself reports what it meets, so that no spelling hides anything.

    A hint where a schema is would be followed while validating, hence it is refused as well.
    """

    def __init__(self) -> None:
        self._depth = 0

    def start(self, _tag: Any, attributes: Any) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadXml(f"elements are nested more than {DEEPEST} deep")
        if any(hint in attributes for hint in _HINTS):
            raise BadXml("a schema location is not allowed")

    def end(self, _tag: Any) -> None:
        self._depth -= 1

    def data(self, _text: Any) -> None: ...

    def comment(self, _text: Any) -> None: ...

    def doctype(self, *_declaration: object) -> NoReturn:
        raise BadXml("a document type declaration is not allowed")

    def pi(self, *_instruction: object) -> NoReturn:
        raise BadXml("a processing instruction is not allowed")

    def close(self) -> Any:
        return None


def parse(content: bytes) -> etree._Element:
    """The root element of a UTF-8 document. Parsed twice: what the first reading refuses is never built."""
    _require_utf8(content)
    try:
        etree.fromstring(content, etree.XMLParser(target=_Inspector(), **_SAFE))
        return etree.fromstring(content, etree.XMLParser(remove_comments=True, **_SAFE))
    except etree.XMLSyntaxError as error:
        raise BadXml("not well-formed") from error


def _require_utf8(content: bytes) -> None:
    """Zero characters mean UTF-16 without a mark, which the parser would otherwise recognise and take."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadXml("not UTF-8") from error
    declared = _DECLARED_ENCODING.match(text)
    if "\0" in text or (declared and declared[1].upper() != "UTF-8"):
        raise BadXml("not UTF-8")

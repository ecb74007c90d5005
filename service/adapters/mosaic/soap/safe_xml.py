"""Reading XML that somebody else wrote: small, shallow, and without anything that asks for more.

What is not wanted is refused while it is being read, so that nothing is unfolded, fetched or built first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, cast

from lxml import etree

from service.adapters.shared.strict import UnreadableError

LARGEST = 1024 * 1024
DEEPEST = 32
MOST_ELEMENTS = 20_000
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
"""Its attributes name types to read as and schemas to load; neither is a reader's to follow."""


def parse(content: bytes) -> etree._Element:
    """The root element, comments left out. Raises `UnreadableError`, which carries nothing of it."""
    if len(content) > LARGEST:
        raise UnreadableError
    try:
        root: etree._Element = etree.fromstring(content, _parser())
    except (etree.XMLSyntaxError, ValueError):
        pass  # its words quote the document
    else:
        return root
    raise UnreadableError


def _parser() -> etree.XMLParser:
    """UTF-8 whatever the document says of itself: another encoding would hide from every check by bytes."""
    return etree.XMLParser(
        target=cast(Any, _Guarded()),
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        recover=False,
    )


class _Guarded:
    """Builds the tree, called by the parser for each thing it meets."""

    def __init__(self) -> None:
        self._builder: Any = etree.TreeBuilder()  # takes name spaces, which its stubs do not know
        self._depth = self._elements = 0

    def start(self, tag: str, attributes: Mapping[str, str], namespaces: Mapping[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > DEEPEST or self._elements > MOST_ELEMENTS:
            raise UnreadableError
        if any(name.startswith(XSI) for name in attributes):
            raise UnreadableError
        known = {prefix or None: name for prefix, name in namespaces.items()}  # lxml gives "" and takes None
        self._builder.start(tag, attributes, known)

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._builder.end(tag)

    def data(self, text: str) -> None:
        self._builder.data(text)

    def comment(self, _text: str) -> None:
        """Says nothing to a machine."""

    def doctype(self, *_: Any) -> NoReturn:
        """Met before anything it declares."""
        raise UnreadableError

    def pi(self, *_: Any) -> NoReturn:
        raise UnreadableError

    def close(self) -> etree._Element:
        root: etree._Element = self._builder.close()
        return root

"""Parses XML from outside. No DTD, so no entities, no expansion, no fetching."""

import re
from typing import NoReturn
from xml.etree import ElementTree

MAX_MANIFEST_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 32
"""Elements within each other: several times what any manifest has, and few enough to cost nothing."""
_DECLARED_ENCODING = re.compile(r"""<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)["']""")


class BadManifest(ValueError):
    """The message says what is wrong and never repeats what the manifest says about a child."""


class _Guarded(ElementTree.TreeBuilder):
    """The parser itself reports a DTD, so no spelling or encoding trick hides one from us. Depth ends the reading."""

    depth = 0

    def start(self, tag: str, attributes: dict[str, str], /) -> ElementTree.Element:
        """Raises `BadManifest` before a deep tree is built, which would be slow to make and to clear away."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise BadManifest(f"more than {MAX_DEPTH} elements within each other")
        return super().start(tag, attributes)

    def end(self, tag: str, /) -> ElementTree.Element:
        self.depth -= 1
        return super().end(tag)

    def doctype(self, *_declaration: object) -> NoReturn:
        raise BadManifest("a document type declaration is not allowed")


def parse(content: bytes) -> ElementTree.Element:
    """The root element of a UTF-8 document."""
    if len(content) > MAX_MANIFEST_BYTES:
        raise BadManifest("larger than 4 MiB")
    parser = ElementTree.XMLParser(target=_Guarded())
    try:
        parser.feed(_utf8(content))
        root: ElementTree.Element = parser.close()
    except ElementTree.ParseError as error:
        raise BadManifest(f"not well-formed (line {error.position[0]})") from error
    return root


def _utf8(content: bytes) -> str:
    """Decoding here overrules the declaration, so a declaration that differs is refused.

    Zero characters mean UTF-16 without a mark, which the parser would otherwise recognise and take.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadManifest("not UTF-8") from error
    if "\0" in text:
        raise BadManifest("not UTF-8")
    declared = _DECLARED_ENCODING.match(text)
    if declared and declared[1].upper() != "UTF-8":
        raise BadManifest("not declared as UTF-8")
    return text

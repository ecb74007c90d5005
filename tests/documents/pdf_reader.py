"""Reads a tagged PDF as a screen reader does: the text of the structure tree, in its order; and what is decoration.

Nothing but pikepdf, so that the tests need no program on the machine. Text that is not tagged is not found here, which
is the point.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import Any

import pikepdf


@dataclass
class Reading:
    """What a PDF says."""

    tagged: str = ""
    headings: list[str] = field(default_factory=list)
    decoration: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    @property
    def letters(self) -> str:
        """The tagged text without white space, so that line and page breaks do not matter."""
        return letters(self.tagged)


def letters(text: str) -> str:
    """A text without white space."""
    return re.sub(r"\s+", "", text)


def opened(content: bytes) -> pikepdf.Pdf:
    """The file, parsed."""
    return pikepdf.open(io.BytesIO(content))


def attached(content: bytes) -> dict[str, str]:
    """The text files attached to the PDF, by name."""
    pdf = opened(content)
    return {name: spec.get_file().read_bytes().decode() for name, spec in pdf.attachments.items()}


def read(content: bytes) -> Reading:
    """All tagged text in reading order, and each page's decoration (its header and footer)."""
    pdf, reading = opened(content), Reading()
    marked: dict[tuple[Any, int], str] = {}
    for page in pdf.pages:
        found, rest = _page(page)
        marked |= {(page.obj.objgen, number): text for number, text in found.items()}
        reading.decoration.append(rest)
    _walk(pdf.Root.StructTreeRoot.K, None, marked, reading)
    return reading


def _walk(node: Any, page: Any, marked: dict[tuple[Any, int], str], reading: Reading) -> None:
    if isinstance(node, pikepdf.Array):
        for child in node:
            _walk(child, page, marked, reading)
    elif isinstance(node, pikepdf.Dictionary):
        page = node.get("/Pg", page)
        if "/S" in node:
            _element(node, page, marked, reading)
        elif "/MCID" in node:
            reading.tagged += marked[page.objgen, int(node.MCID)]
    elif page is not None:
        reading.tagged += marked[page.objgen, int(node)]


def _element(node: Any, page: Any, marked: dict[tuple[Any, int], str], reading: Reading) -> None:
    tag, before = str(node.S), len(reading.tagged)
    reading.tags.append(tag)
    _walk(node.get("/K", pikepdf.Array()), page, marked, reading)
    if re.fullmatch(r"/H\d", tag):
        reading.headings.append(reading.tagged[before:].strip())
    reading.tagged += "\n"


def _page(page: pikepdf.Page) -> tuple[dict[int, str], str]:
    fonts = {name: _to_unicode(font) for name, font in page.resources.get("/Font", {}).items()}
    texts: dict[int, str] = {}
    rest, stack, font = "", [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name == "Tf":
            font = fonts[str(operands[0])]
        elif name in ("BDC", "BMC"):
            properties = operands[1] if len(operands) > 1 and isinstance(operands[1], pikepdf.Dictionary) else {}
            stack.append((properties.get("/MCID"), properties.get("/ActualText")))
            said = str(properties.get("/ActualText", ""))
        elif name == "EMC":
            stack.pop()
            continue
        if name not in ("Tj", "TJ") and not (name == "BDC" and said):
            continue
        if name != "BDC" and any(actual is not None for _, actual in stack):
            continue
        text = said if name == "BDC" else _shown(operands[0], font)
        number = next((int(mcid) for mcid, _ in reversed(stack) if mcid is not None), None)
        if number is None:
            rest += text
        else:
            texts[number] = texts.get(number, "") + text
    return texts, rest


def _shown(operand: Any, font: dict[int, str]) -> str:
    parts = operand if isinstance(operand, pikepdf.Array) else [operand]
    raw = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
    return "".join(font.get(int.from_bytes(raw[at : at + 2], "big"), "\ufffd") for at in range(0, len(raw), 2))


def _to_unicode(font: Any) -> dict[int, str]:
    text = font.ToUnicode.read_bytes().decode("latin-1")
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.S):
        for code, value in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]*)>", block):
            found[int(code, 16)] = bytes.fromhex(value).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.S):
        for low, high, value in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", block):
            first = bytes.fromhex(value).decode("utf-16-be")
            for step in range(int(high, 16) - int(low, 16) + 1):
                found[int(low, 16) + step] = first[:-1] + chr(ord(first[-1]) + step)
    return found

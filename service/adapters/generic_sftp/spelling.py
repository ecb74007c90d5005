"""The three formats of a manifest. Each gives the same bytes for the same manifest."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from service.adapters.generic_sftp.manifest import Fields, Manifest
from service.ports import Answer

HEADER = ("part", "name", "row", "value")


def as_csv(manifest: Manifest) -> bytes:
    """One record for each field and answer. No cell is prefixed or changed: importers read every column as text."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(_records(manifest))
    return text.getvalue().encode()


def _records(manifest: Manifest) -> Iterator[tuple[str, str, str | int, str]]:
    yield HEADER
    for part, fields in {"exchange": manifest.exchange, **manifest.parts}.items():
        yield from ((part, name, "", value) for name, value in _texts(fields).items())
    for answer in manifest.answers or ():
        yield "answer", answer.code, "" if answer.row is None else answer.row, answer.value


def as_xml(manifest: Manifest) -> bytes:
    """Fields are attributes; an answer's value is the text of its element."""
    root = ET.Element("exchange", _texts(manifest.exchange))
    for part, fields in manifest.parts.items():
        ET.SubElement(root, part, _texts(fields))
    for answer in manifest.answers or ():
        row = {} if answer.row is None else {"row": str(answer.row)}
        ET.SubElement(root, "answer", {"question": answer.code, **row}).text = answer.value
    made: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return made


def as_json(manifest: Manifest) -> bytes:
    """One object; numbers and the restriction keep their types."""
    made: dict[str, Any] = {**manifest.exchange, **manifest.parts}
    if manifest.answers is not None:
        made["answers"] = [_answer(answer) for answer in manifest.answers]
    return json.dumps(made, ensure_ascii=False).encode()


def _answer(answer: Answer) -> dict[str, str | int]:
    row = {} if answer.row is None else {"row": answer.row}
    return {"question": answer.code, **row, "value": answer.value}


def _texts(fields: Fields) -> dict[str, str]:
    """Truth is spelled as the page has it; anything else as itself."""
    words = {True: "yes", False: "no"}
    return {name: words[value] if isinstance(value, bool) else str(value) for name, value in fields.items()}


SPELLINGS: Mapping[str, Callable[[Manifest], bytes]] = {"csv": as_csv, "xml": as_xml, "json": as_json}

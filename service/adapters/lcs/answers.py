"""Reading LCS's answers. They come from outside: no DTD, no entity, a size limit, and only the values we know.

Nothing of an answer goes on but numbers, digests and times that match their pattern, and codes of our own table.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import NoReturn
from xml.parsers import expat

from service.adapters.lcs.reasons import REASONS
from service.adapters.shared.exchange import Reader
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Receipt

LIMIT = 256 * 1024
"""An answer has five short elements; a larger file is not one."""

_NUMBER = re.compile(r"^[A-Za-z0-9-]{1,40}\Z")
_SHA256 = re.compile(r"^[0-9a-f]{64}\Z")
_VERSION = re.compile(r"^[1-9][0-9]{0,8}\Z")
_MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z\Z", re.ASCII)

_ALWAYS = {"record-id": _NUMBER, "manifest-sha256": _SHA256, "filed-at": _MOMENT}
_SOMETIMES = {"document-id": _NUMBER, "version": _VERSION, "withdrawn-at": _MOMENT}
_EVIDENCE = {
    "manifest-sha256": "manifest_sha256",
    "filed-at": "filed_at",
    "version": "version",
    "withdrawn-at": "withdrawn_at",
}


class _UnreadableError(Exception):
    """The file is not an answer of this exchange. Carries nothing."""


@dataclass
class _Flat:
    """Collects a root and its children; anything deeper, doubled or declared is refused."""

    root: str = ""
    version: str = ""
    depth: int = 0

    def __post_init__(self) -> None:
        self.values: dict[str, str] = {}
        self._name = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth == 1:
            self.root, self.version = name, attributes.get("version", "")
        elif self.depth > 2 or name in self.values:
            raise _UnreadableError
        else:
            self._name = name
            self.values[name] = ""

    def text(self, data: str) -> None:
        if self.depth == 2:
            self.values[self._name] += data

    def end(self, _name: str) -> None:
        self.depth -= 1


def _refuse(*_declaration: object) -> NoReturn:
    raise _UnreadableError


def _flat(data: bytes) -> _Flat:
    """The elements of a small, flat document without declarations."""
    flat, parser = _Flat(), expat.ParserCreate()
    parser.buffer_text = True  # else every line end is a piece of its own, and adding them up takes seconds
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = flat.start, flat.end, flat.text
    parser.ParseFile(io.BytesIO(data))
    return flat


def _read(data: bytes, root: str, reference: str) -> dict[str, str]:
    """The values of an answer with this root to this reference."""
    values: dict[str, str] | None = None
    if len(data) <= LIMIT:
        try:
            flat = _flat(data)
            values = flat.values if (flat.root, flat.version) == (root, "1") else None
        except (expat.ExpatError, _UnreadableError, ValueError, LookupError):
            values = None
    if values is None:
        raise NeedsHuman(Reason.UNEXPECTED_ANSWER, f"{root}_unreadable")
    if values.get("reference", "").strip() != reference:
        raise NeedsHuman(Reason.CONTRADICTION, f"{root}_of_another_reference")
    return {name: text.strip() for name, text in values.items()}


def read_acknowledgement(data: bytes, reference: str) -> Receipt:
    """The receipt in a `.ack` file: of a record, a task, a correction (`version`) or a withdrawal (`withdrawn_at`)."""
    values = _read(data, "acknowledgement", reference)
    given = _ALWAYS | {name: pattern for name, pattern in _SOMETIMES.items() if name in values}
    if not all(pattern.match(values.get(name, "")) for name, pattern in given.items()):
        raise NeedsHuman(Reason.UNEXPECTED_ANSWER, "acknowledgement_incomplete")
    evidence = {key: values[name] for name, key in _EVIDENCE.items() if name in values}
    return Receipt(values["record-id"], values.get("document-id"), evidence)


def read_rejection(data: bytes, reference: str) -> NeedsHuman:
    """The problem in a `.rej` file, under our own name for its code."""
    code = _read(data, "rejection", reference).get("code", "")
    if code not in REASONS:
        return NeedsHuman(Reason.UNEXPECTED_ANSWER, "rejection_code_unknown")
    return NeedsHuman(REASONS[code], code)


ANSWERS = Reader(LIMIT, read_acknowledgement, read_rejection)

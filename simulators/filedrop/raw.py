"""A manifest as any of its three formats spells it: parts with fields of text, and answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from simulators.sftp.safe_xml import BadManifest

PARTS = ("exchange", "person", "replaces", "form", "document", "answer", "task", "withdraw")
"""In the order they stand in."""

MAX_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class RawAnswer:
    """`row` as it was written; None when there was none."""

    question: str
    row: str | None
    value: str


@dataclass(frozen=True)
class Raw:
    """Nothing is checked yet but the spelling of the format itself."""

    parts: Mapping[str, Mapping[str, str]]
    answers: tuple[RawAnswer, ...]


def utf8(content: bytes) -> str:
    """The text; a byte order mark is not agreed."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadManifest("not UTF-8") from error
    if text.startswith("\ufeff"):
        raise BadManifest("begins with a byte order mark")
    return text

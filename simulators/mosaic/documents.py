"""Rules for attached documents. The vendor publishes no size limit, so there is none here."""

import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from .refusals import Fault

LONGEST_NAME = 80
_FORBIDDEN = frozenset('\\/:*?"<>|')


@dataclass(frozen=True)
class DocumentRules:
    """What one authority accepts: extensions without the dot, and (category, sub-category) pairs."""

    extensions: frozenset[str]
    pairs: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Upload:
    """A document as the caller sent it."""

    name: str
    title: str
    category: str
    sub_category: str
    content: bytes


def stored_name(sent_name: str) -> str:
    """Trimmed, then cut. A long name loses its extension, as in the real product."""
    return sent_name.strip()[:LONGEST_NAME]


def upload_faults(upload: Upload, rules: DocumentRules) -> list[Fault]:
    """Everything wrong with an upload, each with its own code."""
    checks = {
        "EMPTY": not upload.content,
        "EXTENSION": _extension(upload.name) not in rules.extensions,
        "NAME": not _name_allowed(upload.name),
    }
    faults = [Fault(code, field="file") for code, wrong in checks.items() if wrong]
    if not upload.title.strip():
        faults.append(Fault("MISSING", field="title"))
    if (upload.category, upload.sub_category) not in rules.pairs:
        faults.append(Fault("UNKNOWN_CATEGORY", field="subCategory"))
    return faults


def _extension(name: str) -> str:
    """Judged on the name as sent: the cut to 80 characters comes later."""
    return PurePosixPath(name.strip()).suffix.removeprefix(".").lower()


def _name_allowed(name: str) -> bool:
    """Control characters count even where trimming would remove them."""
    controls = any(unicodedata.category(character) == "Cc" for character in name)
    return bool(name.strip()) and not controls and not _FORBIDDEN.intersection(name)

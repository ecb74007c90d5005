"""Every word of the protocol page that a profile may replace, and how one product spells them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.adapters.shared.spelling import Finding, Spelling, read_spelling

PATHS = ("people", "records", "documents", "tasks", "notes")
_PROPERTIES = (
    "id childId dateOfBirth dateOfBirthEstimated mergedTo restricted",
    "reference personId formType state completedOn answers code row value answersSha256",
    "corrects correctedBy withdrawn documents",
    "recordId name title documentType documentSubType size sha256 file",
    "taskType team dueOn text noteType createdAt modifiedAt etag items next",
)
DRAFT, COMPLETE, OPEN, WITHDRAWAL = "draft", "complete", "open", "withdrawal"
WORDS = (DRAFT, COMPLETE, OPEN, WITHDRAWAL)
_CODES = (
    "BAD_REQUEST NOT_PERMITTED RESTRICTED NOT_FOUND STATE PERSON_MERGED WITHDRAWN PRECONDITION_FAILED",
    "PRECONDITION_REQUIRED TOO_LARGE UNSUPPORTED_MEDIA_TYPE LOCKED",
    "UNKNOWN_PERSON NO_OPEN_EPISODE UNKNOWN_FORM UNKNOWN_TEAM UNKNOWN_TASK_TYPE UNKNOWN_NOTE_TYPE UNKNOWN_RECORD",
    "NOT_CORRECTABLE UNKNOWN_DOCUMENT_TYPE DOCUMENT_EMPTY DOCUMENT_EXTENSION DOCUMENT_NAME DOCUMENT_REQUIRED",
    "REQUIRED UNKNOWN_QUESTION WRONG_TYPE TOO_LONG NOT_IN_LIST ROW_REQUIRED ROW_NOT_ALLOWED DUPLICATE",
)
PROPERTIES = tuple(name for line in _PROPERTIES for name in line.split())
CODES = tuple(code for line in _CODES for code in line.split())
RENAMED = {"paths": PATHS, "properties": PROPERTIES, "words": WORDS, "codes": CODES}
"""By setting. What the page lets a profile replace is all here, also where a status alone decides."""

_SEGMENT = r"[A-Za-z0-9_~-][A-Za-z0-9_.~-]{0,63}"
_ALLOWED = {
    "paths": re.compile(rf"{_SEGMENT}(/{_SEGMENT})*"),
    "properties": re.compile(r"[A-Za-z_@][A-Za-z0-9_.@-]{0,63}"),
    "words": re.compile(r"[A-Za-z0-9_.-]([A-Za-z0-9_. -]{0,62}[A-Za-z0-9_.-])?"),
    "codes": re.compile(r"[A-Za-z0-9_.-]{1,64}"),
}
_WORDED = frozenset({"state", "noteType"})


@dataclass(frozen=True)
class Vocabulary:
    """The four spellings. Everywhere else in this connector the page's words stand."""

    paths: Spelling
    properties: Spelling
    words: Spelling
    codes: Spelling

    def sent(self, value: object) -> object:
        """A body of ours as the product spells it."""
        if isinstance(value, dict):
            return {self.properties.theirs(name): self._worded(name, each) for name, each in value.items()}
        return [self.sent(each) for each in value] if isinstance(value, list) else value

    def read(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """One object of theirs under our names; what we do not know is left out. What stands inside it is not read."""
        named = {self.properties.ours(name): each for name, each in row.items()}
        return {name: self._understood(name, each) for name, each in named.items() if name}

    def _understood(self, name: str, value: object) -> object:
        return self.words.ours(value) if name in _WORDED and isinstance(value, str) else value

    def _worded(self, name: str, value: object) -> object:
        return self.words.theirs(value) if name in _WORDED and isinstance(value, str) else self.sent(value)


def read_vocabulary(connection: Mapping[str, str]) -> tuple[Vocabulary, list[tuple[str, Finding]]]:
    """The vocabulary of a profile, and what is wrong with it, by setting."""
    read = {name: read_spelling(connection.get(name, ""), RENAMED[name], _ALLOWED[name]) for name in RENAMED}
    wrong = [(name, finding) for name, (_, findings) in read.items() for finding in findings]
    return Vocabulary(*(read[name][0] for name in ("paths", "properties", "words", "codes"))), wrong


AS_ON_THE_PAGE = read_vocabulary({})[0]

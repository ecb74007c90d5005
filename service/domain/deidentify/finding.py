"""What was found: where, and of which kind. Never what stands there."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a stretch of text may be, in the words of a message: "This looks like ..."."""

    EMAIL = "an e-mail address"
    WEB = "a web address"
    PHONE = "a telephone number"
    NHS_NUMBER = "an NHS number"
    UPN = "a unique pupil number"
    NINO = "a National Insurance number"
    POSTCODE = "a postcode"
    VEHICLE = "a vehicle's registration"
    CASE_REFERENCE = "a reference number"
    HANDLE = "a name used online"
    BIRTH = "a date of birth"
    DATE = "an exact date or age"
    ADDRESS = "an address"
    SCHOOL = "the name of a school or an organisation"
    PLACE = "the name of a place"
    PERSON = "a person's name"
    KNOWN_NAME = "a name this record knows"


@dataclass(frozen=True, slots=True)
class Finding:
    """Where something may identify somebody, in Unicode code points of the text as given. Never the value."""

    kind: Kind
    start: int
    end: int


class Taken:
    """Findings that never overlap: what came first stays, and what comes later gets what is left of its stretch."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._all: list[Finding] = []

    def add(self, kind: Kind, start: int, end: int) -> None:
        """Takes what is free of the stretch."""
        for free, until in self._free(start, end):
            at = bisect_left(self._starts, free)
            self._starts.insert(at, free)
            self._all.insert(at, Finding(kind, free, until))

    def _free(self, start: int, end: int) -> list[tuple[int, int]]:
        at = bisect_left(self._starts, start)
        if at and self._all[at - 1].end > start:
            start = self._all[at - 1].end
        found = []
        while start < end:
            until = min(self._starts[at], end) if at < len(self._starts) else end
            if start < until:
                found.append((start, until))
            start = self._all[at].end if at < len(self._all) else end
            at += 1
        return found

    def findings(self) -> tuple[Finding, ...]:
        """All of them, in order of place."""
        return tuple(self._all)

    def __bool__(self) -> bool:
        return bool(self._all)

"""A record as the rules see it: possibly broken, so every access is tolerant of missing and mistyped parts.

Structure is judged elsewhere. A rule that meets a missing or mistyped part says nothing about it, so that each
place gets one message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from service.domain.london import age_on, as_date
from service.domain.narratives import narratives
from service.domain.policy import Policy
from service.domain.records import RECORDS
from service.domain.rules.known import NOTHING_KNOWN, Known
from service.domain.text.copies import sketch_of
from service.domain.text.reading import Reading, read

AGES = range(26)
"""Ages a record may give. Anything else may be an identifier in the wrong field, and no rule repeats it."""


@dataclass(frozen=True, repr=False)
class Subject:
    """A parsed JSON object of `record_type`, its authority's policy, today's date in London, and what else is known.

    `thorough` is asked for before a record is saved: its texts are then looked through for names as well.
    """

    record: dict[str, Any]
    record_type: str
    policy: Policy
    today: date
    known: Known = NOTHING_KNOWN
    thorough: bool = False

    def at(self, path: str) -> Any:
        """The value at a `/`-separated path, or None where the way there ends before."""
        value: Any = self.record
        for part in _parts(path):
            if type(value) is dict:
                value = value.get(part)
            elif value is None:
                return None
            else:
                value = _below(value, part)
        return value

    def text(self, path: str) -> str | None:
        """The string there, or None."""
        value = self.at(path)
        return value if isinstance(value, str) else None

    def items_at(self, path: str) -> list[Any]:
        """The list there, or an empty one."""
        value = self.at(path)
        return value if isinstance(value, list) else []

    def texts(self, path: str) -> list[str]:
        """The strings of the list there."""
        return [item for item in self.items_at(path) if isinstance(item, str)]

    def objects(self, path: str) -> list[tuple[int, dict[str, Any]]]:
        """The objects of the list there, each with its position."""
        return [(index, item) for index, item in enumerate(self.items_at(path)) if isinstance(item, dict)]

    def date_at(self, path: str) -> date | None:
        """The calendar date there, or None when it is absent or not one."""
        return as_date(self.at(path))

    @cached_property
    def narratives(self) -> tuple[tuple[str, Reading], ...]:
        """What professionals wrote, each text with its JSON pointer, read once for all who ask."""
        return tuple((place, read(text)) for place, text in narratives(self.record, RECORDS[self.record_type]))

    @cached_property
    def sketches(self) -> dict[str, bytes]:
        """What tells a copy of each of these texts. Made once, to look at this record and to keep for the next."""
        return {place: sketch_of(reading) for place, reading in self.narratives}

    @property
    def completed_field(self) -> str:
        """Where the record says when it was completed: a RISE is completed by meeting."""
        return "/meeting_on" if self.record_type == "rise_meeting_output" else "/completed_on"

    @cached_property
    def completed_on(self) -> date | None:
        """The day the assessment was made; never the day it was typed in."""
        return self.date_at(self.completed_field)

    @property
    def age(self) -> int | None:
        """The young person's age at completion, as given or from the date of birth."""
        given = self.at("/young_person/age_at_completion")
        if given is not None:
            return given if isinstance(given, int) and not isinstance(given, bool) and given in AGES else None
        born = self.date_at("/young_person/date_of_birth")
        return age_on(born, self.completed_on) if born and self.completed_on else None


@lru_cache(maxsize=1024)
def _parts(path: str) -> tuple[str, ...]:
    """The rules' own paths, and those of their lists' items."""
    return tuple(path.strip("/").split("/"))


def _below(value: Any, part: str) -> Any:
    if isinstance(value, list):
        return value[int(part)] if part.isdecimal() and int(part) < len(value) else None
    return value.get(part) if isinstance(value, dict) else None

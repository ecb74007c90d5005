"""A person at a case system that only people can reach, and that system: reads sheets, types, and says what came of it.

Written from docs/manual-pack.md alone. The clerk sees the CSV of a sheet and nothing of the bridge behind it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

DOCUMENT_MAX = 200_000


@dataclass
class Person:
    """Somebody in that system."""

    born: date
    estimated: bool = False
    merged: bool = False
    restricted: bool = False
    hidden: bool = False
    twice: bool = False
    episode: bool = True


@dataclass
class Entry:
    """A record there, or an entry in its diary."""

    number: str
    person: str
    reference: str
    typed: dict[tuple[str, int | None], str] = field(default_factory=dict)
    document: str | None = None
    corrects: str | None = None
    restricted: bool = False
    withdrawn_under: str | None = None


@dataclass
class Sheet:
    """What the clerk reads off the CSV."""

    about: dict[str, Any]
    check: dict[str, str]
    fields: list[dict[str, Any]]


class Refused(Exception):
    """What keeps the clerk from typing it in."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


def read_sheet(text: str) -> Sheet:
    """Every cell below the header is a JSON value."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    lines = [dict(zip(header, map(json.loads, row), strict=True)) for row in rows]
    about = {each["code"]: each["words"] for each in lines if each["part"] == "about"}
    check = {each["code"]: each["words"] for each in lines if each["part"] == "check"}
    fields = [each for each in lines if each["part"] == "field"]
    return Sheet(about, check, fields)


@dataclass
class CaseSystem:
    """People, records and a diary. `questions` are the form's fields; those of `dates` take dates only."""

    people: dict[str, Person]
    questions: frozenset[str]
    dates: frozenset[str]
    entries: list[Entry] = field(default_factory=list)

    def under(self, reference: str) -> list[Entry]:
        return [each for each in self.entries if each.reference == reference]

    def withdrawals(self, reference: str) -> list[Entry]:
        return [each for each in self.entries if each.withdrawn_under == reference]

    def work(self, sheet: Sheet, document: Callable[[], bytes]) -> tuple[str, str | None]:
        """The numbers to confirm. Raises `Refused`."""
        match sheet.about["kind"]:
            case "record":
                return self._type_in(sheet, document)
            case "retraction":
                return self._withdraw(sheet)
            case _:
                return self._put_into_diary(sheet)

    def _type_in(self, sheet: Sheet, document: Callable[[], bytes]) -> tuple[str, str | None]:
        if there := self.under(sheet.about["reference"]):
            return there[0].number, there[0].document
        self._see_the_person(sheet)
        self._see_what_is_corrected(sheet)
        for each in sheet.fields:
            self._see_the_field(each)
        if len(document()) > DOCUMENT_MAX:
            raise Refused("document_too_large")
        entry = self._new(sheet)
        entry.restricted = sheet.about["restricted"]
        entry.typed = {(each["code"], each["row"]): each["words"] for each in sheet.fields}
        entry.document, entry.corrects = f"D{entry.number}", sheet.about["about_number"]
        return entry.number, entry.document

    def _see_the_person(self, sheet: Sheet) -> None:
        person = self.people.get(sheet.check["child_reference"])
        if person is None or person.hidden:
            raise Refused("person_not_found")
        for wrong, reason in (
            (person.merged, "person_merged"),
            (person.twice, "person_ambiguous"),
            (person.restricted, "person_restricted"),
            (person.estimated, "dob_estimated"),
            (not _same(person.born, sheet), "dob_mismatch"),
            (not person.episode, "no_open_episode"),
        ):
            if wrong:
                raise Refused(reason)

    def _see_what_is_corrected(self, sheet: Sheet) -> None:
        if sheet.about["about_number"] is not None:
            self._record(sheet.about["about_number"], sheet.check["child_reference"])

    def _see_the_field(self, each: dict[str, Any]) -> None:
        if each["code"] not in self.questions:
            raise Refused("unknown_code")
        if each["code"] in self.dates and not re.fullmatch(r"\d{4}-\d\d-\d\d", each["words"]):
            raise Refused("content_refused")

    def _withdraw(self, sheet: Sheet) -> tuple[str, str | None]:
        record = self._record(sheet.about["about_number"], sheet.check["child_reference"])
        record.withdrawn_under = sheet.about["reference"]
        return record.number, None

    def _record(self, number: str, person: str) -> Entry:
        found = next((each for each in self.entries if (each.number, each.person) == (number, person)), None)
        if found is None:
            raise Refused("record_not_there")
        if found.withdrawn_under is not None:
            raise Refused("already_withdrawn")
        return found

    def _put_into_diary(self, sheet: Sheet) -> tuple[str, str | None]:
        entry = self._new(sheet)
        entry.typed = {(each["code"], None): each["words"] for each in sheet.fields}
        return entry.number, None

    def _new(self, sheet: Sheet) -> Entry:
        entry = Entry(str(1000 + len(self.entries)), sheet.check["child_reference"], sheet.about["reference"])
        self.entries.append(entry)
        return entry


def _same(born: date, sheet: Sheet) -> bool:
    if "date_of_birth" in sheet.check and _day(sheet.check["date_of_birth"]) != born:
        return False
    if "age" not in sheet.check:
        return True
    on = _day(sheet.check["age_as_at"])
    return int(sheet.check["age"]) == on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _day(words: str) -> date:
    return datetime.strptime(f"{words} +0000", "%d %B %Y %z").date()

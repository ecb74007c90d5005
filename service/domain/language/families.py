"""The families of wording, read from their versioned file (`config/language`). The text is passed in, never opened."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.domain.language.notation import Phrase, parse_phrase

_ID = re.compile(r"[a-z]+(_[a-z]+)*")
_TOP = ("version", "source", "family")
_MEMBERS = ("id", "number", "title", "guidance", "phrases", "not_when")


@dataclass(frozen=True)
class Family:
    """One family of wording. `guidance` is what the writer reads; a hit that meets a `not_when` phrase is none."""

    id: str
    number: int
    title: str
    guidance: str
    phrases: tuple[Phrase, ...]
    not_when: tuple[Phrase, ...]


@dataclass(frozen=True)
class Families:
    """One edition of the list, in order of number. `source` says in words where it comes from."""

    version: str
    source: str
    families: tuple[Family, ...]

    def without(self, off: Iterable[str]) -> Families:
        """The same edition without these families. Raises ValueError for an id that is not among them."""
        unwanted = set(off)
        if unknown := unwanted - {family.id for family in self.families}:
            raise ValueError(f"Not in edition {self.version}: {', '.join(sorted(unknown))}.")
        return Families(self.version, self.source, tuple(each for each in self.families if each.id not in unwanted))


@dataclass(frozen=True, order=True)
class FileFault:
    """One fault of the file: where in it, what is wrong, what to do."""

    file: str
    key: str
    what: str
    fix: str

    def __str__(self) -> str:
        return f"{self.file}, `{self.key}`: {self.what} {self.fix}"


class FamiliesInvalid(ValueError):
    """The file cannot be used. `faults` has everything that is wrong with it."""

    def __init__(self, faults: Sequence[FileFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def parse_families(text: str, file: str) -> Families:
    """The edition in this TOML text; `file` is its name, for messages. Raises FamiliesInvalid with every fault."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FamiliesInvalid([FileFault(file, "", f"This is not TOML: {error}.", "Correct it.")]) from None
    reading = _Reading(file)
    edition = reading.edition(data)
    if reading.faults:
        raise FamiliesInvalid(reading.faults)
    return edition


class _Reading:
    """One pass over the file that notes every fault and reads on."""

    def __init__(self, file: str) -> None:
        self.faults: list[FileFault] = []
        self._file = file
        self._seen: dict[str, str] = {}

    def edition(self, data: dict[str, object]) -> Families:
        self._only("", data, _TOP)
        version, source = self._words("version", data.get("version")), self._words("source", data.get("source"))
        tables = self._tables(data.get("family"))
        families = [self._family(f"family[{index}]", table) for index, table in enumerate(tables)]
        return Families(version, source, tuple(sorted(families, key=lambda family: family.number)))

    def _family(self, key: str, table: dict[str, object]) -> Family:
        self._only(f"{key}.", table, _MEMBERS)
        return Family(
            id=self._id(f"{key}.id", table.get("id")),
            number=self._number(f"{key}.number", table.get("number")),
            title=self._words(f"{key}.title", table.get("title")),
            guidance=self._words(f"{key}.guidance", table.get("guidance")),
            phrases=self._phrases(f"{key}.phrases", table.get("phrases"), needed=True),
            not_when=self._phrases(f"{key}.not_when", table.get("not_when", []), needed=False),
        )

    def _tables(self, value: object) -> list[dict[str, object]]:
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            return value
        self._fault("family", "There is no list of families.", "Give each as a [[family]].")
        return []

    def _only(self, prefix: str, table: dict[str, object], known: Sequence[str]) -> None:
        for name in table.keys() - set(known):
            self._fault(f"{prefix}{name}", "This is not a name we know.", f"Use {', '.join(known)}.")

    def _words(self, key: str, value: object) -> str:
        if isinstance(value, str) and value.strip():
            return value
        self._fault(key, "There are no words here.", "Write them as text.")
        return ""

    def _id(self, key: str, value: object) -> str:
        if not isinstance(value, str) or not _ID.fullmatch(value):
            self._fault(key, "This is not an id.", "Use small letters with underscores between words.")
            return ""
        self._once(key, f"id {value}")
        return value

    def _number(self, key: str, value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            self._fault(key, "This is not a number of a family.", "Use a whole number from 1 on.")
            return 0
        self._once(key, f"number {value}")
        return value

    def _phrases(self, key: str, value: object, *, needed: bool) -> tuple[Phrase, ...]:
        if not isinstance(value, list) or (needed and not value):
            self._fault(key, "There is no list of phrases.", "List at least one." if needed else "Use a list.")
            return ()
        read = (self._phrase(f"{key}[{index}]", item, once=needed) for index, item in enumerate(value))
        return tuple(phrase for phrase in read if phrase)

    def _phrase(self, key: str, value: object, *, once: bool) -> Phrase:
        try:
            phrase = parse_phrase(value if isinstance(value, str) else "")
        except ValueError as error:
            self._fault(key, f"This is not a phrase: {error}.", "See the notes at the top of the file.")
            return ()
        if once:
            self._once(key, f"phrase {value}")
        return phrase

    def _once(self, key: str, what: str) -> None:
        """Two families with one id, number or phrase would leave it open whose advice it is."""
        if first := self._seen.get(what):
            self._fault(key, f"This is given at {first} already.", "Keep one of them.")
        self._seen.setdefault(what, key)

    def _fault(self, key: str, what: str, fix: str) -> None:
        self.faults.append(FileFault(self._file, key, what, fix))

"""Reading a catalogue: every fault of the file at once, and nothing is counted while there is one."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from service.central.catalogue.checks import check
from service.central.catalogue.dates import follows
from service.central.catalogue.drafts import Draft
from service.central.catalogue.meaning import Codes
from service.central.catalogue.model import Catalogue
from service.central.catalogue.months import MONTHS
from service.central.catalogue.parts import read_axis, read_table, read_universe
from service.central.catalogue.words import label
from service.central.catalogue.written import Entry, opened, pairs, section, text
from service.domain.fact import CODES
from service.errors import ConfigFault, ConfigurationFault

_KEYS = ("version", "release_days", "authorities", "universes", "axes", "tables")
_AUTHORITY = re.compile(r"[EWSN][0-9]{8}")
_DAY = re.compile(rf"([1-9][0-9]?) ({'|'.join(MONTHS)})")


def read_all(folder: Path) -> dict[str, Catalogue]:
    """Every catalogue of a folder by its version, oldest first. One stays for as long as its releases are served.

    Raises `ConfigurationFault`.
    """
    return {each.version: each for each in map(read, sorted(folder.glob("*.yaml")))}


def read(path: Path, codes: Codes = CODES) -> Catalogue:
    """The catalogue of one file, named by its version. `codes` are the fields of a fact with their values.

    Raises `ConfigurationFault` with every fault, in the order of the file's lines.
    """
    faults: list[ConfigFault] = []
    content, top = opened(path, faults)
    found = section(top, _KEYS)
    version, days, authorities = _version(found.get("version"), path), *_givens(found)
    draft = _draft(found, codes)
    check(draft)
    if faults:
        raise ConfigurationFault(sorted(dict.fromkeys(faults), key=lambda each: (each.line or 0, each.column or 0)))
    return Catalogue(
        version=version,
        authorities=authorities,
        axes={name: placed.value for name, placed in draft.axes.items()},
        universes={name: placed.value for name, placed in draft.universes.items()},
        tables=tuple(table.value for table in draft.tables),
        release_days=days,
        digest=sha256(content).hexdigest(),
    )


def _draft(found: dict[str, Entry], codes: Codes) -> Draft:
    return Draft(
        axes={name: read_axis(name, entry, codes) for name, entry in _named(found, "axes").items()},
        universes={name: read_universe(name, entry, codes) for name, entry in _named(found, "universes").items()},
        tables=tuple(read_table(name, entry) for name, entry in _named(found, "tables").items()),
        codes=codes,
    )


def _named(found: dict[str, Entry], part: str) -> dict[str, Entry]:
    """The named entries of a part; an empty part is a fault."""
    entry = found.get(part)
    named = pairs(entry)
    if entry and not named:
        entry.fault("There is nothing here.", "Write at least one.")
    return named


def _givens(found: dict[str, Entry]) -> tuple[dict[int, tuple[int, int]], dict[str, str]]:
    return _release_days(found.get("release_days")), _authorities(_named(found, "authorities"))


def _version(entry: Entry | None, path: Path) -> str:
    said = text(entry)
    if entry and said and said != path.stem:
        entry.fault("This is not the name of the file.", "Name the file by its version.")
    return said


def _authorities(found: dict[str, Entry]) -> dict[str, str]:
    for code, entry in found.items():
        if not _AUTHORITY.fullmatch(code):
            entry.fault("This is no code of an authority.", "Write its nine characters, as E08000007.")
    return {code: label(entry) for code, entry in found.items()}


def _release_days(entry: Entry | None) -> dict[int, tuple[int, int]]:
    found = section(entry, [f"Q{number}" for number in range(1, 5)])
    return {int(name[1]): _day(int(name[1]), each) for name, each in found.items()}


def _day(number: int, entry: Entry) -> tuple[int, int]:
    """Month and day. It lies in the next quarter, so that the records have come and the figures are still of use."""
    found = _DAY.fullmatch(text(entry))
    month, day = (MONTHS.index(found[2]) + 1, int(found[1])) if found else (0, 0)
    if not follows(number, month, day):
        entry.fault("This is no day of the quarter that follows.", "Write day and month of that quarter, as 15 May.")
    return month, day

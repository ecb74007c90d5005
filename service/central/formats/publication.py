"""What may be pulled: every published release, in every form, from the store of releases and the catalogues."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from service.central.catalogue.model import Axis, Catalogue, Table
from service.central.formats.dictionary import dictionary_csv, dictionary_json
from service.central.formats.long import all_csv
from service.central.formats.package import data_package
from service.central.formats.shape import shape, shapes, with_groups
from service.central.formats.store import Entry, Served
from service.central.formats.table_json import axis_document, missing, period, table_json
from service.central.formats.text import as_json
from service.central.formats.tidy import meta_csv, tidy_csv
from service.central.formats.words import UNITS, symbols
from service.central.formats.workbook import tables_xlsx
from service.central.published import Release
from service.errors import Unavailable

EDITION = "2"
"""Part of every tag. Raised when the code makes other bytes of the same release; a test notices when it does."""

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WHOLE: Mapping[str, tuple[str, Callable[[Catalogue, Release], bytes]]] = {
    "tables.xlsx": (_XLSX, tables_xlsx),
    "data-package.zip": ("application/zip", data_package),
    "all.csv": ("text/csv", all_csv),
    "data-dictionary.json": ("application/json", dictionary_json),
    "data-dictionary.csv": ("text/csv", dictionary_csv),
}
_FORMS = {".meta.csv": "text/csv", ".csv": "text/csv", "": "application/json"}
"""A table's forms by how the asked name ends; the longest first."""


@dataclass(frozen=True)
class File:
    """One form of one release. `tag` differs whenever the bytes do; they are made when `body` is called."""

    name: str
    media_type: str
    tag: str
    body: Callable[[], bytes]


class Publication:
    """`service.api.released.Published`: plain values and bytes. `catalogues`: the newest last.

    An earlier one stays for as long as its releases are served: a release is read by the one it was made by.
    """

    def __init__(self, served: Served, catalogues: Sequence[Catalogue]) -> None:
        self._served, self._catalogues = served, {each.version: each for each in catalogues}

    def releases(self) -> Sequence[Entry]:
        """Every published release, the newest first."""
        return sorted(self._served.list(), key=lambda each: each.quarter, reverse=True)

    def menu(self) -> dict[str, Any]:
        """The tables and axes of the newest release's catalogue, or of the newest catalogue before any release."""
        entries = self.releases()
        catalogue = self._catalogue(entries[0]) if entries else self._newest()
        return {
            "catalogue": catalogue.version,
            "releases": [each.quarter for each in entries],
            "tables": [
                {
                    "table": each.name,
                    "title": each.title,
                    "question": each.question,
                    "unit": each.unit.value,
                    "releases": [entry.quarter for entry in entries if self._has(entry, each.name)],
                }
                for each in catalogue.tables
            ],
            "axes": [axis_document(each) for each in _axes(catalogue, entries)],
            "units": {each.value: said for each, said in UNITS.items()},
            "symbols": symbols(),
        }

    def release_days(self) -> Mapping[int, tuple[int, int]]:
        """For each quarter's number the month and day of its release."""
        return self._newest().release_days

    def about(self, entry: Entry) -> File:
        """What a release counts and whom it leaves out, and what there is of it."""
        return File("release.json", "application/json", self._tag(entry, "release.json"), partial(self._about, entry))

    def whole_file(self, entry: Entry, name: str) -> File | None:
        """A file with all of a release, by its name."""
        if name not in _WHOLE:
            return None
        media_type, make = _WHOLE[name]
        return File(name, media_type, self._tag(entry, name), partial(self._whole, entry, make))

    def table_file(self, entry: Entry, asked: str) -> File | None:
        """A table by its name: alone for JSON, with `.csv`, or with `.meta.csv` for what the columns are."""
        ending = next(each for each in _FORMS if asked.endswith(each))
        table = asked.removesuffix(ending)
        if not self._has(entry, table):
            return None
        name = f"{table}{ending or '.json'}"
        tag = self._tag(entry, f"tables/{name}")
        return File(name, _FORMS[ending], tag, partial(self._table, entry, table, ending))

    def whole_files(self) -> tuple[str, ...]:
        """The names of the files with all of a release."""
        return tuple(_WHOLE)

    def note_pull(self, client_id: str, quarter: str, what: str) -> None:
        """Keeps it, or raises `Unavailable`."""
        self._served.note_pull(client_id, quarter, what)

    def answers(self) -> bool:
        """Whether the database answers."""
        return self._served.answers()

    def _about(self, entry: Entry) -> bytes:
        catalogue, release = self._catalogue(entry), self._release(entry)
        return as_json(
            {
                "quarter": entry.quarter,
                "number": entry.number,
                "digest": entry.digest,
                "published_on": entry.published_on.isoformat(),
                "catalogue": entry.catalogue,
                "period": period(release.quarter),
                "missing": missing(catalogue, release),
                "tables": [{"table": each.name, "title": each.title} for each in _defined(catalogue, release)],
                "files": list(_WHOLE),
            }
        )

    def _whole(self, entry: Entry, make: Callable[[Catalogue, Release], bytes]) -> bytes:
        return make(self._catalogue(entry), self._release(entry))

    def _table(self, entry: Entry, name: str, ending: str) -> bytes:
        catalogue, release = self._catalogue(entry), self._release(entry)
        table = shape(catalogue, release, name)
        if table is None:
            raise Unavailable("This release has lost a table of its catalogue.")
        if ending == ".meta.csv":
            return meta_csv(table)
        return tidy_csv(table, release.quarter) if ending else table_json(catalogue, release, table)

    def _tag(self, entry: Entry, name: str) -> str:
        made_of = (EDITION, self._catalogue(entry).digest, entry.digest, name)
        return hashlib.sha256("\n".join(made_of).encode()).hexdigest()

    def _has(self, entry: Entry, table: str) -> bool:
        return any(each.name == table for each in self._catalogue(entry).tables)

    def _newest(self) -> Catalogue:
        return list(self._catalogues.values())[-1]

    def _catalogue(self, entry: Entry) -> Catalogue:
        """A release is only ever read by the catalogue it was made by, to the letter."""
        found = self._catalogues.get(entry.catalogue)
        if found is None or found.digest != entry.catalogue_digest:
            raise Unavailable("The catalogue of this release is not installed here.")
        return found

    def _release(self, entry: Entry) -> Release:
        found = self._served.release(entry.quarter)
        if found is None or found.catalogue != entry.catalogue:
            raise Unavailable("This release cannot be read.")
        return found


def _axes(catalogue: Catalogue, entries: Sequence[Entry]) -> list[Axis]:
    """With their groups; those of quarters are only known once there is a release."""
    if not entries:
        return list(catalogue.axes.values())
    return [with_groups(catalogue, each, entries[0].quarter) for each in catalogue.axes.values()]


def _defined(catalogue: Catalogue, release: Release) -> list[Table]:
    return [each.definition for each in shapes(catalogue, release)]

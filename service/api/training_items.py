"""What was sent to the training register, item by item: read from JSON or CSV, judged, and pointed back at."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.api.csv_rows import CsvRow, csv_rows
from service.api.parsing import parse_json
from service.api.schemas import message
from service.api.schemas.structure import build_schema, faults_of
from service.domain.faults import Fault
from service.domain.training.record import TRAINING_RECORD, date_faults
from service.errors import Malformed, TooLarge

ITEMS_MAX = 500
FAULTS_MAX = 50
NOT_YOURS = Fault(
    "/authority", "S1", "This client may register training for its own authority only.", "Leave the field out."
)
_NOT_HERE = Fault("/authority", "TR-3", "No authority that takes part has this code.", "Check the code.")
_SURPLUS = Fault("", "CSV-2", "This row has more cells than the header has names.", "Look for a comma too many.")
_NO_SCORE = "The register says that somebody was there, never how well they did. Remove it."
SCHEMA = build_schema(TRAINING_RECORD)


@dataclass(frozen=True, repr=False)
class Item:
    """One record as it was sent: alone, at `index` of a list (from 0), or in `row` of a file (from 1, the header)."""

    value: Any
    index: int | None = None
    row: int | None = None
    surplus: bool = False

    @property
    def place(self) -> dict[str, int]:
        """Where its sender finds it."""
        return {"row": self.row} if self.row is not None else {"item": self.index or 0}

    def shown(self, fault: Fault) -> dict[str, Any]:
        """A fault with its place in what was sent: row and column of a file, else a JSON pointer."""
        if self.row is None:
            return self.pointed(fault).as_dict()
        column = fault.pointer.split("/")[1] if fault.pointer else None
        return {"row": self.row, "column": column, "code": fault.code, "detail": fault.detail, "fix": fault.fix}

    def pointed(self, fault: Fault) -> Fault:
        """The fault, its pointer seen from the whole body."""
        prefix = "" if self.index is None else f"/{self.index}"
        return Fault(prefix + fault.pointer, fault.code, fault.detail, fault.fix)


def items_of(raw: bytes, media_type: str) -> list[Item]:
    """Every item of a body. One JSON object is one item without an index."""
    items = _from_csv(raw) if media_type == "text/csv" else _from_json(parse_json(raw))
    if not items:
        raise Malformed(f"Send one training record, or a list of 1 to {ITEMS_MAX}.")
    if len(items) > ITEMS_MAX:
        raise TooLarge(f"A list may have up to {ITEMS_MAX} training records; send the rest in another.")
    return items


def _from_json(value: Any) -> list[Item]:
    if isinstance(value, list):
        return [Item(each, index=index) for index, each in enumerate(value)]
    return [Item(value)]


def _from_csv(raw: bytes) -> list[Item]:
    rows = csv_rows(raw, tuple(TRAINING_RECORD.fields))
    return [Item(_typed(row), row=row.number, surplus=row.surplus) for row in rows]


def _typed(row: CsvRow) -> dict[str, Any]:
    """A cell is text, but for the topics, which stand in one cell with semicolons between them."""
    cells: dict[str, Any] = dict(row.cells)
    if "topics" in cells:
        cells["topics"] = [topic.strip() for topic in cells["topics"].split(";") if topic.strip()]
    return cells


def for_tenant(item: Item, tenant: str | None) -> Any:
    """The item with the authority it is about: an authority's own client needn't say it."""
    return {"authority": tenant} | item.value if tenant and isinstance(item.value, dict) else item.value


def item_faults(item: Item, tenant: str | None, known: Collection[str], today: date) -> list[Fault]:
    """Everything wrong with one item, each with a pointer inside the item."""
    value = for_tenant(item, tenant)
    structure = faults_of(SCHEMA, value)
    if not isinstance(value, Mapping):
        return structure
    found = {fault.pointer: _worded(fault) for fault in structure}
    for fault in (*date_faults(value, today), *_whose(value, tenant, known)):
        found.setdefault(fault.pointer, fault)
    if item.surplus:
        found[""] = _SURPLUS
    return _capped(sorted(found.values()))


def _worded(fault: Fault) -> Fault:
    """The general words point to a narrative, and a training record has none."""
    if fault.code != message.NO_SCORE.code:
        return fault
    return Fault(fault.pointer, fault.code, fault.detail, _NO_SCORE)


def _whose(value: Mapping[str, Any], tenant: str | None, known: Collection[str]) -> list[Fault]:
    authority = value.get("authority")
    if not isinstance(authority, str):
        return []
    if tenant is not None:
        return [] if authority == tenant else [NOT_YOURS]
    return [] if authority in known else [_NOT_HERE]


def _capped(faults: list[Fault]) -> list[Fault]:
    if len(faults) <= FAULTS_MAX:
        return faults
    more = Fault("", "F-many", f"There are {len(faults):,} faults; the first {FAULTS_MAX} are listed.", "Check again.")
    return [*faults[:FAULTS_MAX], more]

"""Tables as dictionaries of rows that are never changed in place, a journal to undo a transaction, and a clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Row = Mapping[str, Any]
TERMINAL = frozenset({"delivered", "superseded", "cancelled"})
CLAIMABLE = frozenset({"ready", "retry", "unknown"})
IN_ORDER = frozenset({"record", "retraction"})


class RuleBroken(Exception):
    """What a constraint or the trigger of the database would have refused."""


@dataclass(frozen=True)
class Change:
    """One row as it was before a transaction, and as it is after."""

    table: str
    key: Hashable
    before: Row | None
    after: Row


@dataclass
class Memory:
    """All tables. `now` is the time at which the transaction under way began, as in PostgreSQL."""

    clock: Callable[[], datetime]
    tables: dict[str, dict[Hashable, Row]] = field(default_factory=lambda: defaultdict(dict))
    mode: str = "usual"
    now: datetime = field(init=False)
    transactions: int = 0
    _sequence: int = 0
    _of: dict[tuple[str, str], dict[Hashable, Row]] = field(default_factory=lambda: defaultdict(dict))
    _journal: list[tuple[str, Hashable, Row | None]] | None = None

    def begin(self) -> None:
        assert self._journal is None, "one transaction at a time"
        self._journal, self.now = [], self.clock()
        self.transactions += 1

    def commit(self) -> list[Change]:
        """What the transaction changed, each row once."""
        journal, self._journal = self._journal, None
        if not journal:
            return []
        first: dict[tuple[str, Hashable], Row | None] = {}
        for table, key, before in journal:
            first.setdefault((table, key), before)
        return [Change(table, key, before, self.tables[table][key]) for (table, key), before in first.items()]

    def touched(self, *tables: str) -> bool:
        """Whether the transaction under way has written to any of them."""
        return bool(self._journal) and any(table in tables for table, _, _ in self._journal)

    def roll_back(self) -> None:
        for table, key, before in reversed(self._journal or ()):
            row = self.tables[table].pop(key) if before is None else before
            if before is not None:
                self.tables[table][key] = before
            if "authority" in row:
                self._restore(table, row["authority"], key, before)
        self._journal = None

    def _restore(self, table: str, authority: str, key: Hashable, before: Row | None) -> None:
        if before is None:
            del self._of[table, authority][key]
        else:
            self._of[table, authority][key] = before

    def put(self, table: str, key: Hashable, row: Row) -> None:
        assert self._journal is not None, "nothing is written outside a transaction"
        self._journal.append((table, key, self.tables[table].get(key)))
        self.tables[table][key] = row
        if "authority" in row:
            self._of[table, row["authority"]][key] = row

    def update(self, table: str, key: Hashable, **values: Any) -> Row:
        row = {**self.tables[table][key], **values}
        self.put(table, key, row)
        return row

    def get(self, table: str, key: Hashable) -> Row | None:
        return self.tables[table].get(key)

    def rows(self, table: str, authority: str) -> Collection[Row]:
        """As they stand while nothing is written."""
        return self._of[table, authority].values()

    def next(self) -> int:
        """A number that nobody had; like a sequence, it is not given back."""
        self._sequence += 1
        return self._sequence

"""Two stores behind one handle: what they are told, what they answered, and how time passes for them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from service.ports import Casework
from service.ports.orders import OrderStore
from service.store.casework import CaseworkStore
from service.store.orders import OfficerOrderStore
from tests.simulation.memory import MemoryCasework
from tests.store.rows import rows, superuser
from tests.support.servers import Database

SLACK = 4.0
"""Seconds by which two moments may differ and be the same: one store is told after the other."""
MOMENTS = {
    "delivery": ("due_at", "lease_until", "first_sent_at", "put_off_since", "delivered_at", "state_since"),
    "lane": ("open_until", "quiet_until", "opened_at", "hold_at"),
    "submission": ("received_at",),
    "review": ("raised_at", "closed_at"),
    "hold": ("raised_at", "released_at"),
    "worker": ("seen_at", "ended_at"),
}
COLUMNS = {
    "delivery": (
        "id", "kind", "submission_id", "review_id", "retracts", "reference", "child_key", "state", "reason", "note",
        "fence", "attempts", "failures", "lapses", "lookups", "absences", "deaths", "may_have_arrived", "held_by",
        "asked_again", "connector", "connector_version", "profile_digest", "record_number", "document_number",
        "evidence",
    ),
    "attempt": ("delivery_id", "number", "fence", "phase", "outcome", "reason"),
    "lane": ("authority", "hold", "hold_by", "hold_reason", "open_reason"),
    "submission": ("id", "sender_ref", "kind", "version", "supersedes", "superseded_by", "withdrawn_by"),
    "review": ("id", "submission_id", "due_on", "status"),
    "hold": ("id", "submission_id", "rule", "pointer", "released_by"),
    "worker": ("id",),
    "officer_order": (
        "id", "batch", "action", "delivery_id", "by", "through", "reason", "ticket", "detail", "approved_by",
        "approved_through", "outcome",
    ),
}  # fmt: skip
KEYS = {"attempt": ("delivery_id", "number"), "lane": ("authority",)}


class Store(Protocol):
    """A store, a way to let time pass for it, and a look at all it holds."""

    casework: Casework
    intake: Casework
    orders: OrderStore

    def time_passes(self, seconds: float) -> None: ...

    def mode(self, mode: str) -> None: ...

    def now(self) -> datetime: ...

    def table(self, name: str) -> list[dict[str, Any]]: ...

    def actions(self) -> list[str]: ...


@dataclass
class InMemory:
    """`Store` over dictionaries."""

    passed: float = 0.0
    _began: float = field(default_factory=time.monotonic)
    casework: MemoryCasework = field(init=False)
    orders: OrderStore = field(init=False)

    def __post_init__(self) -> None:
        self.casework = self.intake = self.orders = MemoryCasework(self.now)

    def now(self) -> datetime:
        """It goes on while a test runs, as PostgreSQL's does: on a busy machine, a scene takes many seconds."""
        seconds = self.passed + time.monotonic() - self._began
        return datetime(2026, 11, 22, 12, tzinfo=UTC) + timedelta(seconds=seconds)

    def time_passes(self, seconds: float) -> None:
        self.passed += seconds

    def mode(self, mode: str) -> None:
        self.casework.memory.mode = mode

    def table(self, name: str) -> list[dict[str, Any]]:
        found = [dict(row) for row in self.casework.memory.tables[name].values()]
        if name == "lane":
            for row in found:
                breaker = row.pop("breaker")
                row |= {"breaker": (breaker.in_a_row, breaker.recent, breaker.open_for, breaker.openings, breaker.ramp)}
        return found

    def actions(self) -> list[str]:
        return [row["action"] for row in self.casework.memory.tables["audit"].values()]


@dataclass
class InPostgres:
    """`Store` over the real one. Time passes by setting every moment back, as a superuser."""

    database: Database
    casework: CaseworkStore
    intake: CaseworkStore
    orders: OfficerOrderStore

    def now(self) -> datetime:
        (found,) = rows(self.database, "SELECT now() AS now")
        moment: datetime = found["now"]
        return moment

    def time_passes(self, seconds: float) -> None:
        for table, columns in MOMENTS.items():
            more = ("started_at",) if table == "worker" else ()
            given = ", ".join(f"{name} = {name} - make_interval(secs => {seconds})" for name in (*columns, *more))
            superuser(self.database).execute(f"UPDATE casework.{table} SET {given}")  # type: ignore[arg-type]

    def mode(self, mode: str) -> None:
        superuser(self.database).execute("UPDATE casework.bridge SET mode = %s", (mode,))

    def table(self, name: str) -> list[dict[str, Any]]:
        found = rows(self.database, f"SELECT * FROM casework.{name}")
        if name == "lane":
            for row in found:
                row["breaker"] = tuple(row[each] for each in ("in_a_row", "recent", "open_for", "openings", "ramp"))
        return found

    def actions(self) -> list[str]:
        return [row["action"] for row in rows(self.database, "SELECT action FROM casework.audit ORDER BY id")]


def held(store: Store) -> dict[str, Any]:
    """All that can be observed, with moments as whole slacks from now, and orders as ranks."""
    now = store.now()
    seen: dict[str, Any] = {"audit": store.actions()}
    for table, columns in COLUMNS.items():
        key = KEYS.get(table, ("id",))
        found = {tuple(str(row[name]) for name in key): row for row in store.table(table)}
        extra = ("breaker",) if table == "lane" else ()
        seen[table] = {
            each: {name: _plain(row[name]) for name in (*columns, *extra)} for each, row in sorted(found.items())
        }
        for each, row in found.items():
            for name in MOMENTS.get(table, ()):
                seen[table][each][name] = None if row[name] is None else (row[name] - now).total_seconds()
    seen["order"] = _ranks(store, "seq")
    seen["changed"] = _ranks(store, "changed_in")
    return seen


def differences(one: Any, other: Any, path: str = "") -> list[str]:
    """Where two looks differ by more than the slack; empty when they do not."""
    if isinstance(one, dict) and isinstance(other, dict):
        missing = [f"{path}/{key}: only in one" for key in one.keys() ^ other.keys()]
        both = [
            each for key in one.keys() & other.keys() for each in differences(one[key], other[key], f"{path}/{key}")
        ]
        return missing + both
    if isinstance(one, float) and isinstance(other, float):
        return [] if abs(one - other) <= SLACK else [f"{path}: {one} and {other}"]
    return [] if one == other else [f"{path}: {one!r} and {other!r}"]


def _ranks(store: Store, column: str) -> dict[str, int]:
    found = {row["reference"]: row[column] for row in store.table("delivery")}
    order = sorted(set(found.values()))
    return {reference: order.index(value) for reference, value in sorted(found.items())}


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value

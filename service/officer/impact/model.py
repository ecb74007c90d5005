"""All facts of a pack, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.officer.impact.facts import Crossing
from service.officer.impact.held import HeldBeside, HeldRecord
from service.officer.impact.keeping import Kept
from service.officer.impact.recipients import Recipient
from service.officer.impact.seeing import Machine, Scope
from service.officer.impact.told import Told


@dataclass(frozen=True)
class Pack:
    """One authority's. `machines` is None where no database was asked."""

    authority: str
    name: str
    in_use: bool
    case_system: str
    connector: str
    file: str
    digest: str
    version: str
    assumed: int
    confirmed: int
    review: Mapping[str, int]
    rules: Mapping[str, str]
    synthetic: bool
    may_reach: str
    held: tuple[HeldRecord, ...]
    beside: tuple[HeldBeside, ...]
    recipients: tuple[Recipient, ...]
    crossings: tuple[Crossing, ...]
    alarms: tuple[tuple[str, str, str], ...]
    roles: Mapping[str, str]
    scopes: tuple[Scope, ...]
    machines: tuple[Machine, ...] | None
    passing: tuple[Kept, ...]
    tables: tuple[Kept, ...]
    settings: tuple[Told, ...]
    protected: tuple[tuple[str, str], ...]
    still_open: tuple[str, ...]

"""Pulses as the database would give them, at one fixed moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from service.domain.alarm_kinds import Kind
from service.domain.alarms import BridgePulse, LanePulse, Waiting
from service.domain.delivery import Owner, Reason, State
from service.domain.delivery.breaker import Hold
from service.domain.telling import Alarm
from tests.support.bridge import STOCKPORT

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LANE = LanePulse(
    authority=STOCKPORT,
    now=NOW,
    in_use=True,
    waiting=(),
    behind_since=None,
    hold=Hold.NONE,
    hold_at=None,
    opened_at=None,
    open_reason=None,
    swept_at=NOW - timedelta(seconds=5),
    in_flight=0,
)
BRIDGE = BridgePulse(
    now=NOW,
    workers=1,
    seen_at=NOW - timedelta(seconds=3),
    here=[(NOW - timedelta(hours=1), NOW - timedelta(seconds=3))],
    wakeups_failed=0,
    wakeups_since=None,
    channels={},
)


def ago(**units: float) -> datetime:
    return NOW - timedelta(**units)


def lane(**changes: Any) -> LanePulse:
    return replace(LANE, **changes)


def bridge(**changes: Any) -> BridgePulse:
    return replace(BRIDGE, **changes)


def waiting(state: State, oldest: datetime, reason: Reason = Reason.WAITING, count: int = 1) -> Waiting:
    return Waiting(state, reason, count, oldest)


def alarm(kind: Kind = Kind.BREAKER_OPEN, **changes: Any) -> Alarm:
    made = Alarm(
        id=UUID("00000000-0000-4000-8000-000000000001"),
        authority=STOCKPORT,
        kind=kind,
        subject="",
        owner=Owner.OPERATOR,
        since=ago(minutes=5),
        count=1,
        raised_at=ago(minutes=4),
        last_seen_at=NOW,
        cleared_at=None,
    )
    return replace(made, **changes)

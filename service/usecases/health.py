"""How the bridge is, judged from the database itself and not from alarms: a look that nobody else has to have made."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from service.domain.alarm_kinds import Kind
from service.domain.alarms import SILENT, BridgePulse, LanePulse, judge_lane
from service.domain.health import Check, Health
from service.errors import Unavailable
from service.ports.alarms import AlarmBook, Pulse

KEPT_SECONDS = 3.0
"""For so long one look answers everybody: whoever asks often costs no more than whoever asks now and then."""


@dataclass(frozen=True)
class Pulses:
    """The bridge and every lane at one moment."""

    bridge: BridgePulse
    lanes: Mapping[str, LanePulse]


@dataclass
class HealthDesk:
    """One per process. Until `SILENT` after its start it does not call sweeps silent: workers may start after it."""

    pulse: Pulse
    book: AlarmBook
    in_use: Callable[[], Mapping[str, bool]]
    kept_seconds: float = KEPT_SECONDS
    monotonic: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pulses: Pulses | None = None
    _health: Health | None = None
    _at: float = float("-inf")

    def __post_init__(self) -> None:
        self._started = self.monotonic()

    def look(self) -> Health:
        """All checks. While the database is away there is one, and it says so."""
        try:
            return self._looked()[1]
        except Unavailable:
            return Health([Check("database", ok=False)])

    def pulses(self) -> Pulses:
        """What the checks were made from. Raises `Unavailable`."""
        return self._looked()[0]

    def _looked(self) -> tuple[Pulses, Health]:
        with self._lock:
            if self._pulses is None or self._health is None or self.monotonic() - self._at >= self.kept_seconds:
                self._pulses = self._read()
                self._health = Health(self._checks(self._pulses))
                self._at = self.monotonic()
            return self._pulses, self._health

    def _read(self) -> Pulses:
        bridge = self.pulse.of_bridge()
        return Pulses(bridge, {code: self.pulse.of_lane(code, in_use=used) for code, used in self.in_use().items()})

    def _checks(self, pulses: Pulses) -> list[Check]:
        bridge, now = pulses.bridge, pulses.bridge.now
        silent = bridge.sweeps_are_silent and self.monotonic() - self._started > SILENT.total_seconds()
        checks = [
            Check("database", ok=True),
            Check("sweeps", ok=not silent, count=bridge.workers, age=_age(now, bridge.seen_at)),
        ]
        checks += [_lanes(name, kinds, pulses) for name, kinds in _CHECKED.items()]
        return [*checks, self._alarms(bridge)]

    def _alarms(self, bridge: BridgePulse) -> Check:
        """That somebody looks for alarms, and that what they find can be told."""
        ended = self.book.watching().ended_at
        looked = ended is not None and bridge.now - ended <= WATCHED_WITHIN
        young = self.monotonic() - self._started <= WATCHED_WITHIN.total_seconds()
        ok = (looked or young) and not bridge.channels
        return Check("alarms", ok=ok, count=len(bridge.channels), age=_age(bridge.now, ended) if ended else None)


WATCHED_WITHIN = timedelta(minutes=3)
"""Several times the rhythm in which alarms are looked for."""

_CHECKED: Mapping[str, tuple[Kind, ...]] = {
    "waiting": (Kind.WAITS_TOO_LONG, Kind.BEHIND_EARLIER),
    "lanes_swept": (Kind.LANE_LEFT_OUT,),
    "breakers": (Kind.BREAKER_OPEN, Kind.CONNECTION_REFUSED),
    "held": (Kind.LANE_HELD,),
    "books": (Kind.CONSERVATION_BROKEN,),
    "webhooks": (Kind.ENDPOINT_GIVEN_UP, Kind.MESSAGE_GIVEN_UP),
    "synthetic": (Kind.SYNTHETIC_LATE,),
}


def _lanes(name: str, kinds: Sequence[Kind], pulses: Pulses) -> Check:
    """`count`: how many lanes it is so in; which ones is for those who sign in."""
    judged = [judge_lane(lane, workers_here=True) for lane in pulses.lanes.values()]
    since = [min(each.since for each in found) for lane in judged if (found := [e for e in lane if e.kind in kinds])]
    ok = not since and not any(lane.unjudged.intersection(kinds) for lane in pulses.lanes.values())
    return Check(name, ok=ok, count=len(since), age=_age(pulses.bridge.now, min(since)) if since else None)


def _age(now: datetime, since: datetime) -> int:
    return max(0, round((now - since).total_seconds()))

"""What must not go unseen: when each kind of alarm is raised. What each says stands in `service.domain.alarm_kinds`.

Pure. The facts come from the database, measured on its clock; nothing in them says whom a record is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from service.domain.alarm_kinds import GUIDANCE, Kind
from service.domain.delivery import KEEPING, Owner, Reason, State, owner_of
from service.domain.delivery.breaker import Hold

SILENT = timedelta(seconds=45)
"""A sweep comes every few seconds. After so long without one, nothing that is due is found any more; somebody
who looks every few seconds knows it within a minute."""
BREAKER_MAX = timedelta(seconds=60)
HOLD_MAX = timedelta(days=1)
BEHIND_MAX = timedelta(hours=4)
WAKEUPS_MAX = timedelta(minutes=1)
CHANNEL_MAX = timedelta(minutes=5)
SEALED_WITHIN = timedelta(minutes=5)
CHECKPOINT_MADE_WITHIN = timedelta(hours=2)
"""The longest that checkpoints may lie apart is an hour, by the settings."""
PURGED_WITHIN = timedelta(hours=24)
"""The keeper purges every hour."""
REFUSED_MAX = 100
"""Refused sign-ins in a clock hour, of all clients together. A council with a wrong clock makes a few a minute."""
ROUTINE = frozenset({"token_expired", "session_ended", "sign_in_expired", "issuer_refused"})
"""Reasons that every client and everybody meets: a machine then gets itself the next token, a person begins again."""
AT_ONCE = frozenset(
    {
        Reason.SIGN_IN_REFUSED,
        Reason.HOST_KEY_CHANGED,
        Reason.CERTIFICATE_NOT_TRUSTED,
        Reason.ADDRESS_NOT_ALLOWED,
    }
)
"""Reasons that no waiting mends."""


@dataclass(frozen=True)
class Waiting:
    """Open items of one state and reason: how many, and since when the oldest is in that state."""

    state: State
    reason: Reason
    count: int
    oldest: datetime


@dataclass(frozen=True)
class RefusedAt:
    """How many messages a webhook endpoint, by its number, refused until they were given up, and since when."""

    endpoint: str
    count: int
    since: datetime


@dataclass(frozen=True)
class LanePulse:
    """One authority's lane as the database has it. `swept_at`: its last sweep, or when the lane was made."""

    authority: str
    now: datetime
    in_use: bool
    waiting: Sequence[Waiting]
    behind_since: datetime | None
    hold: Hold
    hold_at: datetime | None
    opened_at: datetime | None
    open_reason: Reason | None
    swept_at: datetime
    in_flight: int
    difference: int | None = 0
    """How far the books are from balancing: 0 unless something is lost or doubled; None: they could not be read."""
    given_up: Sequence[str] = ()
    """Numbers of webhook endpoints that the bridge itself stopped telling."""
    refused: Sequence[RefusedAt] = ()
    """Webhook endpoints that were told all but some messages, which they refused."""
    synthetic_due: datetime | None = None
    """From when on the synthetic record that is on its way, or the next one, is late."""
    uncounted: int = 0
    """Records that stand and were taken in without a fact, since theirs was refused."""
    uncounted_since: datetime | None = None
    legal_holds: int = 0
    """Legal holds in force."""
    trail_behind: Mapping[str, datetime] = field(default_factory=dict)
    """What the trail is behind with, each since when: `sealing`, a `checkpoint`, or a way outside that fails."""
    stale_keys: Mapping[str, datetime] = field(default_factory=dict)
    """Kinds of process that sealed under an old version of this authority's key lately, each since when."""
    purge_behind: Mapping[str, datetime] = field(default_factory=dict)
    """`due`: since when the oldest body is; `run`: when all were looked through; `never`: the longest window ended."""

    @property
    def open_items(self) -> int:
        """How many are not at an end."""
        return sum(each.count for each in self.waiting)

    @property
    def unjudged(self) -> frozenset[Kind]:
        """What could not be looked at this time, and is therefore neither raised nor over."""
        return frozenset({Kind.CONSERVATION_BROKEN} if self.difference is None else ())

    @property
    def is_left_out(self) -> bool:
        """Nobody sweeps it, although it is in use or holds something."""
        return (self.in_use or self.open_items > 0) and self.now - self.swept_at > SILENT


@dataclass(frozen=True)
class Refusals:
    """Sign-ins refused for one reason: ever, in this clock hour, and in the one before."""

    reason: str
    total: int
    now: int
    before: int


@dataclass(frozen=True)
class BridgePulse:
    """What holds for all lanes. `seen_at`: when a worker was last seen, or the watch began.

    `here`: from when to when each of the workers was seen that have not fallen silent.
    """

    now: datetime
    workers: int
    seen_at: datetime
    here: Sequence[tuple[datetime, datetime]]
    wakeups_failed: int
    wakeups_since: datetime | None
    """Since when wake-ups have been failing, while they are."""
    channels: Mapping[str, datetime]
    """Channels that take nothing, each since when."""
    sendings_late: int = 0
    """Files of published releases that need a person, or have not arrived in an hour."""
    sendings_since: datetime | None = None
    refusals: Sequence[Refusals] = ()
    refused_addresses: Mapping[str, int] = field(default_factory=dict)
    """How often the door let nothing out, by what the address was for."""

    @property
    def refused_in_an_hour(self) -> int:
        """In this clock hour or the one before, whichever had more."""
        counted = [each for each in self.refusals if each.reason not in ROUTINE]
        return max(sum(each.now for each in counted), sum(each.before for each in counted))

    @property
    def sweeps_are_silent(self) -> bool:
        """No worker has come by for `SILENT`."""
        return self.now - self.seen_at > SILENT

    def passed_over(self, lane: LanePulse) -> bool:
        """A worker was here for as long after the lane's last sweep as a lane may go without one."""
        return any(seen_at - max(came_at, lane.swept_at) > SILENT for came_at, seen_at in self.here)


@dataclass(frozen=True)
class Found:
    """Something that must be told. `subject` tells two of one kind apart; `since`: for how long it is so."""

    kind: Kind
    subject: str
    owner: Owner
    since: datetime
    count: int = 1


def judge_lane(pulse: LanePulse, *, workers_here: bool) -> list[Found]:
    """Everything to be told of one lane.

    While no worker is here at all, that is told once for the bridge and not for every lane.
    """
    found = [*_too_long(pulse), *_lane(pulse), *_integrity(pulse), *_trail(pulse), *_purge(pulse)]
    if workers_here and pulse.is_left_out:
        found.append(_of(Kind.LANE_LEFT_OUT, "", pulse.swept_at, count=pulse.open_items))
    return found


def judge_bridge(pulse: BridgePulse) -> list[Found]:
    """Everything to be told of the bridge as a whole."""
    found = []
    if pulse.sweeps_are_silent:
        found.append(_of(Kind.NO_SWEEP, "", pulse.seen_at))
    if pulse.wakeups_since and pulse.now - pulse.wakeups_since > WAKEUPS_MAX:
        found.append(_of(Kind.WAKEUPS_FAILING, "", pulse.wakeups_since))
    if pulse.sendings_since:
        found.append(_of(Kind.RELEASE_NOT_SENT, "", pulse.sendings_since, count=pulse.sendings_late))
    if pulse.refused_in_an_hour > REFUSED_MAX:
        found.append(_of(Kind.SIGN_IN_FAILURES, "", pulse.now, count=pulse.refused_in_an_hour))
    failing = {name: since for name, since in pulse.channels.items() if pulse.now - since > CHANNEL_MAX}
    return found + [_of(Kind.CHANNEL_FAILING, name, since) for name, since in sorted(failing.items())]


def _of(kind: Kind, subject: str, since: datetime, *, count: int = 1, owner: Owner | None = None) -> Found:
    return Found(kind, subject, owner or GUIDANCE[kind].owner, since, count)


def _too_long(pulse: LanePulse) -> Iterator[Found]:
    """One for each state and owner: a person is told of what is theirs."""
    late = [each for each in pulse.waiting if pulse.now - each.oldest > KEEPING[each.state].max_age]
    for state, owner in sorted({(each.state, _owner(each)) for each in late}):
        theirs = [each for each in late if (each.state, _owner(each)) == (state, owner)]
        subject = f"{state.value}:{owner.name.lower()}"
        oldest = min(each.oldest for each in theirs)
        yield _of(Kind.WAITS_TOO_LONG, subject, oldest, count=_count(theirs), owner=owner)
    if pulse.behind_since and pulse.now - pulse.behind_since > BEHIND_MAX:
        yield _of(Kind.BEHIND_EARLIER, "", pulse.behind_since)


def _owner(waiting: Waiting) -> Owner:
    """Whom its reason names; else who keeps the state. What the bridge itself let grow old is its operator's."""
    named = owner_of(waiting.reason)
    found = KEEPING[waiting.state].owner if named is Owner.BRIDGE else named
    return Owner.OPERATOR if found is Owner.BRIDGE else found


def _count(waiting: Iterable[Waiting]) -> int:
    return sum(each.count for each in waiting)


def _lane(pulse: LanePulse) -> Iterator[Found]:
    reason = pulse.open_reason
    if pulse.opened_at and reason in AT_ONCE:
        yield _of(Kind.CONNECTION_REFUSED, reason.value, pulse.opened_at, owner=owner_of(reason))
    elif pulse.opened_at and pulse.now - pulse.opened_at > BREAKER_MAX:
        yield _of(Kind.BREAKER_OPEN, "", pulse.opened_at, count=pulse.open_items)
    if pulse.hold is not Hold.NONE and pulse.hold_at and pulse.now - pulse.hold_at > HOLD_MAX:
        yield _of(Kind.LANE_HELD, pulse.hold.value, pulse.hold_at, count=pulse.open_items)


def _integrity(pulse: LanePulse) -> Iterator[Found]:
    if pulse.difference:
        yield _of(Kind.CONSERVATION_BROKEN, "", pulse.now, count=abs(pulse.difference))
    for endpoint in pulse.given_up:
        yield _of(Kind.ENDPOINT_GIVEN_UP, endpoint, pulse.now)
    for each in pulse.refused:
        yield _of(Kind.MESSAGE_GIVEN_UP, each.endpoint, each.since, count=each.count)
    if pulse.synthetic_due and pulse.now > pulse.synthetic_due:
        yield _of(Kind.SYNTHETIC_LATE, "", pulse.synthetic_due)
    if pulse.uncounted_since:
        yield _of(Kind.FACT_REFUSED, "", pulse.uncounted_since, count=pulse.uncounted)
    for process, since in sorted(pulse.stale_keys.items()):
        yield _of(Kind.STALE_KEY, process, since)


def _trail(pulse: LanePulse) -> Iterator[Found]:
    """A chain that is not the one that was signed is told at once."""
    at_most = {"sealing": SEALED_WITHIN, "checkpoint": CHECKPOINT_MADE_WITHIN, "chain": timedelta(0)}
    for what, since in sorted(pulse.trail_behind.items()):
        if pulse.now - since <= at_most.get(what, CHANNEL_MAX):
            continue
        if what == "sealing":
            yield _of(Kind.AUDIT_NOT_SEALED, "", since)
        else:
            yield _of(Kind.CHECKPOINT_NOT_SENT, what, since)


def _purge(pulse: LanePulse) -> Iterator[Found]:
    """One for each, so that whoever reads it knows where to look. A body with a reason to stay is not due."""
    for what, since in sorted(pulse.purge_behind.items()):
        if pulse.now - since > PURGED_WITHIN:
            yield _of(Kind.PURGE_NOT_RUN, what, since)

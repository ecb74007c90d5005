"""What looking after alarms needs: the pulse of each lane, where alarms are kept, and the ways of telling them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from service.domain.alarm_kinds import Kind
from service.domain.alarms import BridgePulse, Found, LanePulse
from service.domain.telling import Alarm, Notice, Told


class ChannelFailed(Exception):
    """A channel did not take what was told. `trouble` is a code of ours; never the other side's text."""

    def __init__(self, trouble: str) -> None:
        super().__init__(trouble)
        self.trouble = trouble


class Channel(Protocol):
    """A way of telling somebody outside."""

    @property
    def name(self) -> str:
        """What it is called in tables and answers."""

    def tell(self, notices: Sequence[Notice]) -> None:
        """All of them, or some of them again later. Raises `ChannelFailed`."""


class Pulse(Protocol):
    """Facts, measured on the database's clock by bounded queries. Raises `Unavailable`."""

    def of_lane(self, authority: str, *, in_use: bool) -> LanePulse:
        """One lane."""

    def of_bridge(self) -> BridgePulse:
        """What holds for all lanes."""


@dataclass(frozen=True)
class Watching:
    """When somebody last looked for alarms, from beginning to end."""

    ended_at: datetime | None
    now: datetime


class AlarmBook(Protocol):
    """Where alarms are kept. `authority` None: the bridge as a whole. Raises `Unavailable`."""

    def take_turn(self, every: timedelta) -> bool:
        """Whether it is this process that looks now: one does, whoever comes first when the time is over."""

    def turn_ended(self) -> None:
        """Everything was looked at."""

    def watching(self) -> Watching:
        """When that last happened."""

    def keep(self, authority: str | None, found: Sequence[Found], *, unjudged: Collection[Kind]) -> int:
        """Raises what is new, notes what is still so, clears what is over; returns how many were raised or cleared."""

    def open(self, authority: str | None) -> list[Alarm]:
        """What is not over, oldest first."""

    def channel(self, name: str) -> AbstractContextManager[int | None]:
        """Keeps others from telling it meanwhile; how many tries in a row failed.

        None while it rests or somebody else has it. Whoever ends, also by being killed, has let it go.
        """

    def to_tell(self, name: str, authority: str | None, limit: int) -> list[tuple[Alarm, Told]]:
        """What this channel may have to be told, with what it was told, oldest first."""

    def told(self, name: str, notices: Sequence[Notice]) -> None:
        """They were taken."""

    def channel_works(self, name: str) -> None:
        """It took what it was told."""

    def channel_failed(self, name: str, trouble: str, rest: timedelta) -> None:
        """To be left alone for a while."""

    def wakeups_failed(self, process: UUID, count: int) -> None:
        """Notes how many this process could not publish since it started; called when there are more."""

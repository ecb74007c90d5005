"""Looking for alarms, keeping them, and telling them. Any number of processes may; one looks at a time.

A worker that is gone cannot say so itself: the web processes look as well, and whoever's turn comes first does it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from service.domain.alarms import judge_bridge, judge_lane
from service.domain.telling import Notice, next_notice, retry_after
from service.ports.alarms import AlarmBook, Channel, ChannelFailed, Pulse
from service.usecases.each import SomeFailedError, each_by_itself

AT_A_TIME = 50
"""The most that a channel is told at once."""
LOOKED_THROUGH = 500
"""Far more alarms than one authority can have; in case a channel was away while some came and went."""


@dataclass
class AlarmWatch:
    """`in_use`: whether each known authority is in use now. `wakeups_failed`: how many this process could not say."""

    book: AlarmBook
    pulse: Pulse
    channels: Sequence[Channel]
    in_use: Callable[[], Mapping[str, bool]]
    every: timedelta
    wakeups_failed: Callable[[], int] = lambda: 0
    process: UUID = field(default_factory=uuid4)
    _noted: int = 0

    def look(self) -> int:
        """One round: looks if it is this process's turn, then tells what is to be told. How many things changed.

        Raises `SomeFailedError` at its end for authorities that could not be looked at.
        """
        self._note_wakeups()
        failed: SomeFailedError | None = None
        changed = 0
        try:
            changed = self._judge() if self.book.take_turn(self.every) else 0
        except SomeFailedError as error:
            failed = error
        changed += sum(self._tell(channel) for channel in self.channels)
        if failed:
            raise failed
        return changed

    def _note_wakeups(self) -> None:
        failed = self.wakeups_failed()
        if failed > self._noted:
            self.book.wakeups_failed(self.process, failed)
            self._noted = failed

    def _judge(self) -> int:
        """Noted as ended when every authority was looked at: who watches from outside sees that one never is."""
        bridge, in_use = self.pulse.of_bridge(), self.in_use()

        def judge(authority: str) -> int:
            lane = self.pulse.of_lane(authority, in_use=in_use[authority])
            found = judge_lane(lane, workers_here=bridge.passed_over(lane))
            return self.book.keep(authority, found, unjudged=lane.unjudged)

        changed = self.book.keep(None, judge_bridge(bridge), unjudged=()) + each_by_itself(in_use, judge)
        self.book.turn_ended()
        return changed

    def _tell(self, channel: Channel) -> int:
        """What it did not take stays to be told."""
        with self.book.channel(channel.name) as tries:
            if tries is None or not (notices := self._all_notices(channel)):
                return 0
            try:
                for first in range(0, len(notices), AT_A_TIME):
                    some = notices[first : first + AT_A_TIME]
                    channel.tell(some)
                    self.book.told(channel.name, some)
            except ChannelFailed as failure:
                self.book.channel_failed(channel.name, failure.trouble, retry_after(tries))
                return 0
            self.book.channel_works(channel.name)
            return len(notices)

    def _all_notices(self, channel: Channel) -> list[Notice]:
        return [each for authority in (None, *self.in_use()) for each in self._notices(channel.name, authority)]

    def _notices(self, channel: str, authority: str | None) -> Iterator[Notice]:
        now = self.book.watching().now
        for alarm, told in self.book.to_tell(channel, authority, LOOKED_THROUGH):
            if notice := next_notice(alarm, told, now):
                yield notice

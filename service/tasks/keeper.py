"""Keeps house: each chore in a thread of its own, so that none waits for another. Two keepers at once do no harm."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from service.tasks.chore import Chore
from service.tasks.watcher import Watcher


class Keeper:
    """`close` lets go of what the chores use."""

    def __init__(self, chores: Iterable[Chore], close: Callable[[], None] = lambda: None) -> None:
        self._watchers = [Watcher(chore.done, chore.every, chore.name) for chore in chores]
        self._close = close

    def start(self) -> None:
        """Each chore is done for the first time after one rhythm."""
        for each in self._watchers:
            each.start()

    def stop(self) -> None:
        """No further one is begun; what is under way may come to its end, and is safe to break off."""
        for each in self._watchers:
            each.stop()
        self._close()

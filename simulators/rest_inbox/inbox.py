"""The inbox over one store, in memory: each reference once, filed at once or later."""

import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from itertools import count

from . import checks
from .checks import Rules
from .model import FILED, RECEIVED, RECORD, REFUSED, REVIEW_TASK, WITHDRAWAL, Item, Person
from .refusals import Locked, Refused


class Inbox:
    """Items by reference, oldest first.

    `later` is the seconds between taking an item and filing it; None files it at once. What is due is filed when
    somebody asks, so no thread of its own is needed.
    """

    def __init__(self, rules: Rules, people: Iterable[Person], later: float | None) -> None:
        self.people, self.lock = list(people), threading.RLock()
        self._rules, self._later = rules, later
        self._items: dict[str, Item] = {}
        self._numbers, self._documents = count(4701), count(1)

    def take(self, item: Item) -> tuple[bool, Item]:
        """Whether it is new, and what is there now. Raises `Refused` or `Locked`: then nothing is kept."""
        with self.lock:
            there = self.find(item.reference)
            if there is not None:
                return False, there
            taken = self._filed(item) if self._later is None else replace(item, due=time.monotonic() + self._later)
            self._items[item.reference] = taken
            return True, taken

    def find(self, reference: str) -> Item | None:
        """What is there under a reference."""
        with self.lock:
            self._file_what_is_due(time.monotonic())
            return self._items.get(reference)

    def every(self) -> list[Item]:
        """All items."""
        with self.lock:
            self._file_what_is_due(time.monotonic())
            return list(self._items.values())

    def file_waiting(self) -> None:
        """Whatever waits is filed, or refused, now."""
        with self.lock:
            self._file_what_is_due(float("inf"))

    def is_withdrawn(self, item: Item) -> bool:
        """Whether a record was taken off the file."""
        with self.lock:
            return item.kind == RECORD and item.number is not None and self._withdrawn(item.number)

    def _file_what_is_due(self, now: float) -> None:
        for reference, item in self._items.items():
            if item.state == RECEIVED and item.due <= now:
                self._items[reference] = self._judged(item)

    def _judged(self, item: Item) -> Item:
        """One whose young person's file is open goes on waiting."""
        try:
            return self._filed(item)
        except Refused as refused:
            return replace(item, state=REFUSED, code=refused.code)
        except Locked:
            return item

    def _filed(self, item: Item) -> Item:
        checks.permitted(self._rules, item.sent)
        number = {RECORD: self._record, REVIEW_TASK: self._task, WITHDRAWAL: self._withdrawal}[item.kind](item)
        document = None if item.content is None else f"D-{next(self._documents)}"
        return replace(item, state=FILED, number=number, document_number=document)

    def _record(self, item: Item) -> str:
        person = checks.one_person(self.people, item.child_id)
        checks.born_then(person, item.sent)
        checks.one_episode(person)
        checks.fits_the_form(self._rules, item.sent)
        checks.fits_the_archive(self._rules, item)
        if item.sent["replaces"] is not None:
            self._see_whether_there(item, item.sent["replaces"])
        checks.not_locked(person)
        return str(next(self._numbers))

    def _task(self, item: Item) -> str:
        checks.one_person(self.people, item.child_id)
        checks.for_a_tray(item.sent)
        return str(next(self._numbers))

    def _withdrawal(self, item: Item) -> str:
        """Neither a lock nor a merge since then keeps a record on a file it should not be on."""
        number = str(item.sent["number"])
        self._see_whether_there(item, number)
        return number

    def _see_whether_there(self, item: Item, number: str) -> None:
        found = (each for each in self._items.values() if each.kind == RECORD and each.number == number)
        checks.still_there(next(found, None), item.child_id, withdrawn=self._withdrawn(number))

    def _withdrawn(self, number: str) -> bool:
        return any(
            each.kind == WITHDRAWAL and each.state == FILED and each.number == number for each in self._items.values()
        )

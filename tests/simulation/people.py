"""What people have said of deliveries, as far as promises depend on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from service.errors import NotPossible
from tests.simulation.memory import Row


@dataclass
class People:
    """References. `let_go`: a person wants it to go on; `looked`: they looked, and it is not there.

    `reopened` was delivered once: what comes after it for the same young person may be there before it is. `stopped`
    counts the workers that a record has stopped since a person said anything of it.
    """

    let_go: set[str] = field(default_factory=set)
    looked: set[str] = field(default_factory=set)
    reopened: set[str] = field(default_factory=set)
    stopped: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def say(self, references: Collection[str], *, looked: bool) -> Iterator[None]:
        """It counts from the moment they say it; nothing was said where it proves not possible."""
        new, stopped = set(references) - self.let_go, {each: self.stopped.pop(each, 0) for each in references}
        self.let_go |= new
        self.looked |= set(references) if looked else set()
        try:
            yield
        except NotPossible:
            self.let_go -= new
            self.looked -= set(references)
            self.stopped.update(stopped)
            raise


def by_two(order: Row) -> bool:
    """Whether another person approved it, through another client."""
    other = order["approved_by"] not in (None, order["by"])
    return order["action"] == "reopen" and other and order["approved_through"] != order["through"]

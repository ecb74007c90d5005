"""The part of a world that is alike wherever the simulator has the web server and the switches of `simulators/kit`."""

from __future__ import annotations

import socket
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from service.ports import CaseSystem, PersonReference
from simulators.kit.faults import Faults
from tests.conformance.world import World, child


def nowhere() -> str:
    """An address on this machine where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


class HttpWorld(World):
    """Bring `simulator` with its `faults`, `people`, `base_path` and `connected`; the rest of `World` stays to be said.

    `people` are the child ids of `right` and of every kind of person that the simulator can show.
    """

    people: ClassVar[Mapping[str, str]]
    base_path: ClassVar[str]
    simulator: Any

    @abstractmethod
    def connected(self, seconds: float = 20.0, **changes: str) -> CaseSystem:
        """The connector to the simulator, with these keys of its connection changed."""

    @property
    def faults(self) -> Faults:
        """The switches."""
        found: Faults = self.simulator.faults
        return found

    def person(self, kind: str = "right") -> PersonReference:
        """Born on 2 May 2010, but for what is wrong with this kind."""
        return child(self.people.get(kind, self.people["right"]), kind)

    def records(self, reference: str) -> int:
        """All that the simulator has under a reference."""
        return len(self.simulator.records(reference))

    def unreachable(self) -> CaseSystem:
        """At an address where nobody listens."""
        return self.connected(base_url=nowhere() + self.base_path)

    @contextmanager
    def losing_the_reply(self, after: int = 0) -> Iterator[None]:
        """The change is stored, and the connection closed instead of an answer."""
        self.faults.set("reset_after_commit", times=1, on="write", after=after)
        yield
        self.faults.clear()

    def impatient(self) -> CaseSystem:
        """With a second for a call."""
        return self.connected(seconds=1.0)

    def set_fault(self, fault: str, on: str) -> None:
        """By the switch, until it is cleared."""
        self.faults.set(fault, times=None, on=on)

    def clear_faults(self) -> None:
        """All switches back."""
        self.faults.clear()

    def followed(self) -> int:
        """As the simulator counted."""
        return self.faults.followed

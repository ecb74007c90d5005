"""Senders, who ask until they have an answer; and wake-ups, which may be lost, doubled or late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.errors import Conflict, Unavailable
from service.usecases.incoming import Incoming
from service.usecases.receive import Receiver
from tests.simulation.baton import Baton, Process
from tests.simulation.invariants import Invariants


@dataclass
class Wakeups:
    """`service.ports.Wakeup` through a broker that loses, doubles and delays. `lost` is how many of them, 1 for all."""

    baton: Baton
    broker: Process
    workers: Sequence[Process]
    lost: float

    def look_now(self, authority: str) -> None:
        for _ in range(self.baton.rng.choice([1, 1, 2])):
            if self.baton.rng.random() >= self.lost:
                wait = self.baton.rng.random() * 2
                self.baton.spawn(self.broker, "wake-up", lambda: self._said(authority), after=wait)

    def _said(self, authority: str) -> None:
        alive = [each for each in self.workers if each.alive]
        if alive:
            self.baton.rng.choice(alive).stands["dispatcher"].look_now(authority)


@dataclass
class Sender:
    """Each request is a process of its own, which may be killed before it has answered."""

    baton: Baton
    receiver: Receiver
    check: Invariants

    def send(self, incoming: Incoming) -> None:
        """Asks until it has an answer, and sometimes once more."""
        times = self.baton.rng.choice([1, 1, 1, 2])
        while times:
            web = Process(f"web {incoming.record['submission_id']}")
            self.baton.spawn(web, web.name, lambda web=web: self._ask(incoming, web))
            while web.alive and web.actors:
                self.baton.point("waits for an answer", wait=1.0)
            times -= "answered" in web.stands
            self.baton.point("sends again, or no more", wait=self.baton.rng.random() * 20)

    def _ask(self, incoming: Incoming, web: Process) -> None:
        try:
            received = self.receiver.accept(incoming)
        except Unavailable:
            return
        except Conflict:
            web.stands["answered"] = "a conflict"
            return
        web.stands["answered"] = "accepted"
        sender_ref = incoming.record["submission_id"]
        known = self.check.accepted.setdefault(sender_ref, received.receipt_id)
        self.check.hold("the same is the same again", known == received.receipt_id, sender_ref)

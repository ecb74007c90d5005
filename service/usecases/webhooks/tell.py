"""Tell each address what it has not been told: at least once, one message after another, and none holds up another.

A turn at one address is one worker's by lease, in a thread of its own, so that a slow receiver delays neither other
receivers nor any delivery. What is not proven to be told is told again under the same id.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from service.domain.webhooks import PausedFor, Verdict, headers_for, message_name, verdict_on, wait_after
from service.errors import NeedsHuman
from service.ports import AuditEntry, Vault
from service.ports.webhooks import Answer, Message, Post, Refusal, Turn, WebhookStore, WebhookTransaction
from service.usecases.each import each_by_itself
from service.usecases.webhooks.sealed import Known, unseal

LEASE = timedelta(seconds=60)
"""Far longer than one message may take; it is taken anew with each."""
BATCH = 20

Beside = Callable[[Callable[[], object]], None]
"""Begins something beside what goes on, and returns."""


@dataclass(frozen=True)
class Teller:
    """Safe to run in many workers at once: a turn is one worker's."""

    store: WebhookStore
    vault: Vault
    post: Post
    authorities: Iterable[str]
    beside: Beside
    spread: Callable[[], float] = field(default=random.random)
    seconds_now: Callable[[], float] = field(default=time.time)

    def look(self) -> int:
        """How many turns were begun. Raises `SomeFailedError`."""
        return each_by_itself(self.authorities, self._begin)

    def forget(self) -> int:
        """What was told long ago, of every authority; how many messages. Raises `SomeFailedError`."""
        return each_by_itself(self.authorities, self._forget)

    def _forget(self, authority: str) -> int:
        with self.store.transaction(authority) as tx:
            return tx.telling.forget()

    def _begin(self, authority: str) -> int:
        with self.store.transaction(authority) as tx:
            turns = tx.telling.claim(LEASE)
        for turn in turns:
            self.beside(lambda turn=turn: self.take(turn))  # type: ignore[misc] # a default is this loop's own turn
        return len(turns)

    def take(self, turn: Turn) -> int:
        """Tells what is due until nothing is, or the turn is over; how many messages were told."""
        try:
            known = unseal(self.vault, turn.authority, turn.id, turn.sealed)
        except NeedsHuman:
            self._pause(turn, PausedFor.UNREADABLE)
            return 0
        told = 0
        for message in self._due(turn):
            verdict, goes_on = self._tell(turn, known, message)
            told += verdict is Verdict.TOLD
            if not goes_on:
                break
        with self.store.transaction(turn.authority) as tx:
            tx.telling.done(turn)
        return told

    def _due(self, turn: Turn) -> Iterator[Message]:
        """Batch by batch, each asked for when the one before is through."""
        more = True
        while more:
            with self.store.transaction(turn.authority) as tx:
                due = tx.telling.due(turn, BATCH)
            yield from due.messages
            more = due.more

    def _tell(self, turn: Turn, known: Known, message: Message) -> tuple[Verdict, bool]:
        """No transaction is open while somebody else's server is waited for."""
        answer = self._posted(turn, known, message)
        verdict = Verdict.FAILED if answer.status is None else verdict_on(answer.status)
        with self.store.transaction(turn.authority) as tx:
            return verdict, self._settle(tx, turn, message, answer, verdict)

    def _posted(self, turn: Turn, known: Known, message: Message) -> Answer:
        body, now = message.body.encode(), int(self.seconds_now())
        valid = [known.secret, *([known.former] if known.former and turn.former_valid else [])]
        headers = headers_for(valid, message_name(message.id), now, body)
        return self.post(known.url, turn.networks, headers | {"Content-Type": "application/json"}, body)

    def _settle(self, tx: WebhookTransaction, turn: Turn, message: Message, answer: Answer, verdict: Verdict) -> bool:
        """Whether the turn goes on."""
        came = str(answer.status or answer.note)
        if answer.address_refused:
            tx.telling.address_refused(turn, came)
        if verdict is Verdict.TOLD:
            return tx.telling.told(turn, message, came, LEASE)
        if verdict is Verdict.REFUSED:
            wait = wait_after(message.attempts + 1, self.spread(), answer.retry_after)
            return _refused(tx, turn, message, tx.telling.refused(turn, message, came, wait=wait, lease=LEASE), came)
        paused = tx.telling.failed(turn, message, came, spread=self.spread(), asked=answer.retry_after)
        if verdict is Verdict.GONE:
            paused = tx.telling.pause(turn, PausedFor.GONE)
        if paused:
            _note(tx, turn, PausedFor.GONE if verdict is Verdict.GONE else PausedFor.NOT_ANSWERING)
        return False

    def _pause(self, turn: Turn, why: PausedFor) -> None:
        with self.store.transaction(turn.authority) as tx:
            if tx.telling.pause(turn, why):
                _note(tx, turn, why)


def _refused(tx: WebhookTransaction, turn: Turn, message: Message, led_to: Refusal, came: str) -> bool:
    """Whether the turn goes on. What is not told any more, and why, is in the trail."""
    if led_to is Refusal.PAUSED:
        _note(tx, turn, PausedFor.NOT_ANSWERING)
    if led_to is Refusal.GIVEN_UP:
        detail = {"message": message_name(message.id), "answer": came}
        tx.audit.add(AuditEntry("bridge", "webhook_message_given_up", "webhook", str(turn.number), detail))
    return led_to in (Refusal.WAITS, Refusal.GIVEN_UP)


def _note(tx: WebhookTransaction, turn: Turn, why: PausedFor) -> None:
    tx.audit.add(AuditEntry("bridge", "webhook_paused", "webhook", str(turn.number), {"reason": why.value}))

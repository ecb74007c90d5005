"""Addresses at which an authority's systems are told: made, given another secret, paused, tried, removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from service.domain.webhooks import ENDPOINTS_MAX, TEST, body_of, new_secret
from service.errors import NeedsHuman, NotPossible
from service.ports import AuditEntry, Vault
from service.ports.webhooks import EndpointView, NewEndpoint, Sent, WebhookStore, WebhookTransaction
from service.usecases.webhooks.sealed import Known, seal, unseal

ReadAddress = Callable[[str, Sequence[str]], str]
"""What of an address may be shown. Raises `ConfigurationFault` for one that is not to be called."""


@dataclass(frozen=True)
class WebhookDesk:
    """For the owner's commands. `by` is a staff reference; every deed is in the trail."""

    store: WebhookStore
    vault: Vault
    read_address: ReadAddress

    def every(self, authority: str) -> Sequence[EndpointView]:
        """As they stand."""
        with self.store.transaction(authority) as tx:
            return tx.endpoints.every()

    def make(self, authority: str, url: str, *, name: str, networks: Sequence[str], by: str) -> tuple[int, str]:
        """Its number and its secret, which nobody is shown again."""
        new_id, secret = uuid4(), new_secret()
        sealed = seal(self.vault, authority, new_id, Known(url, secret))
        new = NewEndpoint(new_id, name, self.read_address(url, networks), networks, sealed, by)
        with self.store.transaction(authority) as tx:
            number = tx.endpoints.add(new)
            if number is None:
                raise NotPossible(f"{authority} has {ENDPOINTS_MAX} webhooks, which is as many as it may. Remove one.")
            _note(tx, by, "webhook_made", number)
        return number, secret

    def rotate(self, authority: str, number: int, *, former_for: timedelta, by: str) -> str:
        """A new secret. Messages are signed with both for so long, so that the receiver can change over in between."""
        with self.store.transaction(authority) as tx:
            webhook_id, kept = tx.endpoints.sealed(number) or _missing(authority, number)
            known, secret = self._opened(authority, webhook_id, kept), new_secret()
            former = known.secret if former_for else None
            sealed = seal(self.vault, authority, webhook_id, replace(known, secret=secret, former=former))
            tx.endpoints.reseal(number, sealed, former_for)
            _note(tx, by, "webhook_secret_changed", number)
        return secret

    def pause(self, authority: str, number: int, *, by: str, reason: str) -> None:
        """Nothing is told there until it goes on; nothing is lost either."""
        with self.store.transaction(authority) as tx:
            if not tx.endpoints.pause(number, by=by, note=reason):
                raise NotPossible(f"{authority} has no webhook {number} that is not paused.")
            _note(tx, by, "webhook_paused", number)

    def resume(self, authority: str, number: int, *, by: str) -> None:
        """From where it stood, and with what was given up."""
        with self.store.transaction(authority) as tx:
            if not tx.endpoints.resume(number):
                raise NotPossible(f"{authority} has no webhook {number} that is paused or has given up a message.")
            _note(tx, by, "webhook_resumed", number)

    def remove(self, authority: str, number: int, *, by: str) -> None:
        """With its secret, and with what was not told yet."""
        with self.store.transaction(authority) as tx:
            if not tx.endpoints.remove(number):
                _missing(authority, number)
            _note(tx, by, "webhook_removed", number)

    def test(self, authority: str, number: int, *, by: str) -> UUID:
        """Puts a test message beside the others, for the worker to send: so the real way is tried, and no other."""
        message_id = uuid4()
        body = body_of(TEST, datetime.now(UTC), {})
        with self.store.transaction(authority) as tx:
            if not tx.endpoints.add_test(number, message_id, body):
                raise NotPossible(f"{authority} has no webhook {number} that is not paused.")
            _note(tx, by, "webhook_tested", number)
        return message_id

    def sent(self, authority: str, message_id: UUID) -> Sent | None:
        """What became of a test message."""
        with self.store.transaction(authority) as tx:
            return tx.endpoints.sent(message_id)

    def _opened(self, authority: str, webhook_id: UUID, sealed: bytes) -> Known:
        try:
            return unseal(self.vault, authority, webhook_id, sealed)
        except NeedsHuman:
            raise NotPossible(f"This webhook was sealed with another key of {authority}. Make it anew.") from None


def _missing(authority: str, number: int) -> tuple[UUID, bytes]:
    raise NotPossible(f"{authority} has no webhook {number}.")


def _note(tx: WebhookTransaction, by: str, action: str, number: int) -> None:
    tx.audit.add(AuditEntry(by, action, "webhook", str(number)))

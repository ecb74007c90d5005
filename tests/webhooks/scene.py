"""Stockport's forms server listening, and all that it takes to have something to tell it."""

from __future__ import annotations

from dataclasses import dataclass

from service.ports import NewDelivery
from service.ports.webhooks import EndpointView
from service.store.casework import CaseworkStore
from service.usecases.webhooks.look_after import WebhookDesk
from service.usecases.webhooks.tell import Teller
from tests.store.rows import claimed, record, settle, superuser
from tests.support.bridge import STOCKPORT
from tests.support.servers import Database
from tests.webhooks.receiver import Receiver


def listen(desk: WebhookDesk, receiver: Receiver, authority: str = STOCKPORT) -> tuple[int, str]:
    """A new webhook; its number and secret."""
    return desk.make(authority, receiver.url, name="forms server", networks=(), by="stk-int-1")


@dataclass(repr=False)
class Scene:
    """`secret` is that of Stockport's webhook 1, at which `receiver` listens."""

    database: Database
    intake: CaseworkStore
    store: CaseworkStore
    desk: WebhookDesk
    teller: Teller
    receiver: Receiver
    secret: str

    def delivered(self, child: bytes = b"1") -> NewDelivery:
        delivery = record(self.intake, child=child)
        settle(self.store, claimed(self.store, delivery.id))
        return delivery

    @property
    def endpoint(self) -> EndpointView:
        return self.desk.every(STOCKPORT)[0]

    def time_passes(self, interval: str = "1 hour") -> None:
        """For everything that waits: the database's own times are moved, because that is the clock that counts."""
        admin = superuser(self.database)
        admin.execute(
            f"UPDATE casework.webhook SET quiet_until = quiet_until - interval '{interval}',"
            f" failing_since = failing_since - interval '{interval}',"
            f" lease_until = lease_until - interval '{interval}',"
            f" former_until = former_until - interval '{interval}'"
        )
        admin.execute(
            f"UPDATE casework.webhook_message SET due_at = due_at - interval '{interval}',"
            f" first_tried_at = first_tried_at - interval '{interval}', told_at = told_at - interval '{interval}',"
            f" given_up_at = given_up_at - interval '{interval}'"
        )

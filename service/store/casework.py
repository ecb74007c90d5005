"""One transaction for one authority. The tenant is set inside the transaction, so a pooled connection forgets it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Connection, Engine

from service.ports import CaseworkTransaction, FactSink
from service.store.audit_trail import AuditTrail
from service.store.batches import BatchRows
from service.store.deliveries import DeliveryRows
from service.store.driver import TENANT, driver_errors, driver_of
from service.store.errors import database_errors
from service.store.feedback import FeedbackRows
from service.store.holds import HoldRows
from service.store.intake import IntakeStore
from service.store.key_floor import stale_key_noted
from service.store.lanes import LaneRows
from service.store.reviews import ReviewRows
from service.store.second_lock import acting_for
from service.store.submissions import SubmissionRows
from service.store.supervision import SupervisionRows
from service.store.training import TrainingRows
from service.store.workers import WorkerRows

__all__ = ["CaseworkStore", "Transaction", "database_errors"]


class Transaction:
    """The repositories of one transaction."""

    def __init__(self, connection: Connection, authority: str, facts: Callable[[Connection], FactSink]) -> None:
        self.submissions = SubmissionRows(connection, authority)
        self.deliveries = DeliveryRows(connection, authority)
        self.lane = LaneRows(connection, authority)
        self.reviews = ReviewRows(connection, authority)
        self.holds = HoldRows(connection, authority)
        self.batches = BatchRows(connection, authority)
        self.training = TrainingRows(connection, authority)
        self.feedback = FeedbackRows(connection, authority)
        self.supervision = SupervisionRows(connection, authority)
        self.audit = AuditTrail(connection, authority)
        self._connection, self._facts = connection, facts

    @property
    def facts(self) -> FactSink:
        """The door to the central side, in this same transaction."""
        return self._facts(self._connection)


class CaseworkStore(IntakeStore):
    """`service.ports.Casework` on PostgreSQL. `facts` is given by the wiring; this package does not know it."""

    def __init__(self, engine: Engine, facts: Callable[[Connection], FactSink]) -> None:
        self._engine, self._facts = engine, facts

    @contextmanager
    def transaction(self, authority: str) -> Iterator[CaseworkTransaction]:
        """Begins for one authority; commits on leaving."""
        noted = stale_key_noted(self._engine, authority)
        with noted, driver_errors(), self._engine.begin() as connection:
            driver = driver_of(connection)
            with driver.pipeline():  # one round trip with the beginning
                driver.execute(TENANT, (authority,))
            acting_for(connection, authority)
            yield Transaction(connection, authority, self._facts)

    def close(self) -> None:
        """Lets go of the connections."""
        self._engine.dispose()

    def worker_seen(self, worker: UUID) -> None:
        """A worker serves all authorities, so no tenant is set."""
        with database_errors(), self._engine.begin() as connection:
            WorkerRows(connection).seen(worker)

    def worker_ended(self, worker: UUID) -> None:
        """As above."""
        with database_errors(), self._engine.begin() as connection:
            WorkerRows(connection).ended(worker)

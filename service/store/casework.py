"""One transaction for one authority. The tenant is set inside the transaction, so a pooled connection forgets it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from service.errors import Unavailable
from service.ports import CaseworkTransaction, FactSink
from service.store.audit_trail import AuditTrail
from service.store.batches import BatchRows
from service.store.deliveries import DeliveryRows
from service.store.feedback import FeedbackRows
from service.store.holds import HoldRows
from service.store.reviews import ReviewRows
from service.store.submissions import SubmissionRows
from service.store.supervision import SupervisionRows
from service.store.tables import delivery
from service.store.training import TrainingRows

_SET_TENANT = text("SELECT set_config('wise.authority', :authority, true)")
_SET_DELIVERY = text("SELECT set_config('wise.delivery', :delivery, true)")


class Transaction:
    """The repositories of one transaction."""

    def __init__(self, connection: Connection, authority: str, facts: Callable[[Connection], FactSink]) -> None:
        self.submissions = SubmissionRows(connection, authority)
        self.deliveries = DeliveryRows(connection, authority)
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


class CaseworkStore:
    """`service.ports.Casework` on PostgreSQL. `facts` is given by the wiring; this package does not know it."""

    def __init__(self, engine: Engine, facts: Callable[[Connection], FactSink]) -> None:
        self._engine, self._facts = engine, facts

    @contextmanager
    def transaction(self, authority: str) -> Iterator[CaseworkTransaction]:
        """Begins for one authority; commits on leaving."""
        with database_errors(), self._engine.begin() as connection:
            connection.execute(_SET_TENANT, {"authority": authority})
            yield Transaction(connection, authority, self._facts)

    def close(self) -> None:
        """Lets go of the connections."""
        self._engine.dispose()

    def lane_of(self, delivery_id: UUID) -> str | None:
        """The authority of a delivery. Only the worker's role may ask across authorities, and only by id."""
        with database_errors(), self._engine.begin() as connection:
            connection.execute(_SET_DELIVERY, {"delivery": str(delivery_id)})
            return connection.scalar(select(delivery.c.authority).where(delivery.c.id == delivery_id))


_AWAY = ("08", "53", "57P", "58", "55P03", "57014")
"""SQLSTATE classes for: connection, resources (disk full, too many), operator, system, lock and statement time-outs."""


@contextmanager
def database_errors() -> Iterator[None]:
    """Turns "the database is away" into `Unavailable`; anything else is a fault of ours and passes."""
    try:
        yield
    except (PoolTimeout, InterfaceError) as error:
        raise Unavailable("The database cannot be reached.") from error
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        if (
            error.connection_invalidated
            or (state or "").startswith(_AWAY)
            or (state is None and isinstance(error, OperationalError))
        ):
            raise Unavailable("The database cannot be reached.") from error
        raise

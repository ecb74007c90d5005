"""What the database says when it is away, in words of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from service.domain.fact import FactRefused
from service.errors import StaleKey, Unavailable

_AWAY = ("08", "53", "57P", "58", "55P03", "57014", "25006", "55000", "40P01")
"""SQLSTATE classes for: connection, resources (disk full, too many), operator, system, lock and statement time-outs; a
server that only reads or is still recovering, and a deadlock."""
_FACT = "ck_fact_"
_BELOW_THE_FLOOR = "WB001"
"""Of ours, from the triggers that keep to `casework.key_floor`."""


@contextmanager
def database_errors() -> Iterator[None]:
    """Turns "the database is away" into `Unavailable`, what it does not take into `FactRefused` or `StaleKey`.

    Anything else is a fault of ours and passes.
    """
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
        if state == _BELOW_THE_FLOOR:
            raise StaleKey from None
        if refused := _refused_fact(error.orig):
            raise FactRefused((refused,)) from None  # whose message would repeat the row
        raise


def _refused_fact(error: BaseException | None) -> str | None:
    """The field of the fact that a check of the central table refused, if it was that."""
    name = getattr(getattr(error, "diag", None), "constraint_name", None) or ""
    return name.removeprefix(_FACT) if name.startswith(_FACT) else None

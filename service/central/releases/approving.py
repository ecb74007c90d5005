"""Releases on their way, as the Hub's process may ask for them: in the name of a session, and through functions alone.

The database looks whose session it is, and does nothing for anybody but an approver of the Hub who is signed in. This
process can read no build and no fact, and cannot say by itself who approved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Row, column, func, select
from sqlalchemy.exc import SQLAlchemyError

from service.domain.approvals import TABLE_REASONS, BuildShown, TableShape
from service.errors import Unavailable

_COLUMNS = (
    "id", "quarter", "catalogue", "digest", "built_by", "built_at", "behind", "passed", "looked", "audited_at", "words",
    "shape", "approved_by", "approved_at", "number",
)  # fmt: skip


class Approvals:
    """Raises `Unavailable` when the database is away. `session`: what the browser sent, of whomever it is."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def builds(self, session: str, quarter: str | None = None) -> list[BuildShown]:
        """The newest build of each quarter, the newest first; of one quarter with its report and its tables' shape."""
        there = func.central.builds_for(_digest(session), quarter).table_valued(*map(column, _COLUMNS))
        with _database_errors(), self._engine.begin() as connection:
            return [_shown(row) for row in connection.execute(select(*there.c))]

    def approve(self, session: str, build: UUID, digest: str) -> str:
        """`done`, or a code of `service.domain.approvals.REFUSED`."""
        return self._said(func.central.approve_build(_digest(session), build, digest))

    def publish(self, session: str, build: UUID, digest: str) -> str:
        """As above. From then on the Hub is served these bytes."""
        return self._said(func.central.publish_build(_digest(session), build, digest))

    def _said(self, call: Any) -> str:
        with _database_errors(), self._engine.begin() as connection:
            return str(connection.scalar(select(call)))


def _shown(row: Row[Any]) -> BuildShown:
    read = dict(row._mapping)
    tables = [_shape(each) for each in read.pop("shape") or ()]
    read |= {"words": read["words"] or "", "looked": bool(read["looked"])}
    return BuildShown(**read, tables=tables)


def _shape(each: Mapping[str, Any]) -> TableShape:
    reasons: Sequence[str] = each["reasons"]
    remarks = [TABLE_REASONS.get(reason, reason) for reason in reasons]
    return TableShape(each["table"], each["axes"], each["figures"] or {}, remarks)


def _digest(session: str) -> bytes:
    """As sessions are kept."""
    return sha256(session.encode("utf-8", "surrogatepass")).digest()


@contextmanager
def _database_errors() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise Unavailable("The database cannot be reached.") from error

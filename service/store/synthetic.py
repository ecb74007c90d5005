"""How an authority's synthetic records stand, for the process that sends them and for the pulse of the lanes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, exists, func, literal_column, select

from service.domain.delivery import TERMINAL, State
from service.domain.synthetic import SENDER, Synthetic, due
from service.ports.synthetic import SyntheticStanding
from service.store.casework import database_errors
from service.store.tables import delivery, submission
from service.store.tenant import act_for

_OURS = submission.c.client_id == literal_column(f"'{SENDER}'")
"""Written out, so that the planner sees that the partial index holds all of them."""
_BELONGS = and_(delivery.c.authority == submission.c.authority, delivery.c.submission_id == submission.c.id)
_OPEN = delivery.c.state.not_in([state.value for state in TERMINAL])
_IS_THERE = exists().where(_BELONGS, delivery.c.kind == "record", delivery.c.state == State.DELIVERED.value)
_STANDS = and_(submission.c.withdrawn_by.is_(None), _IS_THERE)


class SyntheticRows:
    """`service.ports.synthetic.SyntheticBook`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def standing(self, authority: str, child_key: bytes) -> SyntheticStanding:
        """In one transaction. Of another test child, there was before a change of the profile, nothing is said."""
        about = and_(_OURS, submission.c.authority == authority, submission.c.child_key == child_key)
        with database_errors(), self._engine.begin() as connection:
            act_for(connection, authority)
            return SyntheticStanding(
                under_way=connection.scalar(_opened(about)) is not None,
                to_withdraw=connection.scalar(_newest(about, _STANDS)),
                newest=connection.scalar(_newest(about)),
            )


def synthetic_due(connection: Connection, authority: str, synthetic: Synthetic | None) -> datetime | None:
    """From when on the authority's synthetic record is late; None where there is none, or none is wanted."""
    if synthetic is None:
        return None
    ours = and_(_OURS, submission.c.authority == authority)
    latest = select(func.max(submission.c.received_at)).where(ours)
    return due(connection.scalar(_opened(ours)), connection.scalar(latest), synthetic)


def _opened(which: ColumnElement[bool]) -> Select[datetime]:
    """Since when the oldest delivery of theirs is open: the record's own, or that of its withdrawal."""
    return select(func.min(delivery.c.created_at)).join(submission, _BELONGS).where(which, _OPEN)


def _newest(*which: ColumnElement[bool]) -> Select[str]:
    """The name of the newest record; a withdrawal is none."""
    records = (submission.c.kind != "withdrawal", *which)
    return select(submission.c.sender_ref).where(*records).order_by(submission.c.received_at.desc()).limit(1)

"""Staff as the operator sees them, of both sides at once: listed, their sessions ended, barred; links for sandboxes.

As the owner. Every change stands in the trail of the person's authority.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, TableClause, and_, column, func, select, table, text, update
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.postgresql import insert

from service.domain.people import HUB, Role
from service.errors import NotPossible
from service.ports import AuditEntry
from service.store.audit_trail import AuditTrail
from service.store.staff import CASEWORK, CENTRAL, digest
from service.store.tenant import act_for

_IDLE, _LONGEST = text("interval '30 minutes'"), text("interval '8 hours'")
_STAFF = ("authority", "reference", "first_at", "last_at", "barred_at")
_SESSION = ("authority", "reference", "began_at", "seen_at", "ended_at", "ended_why")
_LINK = ("digest", "authority", "reference", "role")


@dataclass(frozen=True)
class Member:
    """One person at one authority, by reference. `signed_in`: how many sessions stand."""

    authority: str
    reference: str
    first_at: datetime
    last_at: datetime | None
    barred_at: datetime | None
    signed_in: int


def members(connection: Connection) -> Sequence[Member]:
    """Everybody who ever signed in, or was barred before they could."""
    found: list[Member] = []
    for side in (CASEWORK, CENTRAL):
        who, held = _table(side, "staff", _STAFF), _table(side, "staff_session", _SESSION)
        mine = and_(held.c.authority == who.c.authority, held.c.reference == who.c.reference, _stands(held))
        count = select(func.count()).select_from(held).where(mine).scalar_subquery().label("signed_in")
        listed = select(*who.c, count).order_by(who.c.authority, who.c.reference)
        found += [Member(**row) for row in connection.execute(listed).mappings()]
    return found


def end(connection: Connection, authority: str, reference: str, *, by: str) -> int:
    """How many sessions ended now. Raises `NotPossible` for somebody who is not known."""
    _require(connection, authority, reference)
    ended = _end(connection, authority, reference, "ended")
    _note(connection, authority, reference, "person_ended", by)
    return ended


def bar(connection: Connection, authority: str, reference: str, *, by: str) -> int:
    """They sign in no more, whatever their issuer says. How many sessions ended. Also for who was never here.

    Whoever signs in at this moment waits for the row of theirs, or has its session ended with the others.
    """
    who = _of(authority, "staff", _STAFF)
    barred = insert(who).values(authority=authority, reference=reference, barred_at=func.now())
    since = func.coalesce(who.c.barred_at, func.now())
    connection.execute(
        barred.on_conflict_do_update(index_elements=["authority", "reference"], set_={"barred_at": since})
    )
    ended = _end(connection, authority, reference, "barred")
    _note(connection, authority, reference, "person_barred", by)
    return ended


def unbar(connection: Connection, authority: str, reference: str, *, by: str) -> bool:
    """Whether they were barred until now. Raises `NotPossible` for somebody who is not known."""
    _require(connection, authority, reference)
    who = _of(authority, "staff", _STAFF)
    let_in = update(who).where(_is(who, authority, reference), who.c.barred_at.is_not(None)).values(barred_at=None)
    changed = connection.execute(let_in).rowcount == 1
    if changed:
        _note(connection, authority, reference, "person_unbarred", by)
    return changed


def make_link(connection: Connection, link: str, *, authority: str, reference: str, role: Role) -> None:
    """Good once, for five minutes. What is kept of it is a digest."""
    kept = {"digest": digest(link), "authority": authority, "reference": reference, "role": role.value}
    connection.execute(plain_insert(_of(authority, "sign_in_link", _LINK)).values(kept))
    _note(connection, authority, reference, "sign_in_link_made", "owner")


def _of(authority: str, name: str, columns: Sequence[str]) -> TableClause:
    return _table(CENTRAL if authority == HUB else CASEWORK, name, columns)


def _table(side: str, name: str, columns: Sequence[str]) -> TableClause:
    """By name: the Hub's side keeps its tables where this one cannot import them."""
    return table(name, *(column(each) for each in columns), schema=side)


def _is(where: TableClause, authority: str, reference: str) -> ColumnElement[bool]:
    return and_(where.c.authority == authority, where.c.reference == reference)


def _stands(held: TableClause) -> ColumnElement[bool]:
    """As `staff_session_of` has it."""
    return and_(held.c.ended_at.is_(None), _lasts(held))


def _require(connection: Connection, authority: str, reference: str) -> None:
    who = _of(authority, "staff", _STAFF)
    if connection.scalar(select(who.c.authority).where(_is(who, authority, reference)).with_for_update()) is None:
        raise NotPossible("Nobody of this reference has signed in there. See `wise-bridge people list`.")


def _end(connection: Connection, authority: str, reference: str, why: str) -> int:
    held = _of(authority, "staff_session", _SESSION)
    theirs = update(held).where(_is(held, authority, reference), held.c.ended_at.is_(None))
    ended = connection.execute(theirs.values(ended_at=func.now(), ended_why=why).returning(_lasts(held)))
    return sum(bool(stood) for (stood,) in ended)


def _lasts(held: TableClause) -> ColumnElement[bool]:
    """Whether it is not over by itself."""
    now = func.now()
    return and_(held.c.seen_at > now - _IDLE, held.c.began_at > now - _LONGEST)


def _note(connection: Connection, authority: str, reference: str, action: str, by: str) -> None:
    act_for(connection, authority)
    AuditTrail(connection, authority).add(AuditEntry("owner", action, "person", reference, {"by": by}))

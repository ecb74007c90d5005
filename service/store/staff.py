"""Sessions of staff as a web process has them: it begins, looks up and ends the one whose digest it names.

The same for both sides, each with the schema that its role can reach. The casework side enters what happens in the
trail; the Hub's process has no way there, and triggers on its sessions enter the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from service.domain.people import Role, Session, through
from service.ports import AuditEntry
from service.store.audit_trail import AuditTrail
from service.store.errors import database_errors
from service.store.tenant import act_for

CASEWORK, CENTRAL = "casework", "central"


class StaffSessions:
    """Every method is one short transaction. Raises `service.errors.Unavailable`. `schema`: whose side it is."""

    def __init__(self, engine: Engine, schema: str) -> None:
        self._engine, self._does = engine, getattr(func, schema)
        self._enters = schema == CASEWORK

    def begin(
        self,
        new: str,
        old: str,
        *,
        authority: str,
        reference: str,
        roles: Collection[Role],
        way: str,
        issuer_session: str = "",
    ) -> bool:
        """Whether the session began: False for somebody who is barred. The `old` one, if there was one, ends."""
        said = sorted(roles)
        theirs = digest(issuer_session) if issuer_session else None
        begun = self._does.begin_staff_session(digest(new), digest(old), authority, reference, said, way, theirs)
        with database_errors(), self._engine.begin() as connection:
            if not connection.scalar(select(begun)):
                return False
            self._enter(connection, authority, reference, "person_signed_in", {"roles": " ".join(said), "way": way})
        return True

    def find(self, session: str) -> tuple[Session | None, bool]:
        """Who it is while the session stands; and whether there ever was one."""
        names = ("authority", "reference", "roles", "began_at", "until", "stands")
        there = self._does.staff_session_of(digest(session)).table_valued(*names)
        with database_errors(), self._engine.begin() as connection:
            row = connection.execute(select(*there.c)).first()
        if row is None or not row.stands:
            return None, row is not None
        roles = frozenset(Role(each) for each in row.roles if each in set(Role))
        return Session(row.authority, row.reference, roles, row.began_at, row.until), True

    def end(self, session: str) -> None:
        """They signed out. Nothing happens where there is no such session."""
        self._end(self._does.end_staff_session(digest(session)), "person_signed_out")

    def end_of_issuer(self, *, authority: str, reference: str, issuer_session: str) -> None:
        """Their own issuer says that a person, or one session of theirs, has ended."""
        theirs = digest(issuer_session) if issuer_session else None
        ended = self._does.end_staff_sessions_of_issuer(authority, reference or None, theirs)
        self._end(ended, "person_signed_out_by_issuer")

    def use(self, what: str, until: float) -> bool:
        """Whether this is used for the first time. `until`: seconds since 1970 after which it is worthless."""
        ends = datetime.fromtimestamp(until, UTC)
        with database_errors(), self._engine.begin() as connection:
            return bool(connection.scalar(select(self._does.use_sign_in(digest(what), ends))))

    def use_link(self, link: str) -> tuple[str, str, Role] | None:
        """Authority, reference and role of a link that is good, once."""
        with database_errors(), self._engine.begin() as connection:
            there = self._does.use_sign_in_link(digest(link)).table_valued("authority", "reference", "role")
            row = connection.execute(select(*there.c)).first()
        return None if row is None or row.role not in set(Role) else (row.authority, row.reference, Role(row.role))

    def _end(self, call: Any, action: str) -> None:
        there = call.table_valued("authority", "reference")
        with database_errors(), self._engine.begin() as connection:
            for row in connection.execute(select(*there.c)).all():
                self._enter(connection, row.authority, row.reference, action, {})

    def _enter(
        self, connection: Connection, authority: str, reference: str, action: str, detail: Mapping[str, str]
    ) -> None:
        if self._enters:
            act_for(connection, authority)
            entry = AuditEntry(through(reference), action, "person", reference, detail)
            AuditTrail(connection, authority).add(entry)


def digest(secret: str) -> bytes:
    """SHA-256 is enough: what is digested is 256 random bits."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()

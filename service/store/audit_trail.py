"""Appending to the trail."""

from __future__ import annotations

from sqlalchemy import Connection, insert

from service.ports import AuditEntry
from service.store.tables import audit

_ADD = insert(audit).inline()
"""Inline, because who writes here may not read back what number it got."""


class AuditTrail:
    """`service.ports.casework.Audit` for one authority."""

    def __init__(self, connection: Connection, authority: str) -> None:
        self._connection, self._authority = connection, authority

    def add(self, entry: AuditEntry) -> None:
        """Appends one entry."""
        self._connection.execute(
            _ADD,
            {
                "authority": self._authority,
                "actor": entry.actor,
                "action": entry.action,
                "subject_type": entry.subject_type,
                "subject_id": entry.subject_id,
                "detail": dict(entry.detail),
            },
        )

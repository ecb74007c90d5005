"""The answers an authority's own evaluators may read: of those who agreed, and with nothing that says who they are.

An authority holds this extract for itself (domain model, 3.9). It is not made for the Hub: whatever a person wrote in
their own words may name somebody, and no check for that would be sure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from service.domain.london import add_months, quarter_of
from service.ports import AuditEntry, Casework, Record, Vault


@dataclass(frozen=True, repr=False)
class Extract:
    """One page of it; `onward` is where the next one begins, when there is one."""

    items: list[dict[str, Any]]
    onward: str | None


@dataclass(frozen=True)
class Extractor:
    """Asks the columns who agreed, and opens only theirs."""

    casework: Casework
    vault: Vault

    def pull(
        self, authority: str, quarters: tuple[str, str], *, after: str | None, limit: int, client_id: str
    ) -> Extract:
        """Of the quarters from the first to the last, each `2026Q3`. That it was pulled stands in the audit trail."""
        (first, _), (_, last) = days_of(quarters[0]), days_of(quarters[1])
        with self.casework.transaction(authority) as tx:
            placed = {self._place(authority, each): each for each in tx.feedback.for_evaluation(first, last)}
            places = sorted(place for place in placed if after is None or place > after)
            items = [
                _item(self._open(authority, placed[place], tx.feedback.sealed_body(placed[place])))
                for place in places[:limit]
            ]
            detail: Mapping[str, str | int] = {"from": quarters[0], "to": quarters[1], "count": len(items)}
            tx.audit.add(AuditEntry(f"client:{client_id}", "evaluation_extracted", "feedback", "-", detail))
        return Extract(items, places[limit - 1] if len(places) > limit else None)

    def _place(self, authority: str, feedback_id: UUID) -> str:
        """Where one stands. A keyed digest of its id: neither days nor arrival can be read from it."""
        return self.vault.content_digest(authority, b"evaluation\x00" + feedback_id.bytes).hex()

    def _open(self, authority: str, feedback_id: UUID, sealed: bytes) -> Record:
        body: Record = json.loads(self.vault.open(authority, str(feedback_id), sealed))
        return body


def days_of(quarter: str) -> tuple[date, date]:
    """Its first and last day."""
    first = date(int(quarter[:4]), 3 * int(quarter[5]) - 2, 1)
    return first, add_months(first, 3) - timedelta(days=1)


def _item(body: Record) -> dict[str, Any]:
    """Named fields are copied; whatever else feedback may come to hold stays behind."""
    process = body.get("process", {})
    return {
        "quarter": quarter_of(date.fromisoformat(body["given_on"])),
        "given_by": body["given_by"],
        "answers": [{name: each[name] for name in ("question_key", "answer_text")} for each in body.get("answers", [])],
        "process": {name: process[name] for name in ("how_it_was", "difference_made") if name in process},
    }

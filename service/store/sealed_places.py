"""Every column that holds something sealed: where its row is found, and what its seal is bound to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from service.domain.subjects import consent_of, person_of, sent_of, sketches_of, webhook_of
from service.store.keyfile import APART, RECORDS


@dataclass(frozen=True)
class Place:
    """`keys` is the primary key. `subject` takes a row of it (and of `child_key`, where `of_child`)."""

    table: str
    column: str
    keys: tuple[str, ...]
    subject: Callable[[Any], str]
    kind: str = RECORDS
    of_child: bool = False

    @property
    def name(self) -> str:
        """`table.column`."""
        return f"{self.table}.{self.column}"


def _itself(row: Any) -> str:
    return str(row[0])


PLACES = (
    Place("payload", "sealed", ("submission_id",), _itself),
    Place("third_party", "sealed", ("submission_id",), _itself, kind=APART),
    Place("submission", "sealed_digest", ("id",), lambda row: sent_of(row.id)),
    Place(
        "sketch",
        "sketch",
        ("submission_id", "pointer"),
        lambda row: sketches_of(bytes(row.child_key)),
        of_child=True,
    ),
    Place("feedback", "sealed", ("id",), _itself),
    Place("feedback", "sealed_consent", ("id",), lambda row: consent_of(row.id)),
    Place("supervision", "sealed", ("id",), _itself),
    Place("review", "sealed_person", ("id",), lambda row: person_of(row.id)),
    Place("webhook", "sealed", ("id",), lambda row: webhook_of(row.id)),
)
"""A test compares them with every bytea column there is."""

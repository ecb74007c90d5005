"""The catalogue of a record as one edition had it: without later fields, and with that edition's closed lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from service.domain import codes
from service.domain.editions import Edition, order_of
from service.domain.fields import Code, Field, Group, Many
from service.domain.records import RECORDS
from service.domain.records.withdrawal import WITHDRAWAL

_NAMES = {
    values: name
    for name, values in vars(codes).items()
    if name.isupper() and isinstance(values, tuple) and name in codes.LATEST.codes
}
"""Which list a field's values are. Two lists never hold the same values, so the values tell; a test keeps it so."""


WITHDRAWN = "withdrawal"


def edition_of(record: Mapping[str, Any]) -> Edition:
    """The edition a record says it is of; the newest while it says none that is known."""
    said = record.get("schema_version")
    return codes.EDITIONS.get(said, codes.LATEST) if isinstance(said, str) else codes.LATEST


def is_withdrawal(record: Mapping[str, Any]) -> bool:
    """Whether this takes an earlier record back, and so has nothing of a record itself."""
    return record.get("submission_kind") == WITHDRAWN


@cache
def records_of(edition: str) -> Mapping[str, Group]:
    """The three records by type, and the withdrawal, as this edition had them. Raises `KeyError` for an unknown one."""
    known = codes.EDITIONS[edition]
    return {name: in_edition(record, known) for name, record in {**RECORDS, WITHDRAWN: WITHDRAWAL}.items()}


def in_edition(record: Group, edition: Edition) -> Group:
    """A group with what this edition had of it."""
    kept = {name: _narrowed(field, edition) for name, field in record.fields.items() if _was_there(field, edition)}
    return replace(record, fields=kept)


def _was_there(field: Field, edition: Edition) -> bool:
    return order_of(field.since) <= edition.order


def _narrowed(field: Field, edition: Edition) -> Field:
    match field:
        case Group():
            return in_edition(field, edition)
        case Many():
            return replace(field, item=_narrowed(field.item, edition))
        case Code():
            had = edition.codes.get(_NAMES.get(field.codes, ""), field.codes)
            return replace(field, codes=tuple(code for code in field.codes if code in had))
        case _:
            return field

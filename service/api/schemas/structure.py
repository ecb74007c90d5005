"""Builds the schemas once and turns marshmallow's nested messages into faults with JSON pointers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, cast

from marshmallow import RAISE, Schema
from marshmallow import fields as marshmallow_fields

from service.api.schemas import kinds, message
from service.api.schemas.clean import Clean, clean
from service.domain import fields as domain
from service.domain.faults import Fault, pointer
from service.domain.records import RECORDS
from service.domain.records.narrowed import WITHDRAWN, edition_of, is_withdrawal, records_of
from service.domain.scores import is_score_key
from service.domain.wording import worded

TEXT_TOTAL_MAX = 60_000
FAULTS_MAX = 200
"""More faults than this are counted, not listed: nobody corrects thousands by hand, and the answer stays small."""


class RecordSchema(Schema):
    """Refuses what it does not know."""

    class Meta:
        """Safeguarding data is never silently dropped, so an unknown field is an error."""

        unknown = RAISE

    group: domain.Group
    """What it was made of; the published documents are made of it too."""
    error_messages = {"unknown": message.UNKNOWN, "type": message.OBJECT}  # noqa: RUF012 - marshmallow's own interface


def _field(node: domain.Field) -> marshmallow_fields.Field[Any]:  # noqa: C901, PLR0911 - one line for each kind
    match node:
        case domain.Text():
            return kinds.TextField(node)
        case domain.Token():
            return kinds.TokenField(node)
        case domain.Code():
            return kinds.CodeField(node)
        case domain.Date():
            return kinds.DateField(node)
        case domain.Instant():
            return kinds.InstantField(node)
        case domain.Whole():
            return kinds.WholeField(node)
        case domain.Flag():
            return kinds.FlagField(node)
        case domain.Many():
            return kinds.ListField(node, _field(node.item))
        case domain.Group():
            return kinds.GroupField(
                _schema(node),
                required=node.required,
                allow_none=node.nullable,
                error_messages={**kinds._MESSAGES, "type": message.OBJECT},
            )
    raise TypeError(f"no marshmallow field for {type(node).__name__}")


def _schema(group: domain.Group) -> RecordSchema:
    made = RecordSchema.from_dict({name: _field(child) for name, child in group.fields.items()}, name="Record")
    built = cast("RecordSchema", made())
    built.group = group
    return built


def build_schema(group: domain.Group) -> RecordSchema:
    """The schema of anything that is described by fields; build it once."""
    return _schema(group)


def faults_of(schema: Schema, value: Mapping[str, Any]) -> list[Fault]:
    """Everything wrong with a value's shape, types, codes, lengths and unknown fields, each with its pointer."""
    return list(_flatten(schema.validate(value), ()))


@cache
def schema_for(record_type: str, edition: str) -> RecordSchema:
    """The schema of one record type in one edition; built once."""
    return _schema(records_of(edition)[record_type])


@cache
def clean_for(record_type: str, edition: str) -> Clean:
    """What says of a sound record of this type and edition, at once, that it is sound; built once."""
    return clean(records_of(edition)[record_type])


def structural_faults(record: Mapping[str, Any], record_type: str) -> list[Fault]:
    """Everything wrong with the record's structure, by its own edition (X-1, X-2, X-6, X-10, N1, N2, N3, M4)."""
    kind = WITHDRAWN if is_withdrawal(record) else record_type
    edition = edition_of(record)
    faults = [] if clean_for(kind, edition.name)(record) else _all_faults(record, kind, edition.name)
    if record_type == "nwg_assessment":
        faults = [replace(each, fix=message.NO_SCORE_IN_NWG) if each.code == "X-2" else each for each in faults]
    total = _text_length(record)
    if total > TEXT_TOTAL_MAX:
        words = f"The record has {total:,} characters of text in all; up to {TEXT_TOTAL_MAX:,} fit."
        faults.append(Fault("", "F-length", words, "Shorten the longest parts."))
    return _capped(faults)


def _all_faults(record: Mapping[str, Any], kind: str, edition: str) -> list[Fault]:
    return [_later(each, kind, edition) for each in faults_of(schema_for(kind, edition), record)]


def _later(fault: Fault, kind: str, edition: str) -> Fault:
    """A field that is not known in the record's edition may have come with a later one; then that is what to say."""
    if fault.code != "X-1":
        return fault
    field: domain.Field | None = RECORDS.get(kind)
    for part in fault.pointer.split("/")[1:]:
        if isinstance(field, domain.Many):
            field = field.item
        else:
            field = field.fields.get(part) if isinstance(field, domain.Group) else None
    if field is None:
        return fault
    words = f"This field came with edition {field.since}; the record says it is of edition {edition}."
    return replace(fault, detail=words, fix=f'Send `"schema_version": "{field.since}"`, or leave the field out.')


def _flatten(messages: Any, path: tuple[str | int, ...]) -> Iterator[Fault]:
    if isinstance(messages, Mapping):
        for key, below in messages.items():
            of_this_place = key == "_schema" and below[0] is not message.UNKNOWN  # a sender may name a field so
            yield from _flatten(below, path if of_this_place else (*path, key))
    else:
        yield _fault(path, messages[0])


def _fault(path: tuple[str | int, ...], found: message.Message) -> Fault:
    place = pointer(*path)
    if found is message.UNKNOWN:
        return _unknown(place, path)
    if found.code not in ("F-length", "X-2") and (own := worded(place)):
        return Fault(place, *own)
    return Fault(place, found.code, str(found), found.fix)


def _unknown(place: str, path: tuple[str | int, ...]) -> Fault:
    key = str(path[-1])
    if is_score_key(key):
        return Fault(place, "X-10" if "stability" in path else "X-2", str(message.NO_SCORE), message.NO_SCORE.fix)
    shown = place if len(place) <= 200 else f"{place[:200]}…"
    return Fault(
        place,
        "X-1",
        f"`{shown}` isn't a field we accept. Names, addresses and phone numbers stay in your case system.",
        "Remove it, or check its spelling.",
    )


def _text_length(record: Mapping[str, Any]) -> int:
    """Of all strings that are values, level by level."""
    total = 0
    level: list[Any] = [dict(record)]
    while level:
        values = [value for each in level for value in (each.values() if type(each) is dict else each)]
        total += sum([len(value) for value in values if type(value) is str])
        level = [value for value in values if type(value) is dict or type(value) is list]
    return total


def _capped(faults: list[Fault]) -> list[Fault]:
    if len(faults) <= FAULTS_MAX:
        return faults
    more = Fault("", "F-many", f"There are {len(faults):,} faults; the first {FAULTS_MAX} are listed.", "Check again.")
    return [*sorted(faults)[:FAULTS_MAX], more]

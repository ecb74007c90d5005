"""Request bodies from the descriptions that the routes judge them by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from service.api.openapi.operation import ANYTHING, Body, Json
from service.api.openapi.shapes import TEXT
from service.api.schemas.json_schema import plain_schema
from service.api.schemas.published import record_schema
from service.api.schemas.structure import RecordSchema
from service.domain.codes import EDITIONS
from service.domain.records.narrowed import WITHDRAWN

CSV: Json = TEXT | {"description": "UTF-8, a header of field names, one record a row."}


def body_of(name: str, schema: RecordSchema) -> Body:
    """What this schema takes, under a name of its own."""
    return Body(lambda: {name: plain_schema(schema.group)})


def record_body(record_type: str) -> Body:
    """A record of this type in any edition, or the withdrawal of one: the published JSON Schemas."""
    return Body(partial(_records, record_type))


def _records(record_type: str) -> Mapping[str, Json]:
    return {
        f"{kind}-{edition}": record_schema(kind, edition) for kind in (record_type, WITHDRAWN) for edition in EDITIONS
    }


def one_or_many(name: str, schema: RecordSchema, *, most: int, filled_in: tuple[str, ...]) -> Body:
    """One of these, a list of up to `most`, of which each is judged by itself, or a CSV file.

    `filled_in` are fields that need not be there: who sends says as much by signing in.
    """
    group = schema.group
    left_out = {each: replace(group.fields[each], required=False) for each in filled_in}
    one = replace(group, fields={**group.fields, **left_out})
    many: Json = {"type": "array", "items": ANYTHING, "minItems": 1, "maxItems": most}
    return Body(lambda: {name: plain_schema(one), f"{name}s": many}, also={"text/csv": CSV})

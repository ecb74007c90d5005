"""The JSON Schemas we publish: one for each kind of record in each edition, and one for taking a record back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from service.api.schemas.json_schema import Json, json_schema
from service.domain.codes import EDITIONS, RECORD_TYPES, SUBMISSION_KINDS
from service.domain.fields import Code, Field, Group
from service.domain.records.narrowed import WITHDRAWN, records_of
from service.domain.words import words

KINDS = (*RECORD_TYPES, WITHDRAWN)
IDENTIFIERS = "https://wise-bridge.example/schemas/"


def published_schemas() -> dict[tuple[str, str], bytes]:
    """Every schema by kind and edition, as it is sent. Takes about a second; build it once."""
    return {(kind, edition): as_bytes(record_schema(kind, edition)) for kind in KINDS for edition in EDITIONS}


def record_schema(kind: str, edition: str) -> Json:
    """What matches is of this kind and edition, and judged as such. Raises `KeyError` for any other than there are."""
    name = "Withdrawal of a record" if kind == WITHDRAWN else words(RECORD_TYPES, kind)
    group = _with_codes(records_of(edition)[kind], _own_codes(kind, edition))
    return json_schema(group, title=f"{name}, edition {edition}", identifier=f"{IDENTIFIERS}{kind}/{edition}.json")


def as_bytes(schema: Json) -> bytes:
    """ASCII only, so that nothing on the way can change a letter inside a pattern."""
    return (json.dumps(schema, indent=1) + "\n").encode("ascii")


def _own_codes(kind: str, edition: str) -> Mapping[str, tuple[str, ...]]:
    """Where the envelope says what the whole record is. Of each list this schema takes only what leads to itself."""
    if kind == WITHDRAWN:
        return {"schema_version": (edition,)}
    kinds_sent = tuple(sent for sent in SUBMISSION_KINDS if sent != WITHDRAWN)
    return {"schema_version": (edition,), "record_type": (kind,), "submission_kind": kinds_sent}


def _with_codes(group: Group, own: Mapping[str, tuple[str, ...]]) -> Group:
    fields = {name: _narrowed(field, own.get(name)) for name, field in group.fields.items()}
    return replace(group, fields=fields)


def _narrowed(field: Field, codes: tuple[str, ...] | None) -> Field:
    return replace(field, codes=codes) if codes and isinstance(field, Code) else field

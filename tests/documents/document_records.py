"""Records for the document tests: the three examples, and one of each kind with every field filled in."""

from __future__ import annotations

import copy
import itertools
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from service.domain.codes import SHARING_AUDIENCES, SHARING_SECTIONS
from service.domain.fields import Code, Date, Field, Flag, Group, Instant, Many, Text, Token, Whole
from service.domain.records import RECORDS

EXAMPLES: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parents[1] / "examples").glob("*.json"))
}
WISE = EXAMPLES["wise_assessment-stockport"]


def wise(own: str = "", **top: Any) -> dict[str, Any]:
    """The WISE example, with other own words if given."""
    record = copy.deepcopy(WISE) | top
    if own:
        record["areas"]["young_person"]["own_words"][0]["text"] = own
    return record


def filled(kind: str) -> dict[str, Any]:
    """A record of `kind` in which every field has a value of its own, every list two entries."""
    number = itertools.count(1)
    record: dict[str, Any] = _value(RECORDS[kind], number, "")
    return record | {"record_type": kind, "authority": "E08000007"}


PARENT_OR_CARER = {"family": "parent_carer"}


def decided(record: dict[str, Any], audience: str, decision: str, *sections: str) -> dict[str, Any]:
    """The record, with the young person's decision about sharing these sections (or all) with this audience."""
    made = [
        {
            "section": section,
            "audience": PARENT_OR_CARER.get(audience, audience),
            "decision": decision,
            "reason": "Marker reason fills this field.",
        }
        for section in sections or SHARING_SECTIONS
    ]
    with_whom = PARENT_OR_CARER.get(audience, audience)
    rest = [entry for entry in record["participation"].get("sharing", []) if entry["audience"] != with_whom]
    return record | {"participation": record["participation"] | {"sharing": made + rest}}


def open_to(audience: str, kind: str) -> dict[str, Any]:
    """A record with every field, of which this audience may have all that the table lets anybody open to them."""
    record = filled(kind) | {"submission_kind": "new"}
    record["young_person"]["restricted_record"] = False
    record["participation"]["parent_carer"]["safe_to_involve"] = "yes"
    for subject in record["risk_subjects"]:
        subject["relationship_to_young_person"] = "none_known"
    for action in record.get("actions", []):
        action["code"] = "education_issues"
    if "areas" in record:
        _open_areas(record, audience)
    return decided(record, audience, "agreed") if audience in SHARING_AUDIENCES or audience == "family" else record


def _open_areas(record: dict[str, Any], audience: str) -> None:
    record["areas"]["family_friends"]["carer_involvement"]["safe_to_involve"] = "yes"
    for words in record["areas"]["young_person"]["own_words"]:
        words["sharing"] = "ok_with_family" if audience == "family" else "ok_with_professionals"
    for identity in record["areas"]["young_person"]["identities"]:
        identity["who_may_know"] = ["professionals", "family"]
    for item in record["support_plan"]["items"]:
        item |= {"action_code": "education_issues", "who_will": "education"}


def _value(field: Field, number: itertools.count[int], path: str) -> Any:
    if isinstance(field, Group):
        return {name: _value(child, number, f"{path}/{name}") for name, child in field.fields.items()}
    if isinstance(field, Many):
        return [_value(field.item, number, f"{path}/*") for _ in range(2)]
    return _leaf(field, next(number))


def _leaf(field: Field, number: int) -> Any:
    match field:
        case Code():
            return field.codes[number % len(field.codes)]
        case Flag():
            return field.only_true or number % 2 == 0
        case Date():
            return (date(2026, 1, 1) + timedelta(days=number)).isoformat()
        case Instant():
            return "2026-09-16T10:12:00+01:00"
        case Whole():
            return field.max
        case Token():
            return f"Ref{number}x" if field.max > 8 else field.example[: field.max]
        case Text():
            return f"Marker {number} fills this field.\n\nAnd a second paragraph {number}."[: field.max]
        case _:
            raise AssertionError(field)


def values(field: Field, value: Any, path: str = "") -> list[tuple[str, Field, Any]]:
    """Every leaf that `value` holds, as (path, field, value)."""
    if isinstance(field, Group):
        return [
            leaf
            for name, child in field.fields.items()
            if value.get(name) is not None
            for leaf in values(child, value[name], f"{path}/{name}")
        ]
    if isinstance(field, Many):
        return [leaf for item in value for leaf in values(field.item, item, f"{path}/*")]
    return [(path, field, value)]

"""Why there can be no copy at all: the rules C1, TP1, TP2, TP3 and V4 as they bear on copies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.domain.audiences.choices import Choices
from service.domain.audiences.treatments import SECTIONS, Audience
from service.domain.records.common import is_restricted

PEOPLE = ("assessor", "supporting", "authorised_by", "facilitator", "data_capture_by", "attendees")
RELATIVES = ("family_member", "carer")


@dataclass(frozen=True)
class CopyRefused:
    """No copy, by which rule, and what to do. For the worker who asked; never for the reader of the copy."""

    code: str
    detail: str
    fix: str


UNCLASSIFIED = CopyRefused(
    "X-1",
    "This record has a field of which nobody has decided who may see it, so no copy can be made.",
    "Ask those who run this service to classify it.",
)
NOTHING_THERE = CopyRefused(
    "A1", "This record has nothing that may be in this copy.", "No copy is needed; there is nothing to hand over."
)
WITHDRAWN = CopyRefused(
    "A2", "This takes back a record that should never have been sent.", "Ask for a copy of the right record."
)
_RESTRICTED = CopyRefused(
    "C1",
    "This record is restricted, so no copy leaves social work.",
    "Use the case file, or ask whoever restricted the record.",
)
_UNSAFE = CopyRefused(
    "TP1",
    "It isn't safe to involve parents or carers, so there is no copy for the family.",
    "Leave it, or record in `/participation/sharing` which section is shared with them for safety, and why.",
)
_NOT_KNOWN = CopyRefused(
    "TP1",
    "Nobody has said whether it is safe to involve parents or carers.",
    "Say first whether it is safe, in `safe_to_involve`.",
)
_RELATIVE = CopyRefused(
    "TP1",
    "Somebody in the restricted part is family or a carer, so there is no copy for the family.",
    "Talk to those it is safe to talk to, or record in `/participation/sharing` which section is shared for safety, "
    "and why.",
)
_IN_THE_ROOM = CopyRefused(
    "TP3",
    "Somebody who worked on this record must not see a part of it.",
    "Decide person by person who gets a copy, and hand it over yourself.",
)
_UNEXPLAINED = CopyRefused(
    "V4", "A section is shared for safety, and no reason is recorded.", "Record why, in `/participation/sharing`."
)
_UNKNOWN_HOLD = CopyRefused(
    "TP2",
    "A part of this record is being checked, and its section isn't one that we know.",
    "Hold one of the sections that docs/audiences.md lists.",
)


def check_known(holds: frozenset[str]) -> CopyRefused | None:
    """A hold that named nothing would hold nothing, so an unknown name holds the whole copy."""
    return _UNKNOWN_HOLD if holds - set(SECTIONS) else None


def check(record: dict[str, Any], audience: Audience, choices: Choices) -> CopyRefused | None:
    """The first rule that refuses this copy, if one does."""
    return next(_rules(record, audience, choices), None)


def _rules(record: dict[str, Any], audience: Audience, choices: Choices) -> Iterator[CopyRefused]:
    if audience in (Audience.FAMILY, Audience.PROFESSIONALS) and is_restricted(record):
        yield _RESTRICTED
    if choices.unexplained:
        yield _UNEXPLAINED
    if audience is Audience.FAMILY and not choices.overridden and (unsafe := family_unsafe(record)):
        yield unsafe
    if audience is Audience.PROFESSIONALS and _kept_from(record) & _workers(record):
        yield _IN_THE_ROOM


def family_unsafe(record: dict[str, Any]) -> CopyRefused | None:
    """Why the family may have no ordinary copy. Anything but a plain yes closes it, in whichever place it stands."""
    carer = (record.get("participation") or {}).get("parent_carer") or {}
    area = ((record.get("areas") or {}).get("family_friends") or {}).get("carer_involvement") or {}
    said = {place["safe_to_involve"] for place in (carer, area) if "safe_to_involve" in place}
    if "no" in said:
        return _UNSAFE
    if said != {"yes"}:
        return _NOT_KNOWN
    related = {subject.get("relationship_to_young_person") for subject in record.get("risk_subjects") or []}
    return _RELATIVE if related & {*RELATIVES} else None


def _kept_from(record: dict[str, Any]) -> set[str]:
    """References of those from whom a part of the record is kept, or who are in the restricted part themselves."""
    subjects = record.get("risk_subjects") or []
    themselves = {subject["professional_ref"] for subject in subjects if subject.get("professional_ref")}
    return themselves | {ref for subject in subjects for ref in subject.get("do_not_show_to") or []}


def _workers(record: dict[str, Any]) -> set[str]:
    held = [record.get(name) or [] for name in PEOPLE]
    listed = [entry for value in held for entry in (value if isinstance(value, list) else [value])]
    return {entry["professional_ref"] for entry in listed}

"""The synthetic record an authority may have sent to try the way: the section `synthetic`."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta

from service.adapters.mapping.yamlfile import Entry
from service.adapters.profiles.entries import values
from service.adapters.profiles.keys import SYNTHETIC
from service.adapters.profiles.model import Rules
from service.domain.synthetic import Synthetic
from service.domain.synthetic_record import RECORD_TYPE


def read_synthetic(entry: Entry | None, rules: Rules, records: Collection[str]) -> Synthetic | None:
    """The section; None without it, or while what it needs is missing."""
    if entry is None:
        return None
    found = values(entry, SYNTHETIC)
    _check(entry, found.get("child"), rules, records)
    if not {"child", "date_of_birth"} <= found.keys():
        return None
    for name in ("every", "late_after"):
        if f"{name}_minutes" in found:
            found[name] = timedelta(minutes=found.pop(f"{name}_minutes"))
    return Synthetic(**found)


def _check(entry: Entry, child: str | None, rules: Rules, records: Collection[str]) -> None:
    """What would be refused every time is told here and not by an alarm that never comes."""
    if RECORD_TYPE not in records and not entry.faults:  # else it may be one of these that took it away
        entry.fault(f"It is sent as {RECORD_TYPE}, which this authority does not take.", "Leave 'synthetic' out.")
    if child and not _fits(child, rules.child_id):
        entry.key("child").fault(
            "This isn't the form of a child reference here (rules.child_id).",
            "Give the test child's reference as the case system has it.",
        )


def _fits(child: str, form: str) -> bool:
    """A form that is no regular expression has a fault of its own."""
    try:
        return re.fullmatch(form, child) is not None
    except re.error:
        return True

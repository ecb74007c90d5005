"""Reflective supervision: what workers thought about together, for the worker's own supervision record (model 3.10).

It is never part of a young person's record, and no record waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from service.domain.faults import Fault
from service.domain.fields import Group, Klass
from service.domain.london import as_date
from service.domain.records.shorthand import authority, coded, group, many, narrative, on, ref

MODES = ("one_to_one", "group", "in_meeting")
TOPICS = ("bias", "resources", "skills", "identity", "decision_impact", "wellbeing")
"""Source: pilot evaluation, professional contexts, and its reflective supervision tool."""

SUPERVISION: Group = group(
    authority=authority(required=True),
    supervision_id=ref(required=True),
    held_on=on(required=True, klass=Klass.PROFESSIONAL),
    mode=coded(MODES, required=True),
    supervisor_ref=ref(klass=Klass.PROFESSIONAL),
    participants_refs=many(ref(klass=Klass.PROFESSIONAL), required=True, low=1),
    topics=many(coded(TOPICS, klass=Klass.PROFESSIONAL), high=len(TOPICS)),
    notes=narrative(klass=Klass.PROFESSIONAL),
    link_submission_id=ref(),
)
"""Those who took part are asked for: it is filed with them. A reflection in a meeting may have no supervisor."""


def supervision_faults(sent: Mapping[str, Any], today: date) -> Iterator[Fault]:
    """What is wrong beyond the shape of the fields. `today` is London's."""
    held_on = as_date(sent.get("held_on"))
    if held_on and held_on > today:
        yield Fault("/held_on", "RS-1", "This date is in the future.", "Send it once it has been held.")

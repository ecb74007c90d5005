"""The states of a version of an authority's profile, and the moves between them.

draft ──check──▶ checked ──approve, by somebody else──▶ approved ──go live──▶ live ⇄ retired
"""

from __future__ import annotations

import re
from enum import StrEnum

STAFF_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,39}")
"""Who did something: a staff reference, as everywhere in this service, and not a name."""


class ProfileState(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    CHECKED = "checked"
    APPROVED = "approved"
    LIVE = "live"
    RETIRED = "retired"


MOVES: dict[ProfileState, frozenset[ProfileState]] = {
    ProfileState.DRAFT: frozenset({ProfileState.CHECKED}),
    ProfileState.CHECKED: frozenset({ProfileState.APPROVED}),
    ProfileState.APPROVED: frozenset({ProfileState.LIVE}),
    ProfileState.LIVE: frozenset({ProfileState.RETIRED}),
    ProfileState.RETIRED: frozenset({ProfileState.LIVE}),
}
"""Whole: every state is a key. A version that is wrong is not mended; a new draft takes its place."""


class ProfileEvent(StrEnum):
    """What people do to versions, as the history tells it."""

    DRAFTED = "drafted"
    CHECKED = "checked"
    APPROVED = "approved"
    WENT_LIVE = "went_live"
    ROLLED_BACK = "rolled_back"


def can_become(before: ProfileState, after: ProfileState) -> bool:
    """Whether the move is one of the table's."""
    return after in MOVES[before]

"""Where the domain model words a structural fault itself, that wording is used instead of the general one.

Keyed by the field's path with `*` for list positions; any structural fault at that place gets these words.
"""

from __future__ import annotations

import re

from service.domain.records.nwg import QUESTIONS

_PROCESS = ("M4", "Say which existing meeting or process this RISE is part of.", "Fill in `/attached_to/process`.")
_OPINION = ("N1", "Choose one.", "Give one of the five boxes of the professional opinion.")
_ANSWER = ("N3", "Answer yes, no or not known.", "'Not known' is fine.")
_PLAN = ("N2", "This part of the plan is empty.", "Say it in a sentence; it is what the next worker will look for.")

WORDING: dict[str, tuple[str, str, str]] = {
    "/attached_to": _PROCESS,
    "/attached_to/process": _PROCESS,
    "/professional_opinion": _OPINION,
    "/plan/how_will_you_know": _PLAN,
    "/plan/professional_support_needed": _PLAN,
    **{f"/questions/{name}": _ANSWER for name in QUESTIONS},
    **{f"/questions/{name}/answer": _ANSWER for name in QUESTIONS},
}


def worded(place: str) -> tuple[str, str, str] | None:
    """The model's own (code, detail, fix) for a fault at this JSON pointer, if it has one."""
    return WORDING.get(re.sub(r"/\d+(?=/|$)", "/*", place))

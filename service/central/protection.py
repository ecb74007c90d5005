"""Counts as they may be shown: under ten, zero included, one symbol; the rest rounded to five.

The rule of the disclosure study. It is not the whole of disclosure control: the audit by attack and frozen releases
come on top of it, and until they do these tables are for trying out, not for publishing.
"""

from __future__ import annotations

HIDDEN = "c"
THRESHOLD = 10
BASE = 5


def shown(count: int) -> int | str:
    """The count as it may be seen."""
    if count < THRESHOLD:
        return HIDDEN
    return (count + BASE // 2) // BASE * BASE

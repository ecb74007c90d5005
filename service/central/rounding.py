"""How a count may be shown: under ten, zero included, not at all; the rest rounded to five."""

from __future__ import annotations

HIDDEN = "c"
THRESHOLD = 10
BASE = 5


def rounded(count: int) -> int:
    """To the nearest five. Only for a count of at least `THRESHOLD`."""
    if count < THRESHOLD:
        raise ValueError("a count under the threshold is not shown")
    return (count + BASE // 2) // BASE * BASE


def told_by(figure: int) -> tuple[int, int]:
    """The least and the most that a count can be by its figure."""
    return max(THRESHOLD, figure - BASE // 2), figure + BASE // 2

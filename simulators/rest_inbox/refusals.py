"""Why something is not kept."""

from dataclasses import dataclass


@dataclass(eq=False)
class Refused(Exception):
    """422 with one of the page's codes; for an item that was taken before, the code it is refused with."""

    code: str


@dataclass(eq=False)
class NotKept(Exception):
    """Any other status. The words are for a developer, and repeat nothing of what was sent."""

    status: int
    words: str


@dataclass(eq=False)
class Locked(Exception):
    """423: somebody has the young person's file open."""


def malformed(words: str) -> NotKept:
    """400: not a body of the page."""
    return NotKept(400, words)

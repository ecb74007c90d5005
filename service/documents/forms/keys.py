"""Closed lists on paper: a few tick boxes, or a short mark to write for one of a long list.

Marks of our own lists are letters in the order of the list; official codes stand for themselves. Neither is a rank.
"""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_uppercase

from service.domain.codes import LATEST
from service.domain.words import CODE_SETS, words

TICKED = 10
"""A list of up to so many values is printed as tick boxes."""

TITLES = {
    "AGENCIES": "Agency",
    "DISABILITY": "Disability",
    "ETHNICITY": "Ethnicity",
    "EVENT_TYPES": "What happened",
    "NWG_ACTIONS": "Action",
    "ROLES": "Role",
}
"""What the lists that are written in are called on paper."""

_NAMES = {values: name for name, values in CODE_SETS.items()}


def current(codes: tuple[str, ...]) -> tuple[str, ...]:
    """The values of a list in its latest edition: a new form does not offer a value that is no longer taken."""
    return tuple(LATEST.codes.get(_NAMES[codes], codes))


def is_written_in(codes: tuple[str, ...]) -> bool:
    """Whether the list is too long for tick boxes."""
    return len(current(codes)) > TICKED


def title(codes: tuple[str, ...]) -> str:
    """What the list is called in the key."""
    return TITLES[_NAMES[codes]]


def options(codes: tuple[str, ...]) -> list[str]:
    """The words of every value, in the order of the list."""
    return [words(codes, code) for code in current(codes)]


def written(codes: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """What to write for every value, with its words."""
    values = current(codes)
    official = all(code.isupper() or code.isdigit() for code in values)
    for letter, code in zip(values if official else _letters(codes), values, strict=False):
        yield letter, words(codes, code)


def _letters(codes: tuple[str, ...]) -> list[str]:
    """First letters where no two are the same, so that they can be remembered; else the alphabet in order."""
    first = [option[0] for option in options(codes)]
    return first if len(set(first)) == len(first) else list(ascii_uppercase)

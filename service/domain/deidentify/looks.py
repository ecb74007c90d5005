"""Patterns that are looked for only where a letter or a word of them stands at all: most texts have none of most."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from service.domain.deidentify.finding import Kind


@dataclass(frozen=True, slots=True)
class Look:
    """One of `needs` has to be in the text, in small letters; nothing there means always. `group` is what is meant."""

    kind: Kind
    pattern: re.Pattern[str]
    needs: tuple[str, ...] = ()
    group: int = 0
    holds: Callable[[re.Match[str]], bool] | None = None


def seen(looks: Iterable[Look], text: str, small: str) -> Iterator[tuple[Kind, int, int]]:
    """Every place where one of them stands, in the order of the looks. `small` is the text in small letters."""
    for look in looks:
        if look.needs and not any(map(small.__contains__, look.needs)):
            continue
        for match in look.pattern.finditer(text):
            if look.holds is None or look.holds(match):
                yield look.kind, *match.span(look.group)


def pattern(written: str) -> re.Pattern[str]:
    """A pattern for either case. Its spaces are few: a run of thousands must not be tried in every way."""
    return re.compile(bounded(written), re.IGNORECASE)


def exact(written: str) -> re.Pattern[str]:
    """The same for capitals and small letters as they are."""
    return re.compile(bounded(written))


def bounded(written: str) -> str:
    """Any number of spaces becomes up to three."""
    return written.replace(r"\s*", r"\s{0,3}").replace(r"\s+", r"\s{1,3}")

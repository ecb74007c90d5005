"""The first tier: what has the form of an identifier, whatever its words are."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from service.domain.deidentify.addresses import addresses
from service.domain.deidentify.dates import dates
from service.domain.deidentify.finding import Kind, Taken
from service.domain.deidentify.handles import handles
from service.domain.deidentify.numbers import loose_numbers, numbers
from service.domain.text.identifiers import find_identifiers


def shapes(text: str) -> Taken:
    """Everything in a plain text that has such a form, the surest first."""
    taken = Taken()
    for found in find_identifiers(text):
        taken.add(found.kind, found.start, found.end)
    small = text.lower()
    digits = any(map(text.__contains__, "0123456789"))
    looks: list[Iterator[tuple[Kind, int, int]]] = [numbers(text, small, digits=digits)]
    looks += [handles(text, small, digits=digits), dates(text, small, digits=digits)]
    if digits:
        looks += [((Kind.ADDRESS, *span) for span in addresses(text, small)), loose_numbers(text, small)]
    for kind, start, end in chain.from_iterable(looks):
        taken.add(kind, start, end)
    return taken

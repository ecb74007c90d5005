"""The vocabulary that comes with the product, read once: like the closed lists, it is part of it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from service.domain.deidentify.finder import Deidentifier
from service.domain.deidentify.finding import Finding
from service.domain.deidentify.vocabulary import Vocabulary, parse_vocabulary

FOLDER = Path(__file__).parents[3] / "config" / "deidentify"


@cache
def vocabulary() -> Vocabulary:
    """The shipped words."""
    files = ("words.txt", "terms.txt", "names.txt", "places.txt")
    return parse_vocabulary(*((FOLDER / name).read_text("utf-8") for name in files))


@cache
def deidentifier() -> Deidentifier:
    """The shipped words, without a model."""
    return Deidentifier(vocabulary())


def find(text: str, known: Iterable[str] = ()) -> tuple[Finding, ...]:
    """What in a text may identify somebody: see `Deidentifier.find`."""
    return deidentifier().find(text, known)

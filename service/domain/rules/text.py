"""What a narrative holds that its writer may want to look at again (rules X-7, X-8, L-1). All of it is advice.

None of these ever looks at a young person's own words, and none repeats what it found: it says where.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from service.domain.language import Checker, parse_families
from service.domain.rules.catalogue import At, warn
from service.domain.rules.subject import Subject
from service.domain.text.copies import comparable, is_copy
from service.domain.text.identifiers import find_identifiers

FAMILIES = Path(__file__).parents[3] / "config" / "language"


@warn(
    "X-7", "This text is the same as in `{other}`. Is it up to date?", "Say what is particular here, or leave one out."
)
def nothing_is_said_twice(subject: Subject) -> Iterator[At]:
    """Pasting the same paragraph into two boxes says nothing in the second."""
    seen: dict[bytes, str] = {}
    for place, reading in subject.narratives:
        letters = comparable(reading)
        if letters is not None and seen.setdefault(letters, place) != place:
            yield At(place, other=seen[letters])


@warn(
    "X-7",
    "This text is the same, or nearly, as in the record before this one. Is it up to date?",
    "Say what has changed since, or that nothing has.",
)
def nothing_is_copied_from_the_last_record(subject: Subject) -> Iterator[At]:
    """A new assessment that copies the last one is a form filled in, not a look at a young person."""
    before = subject.known.sketches
    if not before or subject.text("/submission_kind") == "correction":
        return
    for place, reading in subject.narratives:
        if place in before and comparable(reading) and is_copy(subject.sketches[place], before[place]):
            yield At(place)


@warn(
    "X-8",
    "This text looks like it contains {kind}. It will go to your case system only.",
    "Take it out if the record does not need it.",
)
def identifiers_stay_out_of_narratives(subject: Subject) -> Iterator[At]:
    """Numbers and addresses live in the case system; in a narrative they travel with every copy."""
    for place, reading in subject.narratives:
        for found in find_identifiers(reading.text):
            yield At(place, span=(found.start, found.end), kind=found.kind.value)


@warn("L-1", "The wording here may be worth another look ({family}).", "{guidance}")
def words_place_the_weight_where_it_belongs(subject: Subject) -> Iterator[At]:
    """Words that make a child a participant in their own abuse hide who causes it. The writer decides."""
    if not subject.policy.language_advice:
        return
    for place, reading in subject.narratives:
        for advice in checker().advice_on(reading):
            yield At(place, span=(advice.start, advice.end), family=advice.family, guidance=advice.guidance)


@cache
def checker() -> Checker:
    """The newest edition of the families, read once: like the closed lists, it is part of the product."""
    newest = max(FAMILIES.glob("*.toml"))
    return Checker(parse_families(newest.read_text("utf-8"), newest.name))

"""All that the Hub would see of one record: the fact's own values, and how counts of them are shown."""

from __future__ import annotations

from dataclasses import dataclass

from service.central.rounding import BASE, HIDDEN, THRESHOLD
from service.domain.fact import Fact
from service.domain.projection import project
from service.domain.words.facts import in_words
from service.ports import Record
from service.usecases.incoming import completed_on

HOW = (
    f"The Hub never sees this line: it sees counts of such lines. A count under {THRESHOLD}, none included, is shown "
    f"as '{HIDDEN}' and not as a number; every other count is rounded to {BASE}. What depends on the young person's "
    "other records, on the review that was due or on the training register is known when the record is taken in."
)


@dataclass(frozen=True)
class Seen:
    """The fact, and each of its values in words. There is no other value."""

    fact: Fact
    values: tuple[tuple[str, str, str], ...]
    how: str = HOW


def seen_by_the_hub(record: Record, authority: str) -> Seen:
    """What would be handed over with the record, by itself. Raises `FactRefused`."""
    fact = project(record, authority=authority, record_type=record["record_type"], completed_on=completed_on(record))
    return Seen(fact, tuple(in_words(fact)))

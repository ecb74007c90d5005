"""All that the Hub would see of one record: the fact's own values, and how counts of them are shown."""

from __future__ import annotations

from dataclasses import dataclass

from service.central.protection import BASE, HIDDEN, THRESHOLD
from service.domain import words
from service.domain.codes import EXPLOITATION, RECORD_TYPES
from service.domain.fact import NOT_ASKED, Fact
from service.domain.projection import project
from service.ports import Record
from service.usecases.incoming import completed_on

HOW = (
    f"The Hub never sees this line: it sees counts of such lines. A count under {THRESHOLD}, none included, is shown "
    f"as '{HIDDEN}' and not as a number; every other count is rounded to {BASE}."
)


@dataclass(frozen=True)
class Seen:
    """The fact, and each of its values in words. There is no other value."""

    fact: Fact
    values: tuple[tuple[str, str, str], ...]
    how: str = HOW


def seen_by_the_hub(record: Record, authority: str) -> Seen:
    """What would be handed over with the record."""
    fact = project(record, authority=authority, record_type=record["record_type"], completed_on=completed_on(record))
    statement = (
        "this record asks for none" if fact.exploitation == NOT_ASKED else words.words(EXPLOITATION, fact.exploitation)
    )
    return Seen(
        fact,
        (
            ("quarter", fact.quarter, ""),
            ("authority", fact.authority, words.authority_words(fact.authority)),
            ("kind of record", fact.record_type, words.words(RECORD_TYPES, fact.record_type)),
            ("exploitation statement", fact.exploitation, statement),
        ),
    )

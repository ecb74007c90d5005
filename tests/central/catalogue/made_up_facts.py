"""Made-up facts as the shared rules of meaning allow them, as plain mappings.

Written apart from the code under test.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from service.domain.fact import CODES

Made = dict[str, str]
TYPES = {"wise_assessment", "rise_meeting_output"}
QUARTERS = ("2025Q4", "2026Q1", "2026Q2", "2026Q3")
ONLY_WITH_STATEMENT = (
    "exploitation",
    "forms",
    "own_words",
    "areas_complete",
    "plan_items",
    "education",
    "exploitation_before",
    "education_before",
)
MARKS = {"not_asked", "first", "not_a_review", "initial"}


def facts(number: int, authorities: tuple[str, ...], seed: int = 2026) -> Iterator[Made]:
    """So many facts, each value as likely as any other that may stand there."""
    chance = Random(seed)
    for _ in range(number):
        yield _fact(chance, authorities)


def _fact(chance: Random, authorities: tuple[str, ...]) -> Made:
    fact = {
        field: chance.choice([value for value in values if field == "first_or_review" or value not in MARKS])
        for field, values in CODES.items()
    }
    fact |= {"quarter": chance.choice(QUARTERS), "authority": chance.choice(authorities)}
    if fact["first_or_review"] == "first":
        fact |= {"review_trigger": "initial", "review_timeliness": "not_a_review"}
        fact |= {"exploitation_before": "first", "education_before": "first"}
    if fact["record_type"] not in TYPES:
        fact |= dict.fromkeys(ONLY_WITH_STATEMENT, "not_asked")
    if fact["record_type"] != "rise_meeting_output":
        fact["agencies"] = "not_asked"
    return fact

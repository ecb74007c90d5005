"""Which values a field can have in which records: held against made-up facts, and spelt out where it matters most."""

from __future__ import annotations

from itertools import combinations

import pytest

from service.central.catalogue.fields import AXIS_FIELDS, GIVEN_FIELDS, PRACTICE, SENSITIVE_FIELDS, UNIVERSE_FIELDS
from service.central.catalogue.meaning import ASKED_BY, OF_A_FIRST, is_asked_of_all, possible
from service.domain.fact import CODES
from tests.central.catalogue.made_up_facts import facts

FACTS = tuple(facts(6000, ("E08000007",)))
SOME = [
    dict(zip(UNIVERSE_FIELDS, (types, kinds), strict=True))
    for size in (1, 2, 3)
    for types in combinations(CODES["record_type"], size)
    for kinds in (("first",), ("review",), ("first", "review"))
]


@pytest.mark.parametrize("where", [{}, *SOME], ids=str)
def test_the_values_are_those_that_facts_have(where: dict[str, tuple[str, ...]]) -> None:
    chosen = [fact for fact in FACTS if all(fact[name] in values for name, values in where.items())]

    assert {field: possible(field, where) for field in CODES} == {
        field: {fact[field] for fact in chosen} for field in CODES
    }


def test_an_nwg_assessment_has_no_statement() -> None:
    assert possible("exploitation", {"record_type": ("nwg_assessment",)}) == {"not_asked"}
    assert "not_asked" not in possible("exploitation", {"record_type": ("wise_assessment", "rise_meeting_output")})
    assert not is_asked_of_all("exploitation", {})
    assert is_asked_of_all("exploitation", {"record_type": ("wise_assessment", "rise_meeting_output")})


def test_what_a_review_alone_has_is_asked_of_reviews() -> None:
    assert not is_asked_of_all("review_timeliness", {})
    assert is_asked_of_all("review_timeliness", {"first_or_review": ("review",)})
    assert not is_asked_of_all("exploitation_before", {"first_or_review": ("review",)})


def test_every_field_is_open_or_closed_by_name() -> None:
    assert CODES.keys() | GIVEN_FIELDS == AXIS_FIELDS
    assert "succeeded_in" not in AXIS_FIELDS
    assert PRACTICE | SENSITIVE_FIELDS | ASKED_BY.keys() | OF_A_FIRST.keys() <= CODES.keys()

"""The one thing that crosses to the central side: listed codes that go together, whatever the record holds."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, asdict, dataclass, replace
from typing import Any

import pytest

from service.central.facts import FactDoor
from service.domain.codes import RECORD_TYPES
from service.domain.fact import CODES, FIELDS, NOT_ASKED, RESTORED, Fact, FactRefused, fact_from, is_narrow
from tests.support.facts import GOOD, a_fact, codes
from tests.support.records import example


def refused(**changes: Any) -> tuple[str, ...]:
    """The fields named for a fact with these changes and nothing that goes along."""
    with pytest.raises(FactRefused) as caught:
        Fact(**{**GOOD, **changes})
    assert not any(str(value) in str(caught.value) for value in changes.values() if value)
    return caught.value.fields


def test_a_fact_has_these_members_and_no_other() -> None:
    assert list(FIELDS) == list(GOOD)
    assert len(FIELDS) == 27
    assert set(CODES) == set(FIELDS) - {"quarter", "authority", "succeeded_in"}


def test_a_fact_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        a_fact().quarter = "2026Q4"  # type: ignore[misc]


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("value", ["", "Nan Biscuit", "STK0000417", "2026-09-14", "2026Q3\n", "२०२६Q3", "yes ", "ｙes"])
def test_anything_but_a_listed_code_is_refused_without_repeating_it(name: str, value: str) -> None:
    assert refused(**{name: value}) == (name,)


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("value", [None, 2026, ["at_risk"], {"at_risk": 1}, b"yes", True])
def test_anything_but_text_is_refused(name: str, value: Any) -> None:
    with pytest.raises(FactRefused) as caught:
        Fact(**{**GOOD, name: value})
    assert caught.value.fields == (name,)


class Lookalike(str):
    """Text that says it is equal to anything."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = str.__hash__


@pytest.mark.parametrize("name", FIELDS)
def test_text_that_only_claims_to_be_listed_is_refused(name: str) -> None:
    with pytest.raises(FactRefused):
        Fact(**{**GOOD, name: Lookalike("Nan Biscuit")})


@pytest.mark.parametrize(
    ("name", "value"),
    [("quarter", "2026Q5"), ("authority", "E0800000"), ("authority", "X08000007"), ("succeeded_in", "2026Q0")],
)
def test_quarters_and_authorities_have_one_form(name: str, value: str) -> None:
    assert refused(**{name: value}) == (name,)


def test_all_that_is_wrong_is_named_at_once() -> None:
    assert refused(quarter="now", sex="X", education="perhaps") == ("quarter", "sex", "education")


@pytest.mark.parametrize(("name", "code"), [(name, code) for name in CODES for code in CODES[name]])
def test_every_listed_code_has_a_fact(name: str, code: str) -> None:
    """With one kind of record or the other, first or review, as it goes together."""
    kinds = ({"record_type": kind, "first_or_review": first} for kind in RECORD_TYPES for first in ("first", "review"))
    taken = []
    for kind in kinds:
        try:
            taken.append(Fact(**{**codes(**kind), name: code}))
        except FactRefused:
            continue
    for missing in range(6) if name == "characteristics" else ():
        unknown = dict.fromkeys(("age_band", "sex", "ethnic_group", "disability", "looked_after")[:missing])
        fact = a_fact(**dict.fromkeys(unknown, "not_recorded"))
        taken += [fact] if fact.characteristics == code else []
    unknown = code == "not_recorded" and name in ("age_band", "sex", "ethnic_group", "disability", "looked_after")
    assert taken or (unknown and a_fact(**{name: code}))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"exploitation": NOT_ASKED}, ("exploitation",)),
        ({"forms": NOT_ASKED, "education": NOT_ASKED}, ("forms", "education")),
        ({"areas_complete": NOT_ASKED}, ("areas_complete",)),
        ({"plan_items": NOT_ASKED}, ("plan_items",)),
        ({"agencies": "one"}, ("agencies",)),
        ({"review_timeliness": "not_a_review"}, ("review_timeliness",)),
        ({"review_trigger": "initial"}, ("review_trigger",)),
        ({"exploitation_before": "first"}, ("exploitation_before",)),
        ({"education_before": "first"}, ("education_before",)),
        ({"characteristics": "some_recorded"}, ("characteristics",)),
        ({"characteristics": "none_recorded"}, ("characteristics",)),
        ({"sex": "not_recorded"}, ("characteristics",)),
        ({"succeeded_in": "2026Q2"}, ("succeeded_in",)),
        (
            {"first_or_review": "first"},
            ("review_timeliness", "review_trigger", "exploitation_before", "education_before"),
        ),
    ],
)
def test_codes_that_contradict_each_other_are_refused(changes: dict[str, str], named: tuple[str, ...]) -> None:
    assert refused(**changes) == named


@pytest.mark.parametrize(
    "name",
    [
        "exploitation", "forms", "education", "exploitation_before", "education_before", "own_words", "areas_complete",
        "plan_items",
    ],
)  # fmt: skip
def test_an_nwg_assessment_answers_nothing_it_does_not_ask(name: str) -> None:
    asked = next(code for code in CODES[name] if code not in (NOT_ASKED, "first"))
    with pytest.raises(FactRefused) as caught:
        Fact(**{**codes(record_type="nwg_assessment"), name: asked})
    assert caught.value.fields == (name,)


def test_a_rise_meeting_says_how_many_agencies_met() -> None:
    with pytest.raises(FactRefused) as caught:
        Fact(**{**codes(record_type="rise_meeting_output"), "agencies": NOT_ASKED})
    assert caught.value.fields == ("agencies",)


@pytest.mark.parametrize("later", ["2026Q3", "2026Q4", "2027Q1", "not_yet"])
def test_a_record_is_succeeded_in_its_own_quarter_or_later(later: str) -> None:
    assert a_fact(succeeded_in=later).succeeded_in == later


NARROW = {"quarter": "2026Q3", "authority": "E08000007", "record_type": "wise_assessment", "exploitation": "at_risk"}


def test_a_fact_is_read_as_it_was_kept() -> None:
    assert fact_from(asdict(a_fact())) == a_fact()
    assert not is_narrow(a_fact()) and not is_narrow(a_fact(record_type="nwg_assessment"))


@pytest.mark.parametrize("record_type", RECORD_TYPES)
def test_a_fact_of_four_fields_is_restored_without_an_answer_made_up(record_type: str) -> None:
    nwg = record_type == "nwg_assessment"
    said = "not_asked_by_this_record" if nwg else "at_risk"
    fact = fact_from(NARROW | {"record_type": record_type, "exploitation": said})
    assert (fact.record_type, fact.exploitation) == (record_type, NOT_ASKED if nwg else "at_risk")
    assert is_narrow(fact) is not nwg
    silent = {"not_recorded", NOT_ASKED, "first", "initial", "not_a_review", "none_recorded", "not_yet"}
    assert {getattr(fact, name) for name in RESTORED} <= silent
    assert replace(fact, succeeded_in="2026Q4").succeeded_in == "2026Q4"


@pytest.mark.parametrize("changed", [{"own_words": "yes"}, {"agencies": "one"}, {"plan_items": "none"}, {"sex": "F"}])
def test_a_restored_fact_stays_as_silent_as_it_is(changed: dict[str, str]) -> None:
    fact = fact_from(NARROW | {"record_type": "rise_meeting_output"})
    with pytest.raises(FactRefused):
        replace(fact, **changed)


@pytest.mark.parametrize("kept", [{}, {"quarter": "2026Q3"}, {**NARROW, "child": "STK0000417"}, {**GOOD, "more": "x"}])
def test_what_is_no_fact_is_not_restored(kept: dict[str, str]) -> None:
    with pytest.raises(FactRefused) as caught:
        fact_from(kept)
    assert set(caught.value.fields) <= set(FIELDS)


@dataclass(frozen=True)
class FactWithMore(Fact):
    """What somebody might add one day without thinking."""

    child: str = "STK0000417"


class Unreachable:
    def __getattr__(self, name: str) -> Any:
        raise AssertionError("the door let something through to the database")


@pytest.mark.parametrize("thing", [GOOD, tuple(GOOD.values()), FactWithMore(**GOOD), example("wise"), None], ids=repr)
def test_the_door_takes_a_fact_and_nothing_that_looks_like_one(thing: Any) -> None:
    with pytest.raises(TypeError, match="only a Fact crosses"):
        FactDoor(Unreachable()).hand_over(thing)  # type: ignore[arg-type]

"""The one thing that crosses to the central side: four codes, whatever the record holds."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, fields
from datetime import date
from typing import Any

import pytest

from service.central.facts import FactDoor
from service.domain.codes import EXPLOITATION, NWG_OPINIONS, RECORD_TYPES
from service.domain.fact import NOT_ASKED, Fact
from service.domain.projection import project
from tests.support.records import example

GOOD = {
    "quarter": "2026Q3",
    "authority": "E08000007",
    "record_type": "wise_assessment",
    "exploitation": "at_risk",
}


def test_a_fact_has_these_four_members_and_no_other() -> None:
    assert [each.name for each in fields(Fact)] == list(GOOD)
    assert Fact(**GOOD) == Fact(*GOOD.values())


def test_a_fact_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Fact(**GOOD).quarter = "2026Q4"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("quarter", "2026-09-14"),
        ("quarter", "2026Q5"),
        ("quarter", "2026Q3\n"),
        ("quarter", "२०२६Q3"),
        ("quarter", ""),
        ("authority", "Stockport"),
        ("authority", "E0800000"),
        ("authority", "E08000007 "),
        ("authority", "X08000007"),
        ("record_type", "wise"),
        ("record_type", "Nan Biscuit"),
        ("exploitation", "high"),
        ("exploitation", "being_groomed_or_targeted"),
        ("exploitation", "STK0000417"),
        ("exploitation", ""),
    ],
)
def test_anything_but_a_listed_code_is_refused_without_repeating_it(member: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"^a fact holds codes only$"):
        Fact(**GOOD | {member: value})


@pytest.mark.parametrize("member", GOOD)
@pytest.mark.parametrize("value", [None, 2026, ["at_risk"], {"at_risk": 1}])
def test_anything_but_text_is_refused(member: str, value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        Fact(**GOOD | {member: value})


@pytest.mark.parametrize("category", [*EXPLOITATION, NOT_ASKED])
@pytest.mark.parametrize("record_type", RECORD_TYPES)
def test_every_listed_code_is_taken(record_type: str, category: str) -> None:
    assert Fact(**GOOD | {"record_type": record_type, "exploitation": category}).exploitation == category


@pytest.mark.parametrize(
    ("name", "completed", "expected"),
    [
        ("wise", date(2026, 9, 14), Fact("2026Q3", "E08000007", "wise_assessment", "at_risk")),
        ("rise", date(2026, 10, 6), Fact("2026Q4", "E08000006", "rise_meeting_output", "experiencing")),
        ("nwg", date(2026, 10, 20), Fact("2026Q4", "E08000008", "nwg_assessment", NOT_ASKED)),
    ],
)
def test_a_record_comes_down_to_its_fact(name: str, completed: date, expected: Fact) -> None:
    record = example(name)
    found = project(record, authority=record["authority"], record_type=record["record_type"], completed_on=completed)
    assert found == expected


@pytest.mark.parametrize("opinion", NWG_OPINIONS)
def test_no_statement_is_invented_for_an_nwg_opinion(opinion: str) -> None:
    record = example("nwg", professional_opinion=opinion)
    found = project(record, authority="E08000008", record_type="nwg_assessment", completed_on=date(2026, 10, 20))
    assert found.exploitation == NOT_ASKED


def test_a_record_of_any_year_has_a_quarter() -> None:
    record = example("wise")
    fact = project(record, authority="E08000007", record_type="wise_assessment", completed_on=date(31, 5, 5))
    assert fact.quarter == "0031Q2"


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

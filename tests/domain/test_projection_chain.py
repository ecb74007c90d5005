"""A young person's records as one line: against an oracle that looks everything up anew, and from any state before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.fact import CODES, FIRST, Fact, fact_from
from service.domain.london import quarter_of
from service.domain.projection.chain import Clock, Link, chained, timeliness
from tests.support.facts import a_fact

BEGINNING = date(2026, 1, 1)
DUE = date(2026, 6, 15)
STATEMENTS = CODES["exploitation"][:3]
ATTENDANCE = CODES["education"][:5]


@st.composite
def links(draw: st.DrawFn) -> Link:
    """Close together, so that days, moments and quarters meet."""
    day = BEGINNING + timedelta(days=draw(st.integers(0, 250)))
    kind = draw(st.sampled_from(CODES["record_type"]))
    first = draw(st.sampled_from(CODES["first_or_review"]))
    planned = draw(st.none() | st.integers(60, 100))
    asked = {"exploitation": draw(st.sampled_from(STATEMENTS)), "education": draw(st.sampled_from(ATTENDANCE))}
    said = {} if kind == "nwg_assessment" else asked
    before = {} if kind == "nwg_assessment" or first == FIRST else {"exploitation_before": "not_recorded"}
    if kind != "wise_assessment" and first != FIRST:
        before["review_trigger"] = "not_recorded"  # only a WISE says why a review is held
    fact = a_fact(quarter=quarter_of(day), record_type=kind, first_or_review=first, **said, **before)
    if draw(st.booleans()) and kind != "nwg_assessment":
        narrow = {name: getattr(fact, name) for name in ("quarter", "authority", "record_type", "exploitation")}
        fact = fact_from(narrow)
    return Link(
        id=UUID(int=draw(st.integers(0, 2**64))),
        completed_on=day,
        received_at=datetime(2026, 12, 1, tzinfo=UTC) + timedelta(seconds=draw(st.integers(0, 3))),
        fact=fact,
        sent_as_review=draw(st.booleans()),
        clock=Clock(day + timedelta(days=planned), draw(st.integers(0, 20))) if planned else None,
    )


LINES = st.lists(links(), max_size=7, unique_by=lambda each: each.id)


def key(link: Link) -> tuple[date, datetime, UUID]:
    return link.completed_on, link.received_at, link.id


def expected(link: Link, others: Sequence[Link]) -> dict[str, str]:
    """Word for word what each of the six fields means, looked up among all of the others."""
    earlier = [each for each in others if key(each) < key(link)]
    later = [each for each in others if key(each) > key(link)]
    nwg = link.fact.record_type == "nwg_assessment"
    if link.fact.record_type == "wise_assessment":
        first = link.fact.first_or_review == "first"
    else:
        first = not earlier and not link.sent_as_review
    stated = [each for each in earlier if each.fact.record_type != "nwg_assessment"]
    last = max(stated, key=key) if stated else None
    same = [each for each in earlier if each.fact.record_type == link.fact.record_type and each.clock]
    planned = max(same, key=key) if same else None
    ended = planned and any(each.clock is None and key(each) > key(planned) for each in earlier)
    trigger = "not_recorded" if link.fact.review_trigger == "initial" else link.fact.review_trigger

    def before(name: str) -> str:
        if nwg or first:
            return "not_asked" if nwg else "first"
        return getattr(last.fact, name) if last else "not_recorded"

    return {
        "first_or_review": "first" if first else "review",
        "review_trigger": "initial" if first else trigger,
        "review_timeliness": "not_a_review"
        if first
        else timeliness(link.completed_on, planned.clock if planned and not ended else None),
        "exploitation_before": before("exploitation"),
        "education_before": before("education"),
        "succeeded_in": min(later, key=key).fact.quarter if later else "not_yet",
    }


@settings(max_examples=400, deadline=None)
@given(LINES)
def test_each_fact_is_what_an_oracle_looks_up(line: list[Link]) -> None:
    found = chained(line)
    assert set(found) == {link.id for link in line}
    for link in line:
        others = [each for each in line if each.id != link.id]
        assert found[link.id] == replace(link.fact, **expected(link, others))


@settings(max_examples=200, deadline=None)
@given(LINES, st.data())
def test_what_stood_before_leaves_no_trace(line: list[Link], data: st.DataObject) -> None:
    """Records come in any order, and some go again: what is on file is as if those that stand had come alone."""
    on_file: dict[UUID, Fact] = {}
    here: list[Link] = []
    for link in data.draw(st.permutations(line)):
        here.append(link)
        on_file[link.id] = link.fact
        if data.draw(st.booleans()) and len(here) > 1:
            gone = here.pop(data.draw(st.integers(0, len(here) - 2)))
            del on_file[gone.id]
        on_file = dict(chained([replace(each, fact=on_file[each.id]) for each in here]))
    assert on_file == chained(here)


@settings(max_examples=200, deadline=None)
@given(LINES)
def test_a_young_person_is_counted_once_in_every_release(line: list[Link]) -> None:
    found = chained(line).values()
    for quarter in ("2026Q1", "2026Q2", "2026Q3", "2026Q4"):
        come = [fact for fact in found if fact.quarter <= quarter]
        standing = [fact for fact in come if fact.succeeded_in == "not_yet" or fact.succeeded_in > quarter]
        assert len(standing) == (1 if come else 0)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-40, "early"), (-15, "early"), (-14, "on_time"), (0, "on_time"), (14, "on_time"), (15, "late_up_to_14_days"),
        (28, "late_up_to_14_days"), (29, "late_over_14_days"), (300, "late_over_14_days"),
    ],
)  # fmt: skip
def test_a_review_is_on_time_within_the_window(days: int, expected: str) -> None:
    assert timeliness(DUE + timedelta(days=days), Clock(DUE, 14)) == expected


def test_without_a_review_that_was_due_nothing_is_early_or_late() -> None:
    assert timeliness(DUE, None) == "not_recorded"

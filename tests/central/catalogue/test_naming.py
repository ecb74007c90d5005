"""One count has one name, and no two counts share one: held against made-up facts, counted one by one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

import pytest

from service.central.catalogue import Catalogue, Table, Unit, cells, codes_of, count_name, read
from service.central.catalogue.__main__ import NEWEST
from service.central.catalogue.naming import Name
from service.central.published import TOTAL
from tests.central.catalogue.made_up_facts import Made, facts

QUARTER = "2026Q3"
CATALOGUE = read(NEWEST)
TABLES = {table.name: table for table in CATALOGUE.tables}
FACTS = tuple(facts(6000, tuple(CATALOGUE.authorities)))
EVERY_FACT = frozenset(range(len(FACTS)))
FORMS = [(table, form) for table in CATALOGUE.tables for form in table.forms]


def name(table: str, *at: str, form: int = 0) -> Name:
    return count_name(CATALOGUE, TABLES[table], TABLES[table].forms[form], at, QUARTER)


@cache
def holding(field: str, values: frozenset[str]) -> frozenset[int]:
    """Which of the made-up facts have one of these values."""
    return frozenset(number for number, fact in enumerate(FACTS) if fact[field] in values)


def all_of(wanted: Iterable[tuple[str, Iterable[str]]]) -> frozenset[int]:
    """Which of them have, in every field, one of its values."""
    return EVERY_FACT.intersection(*(holding(field, frozenset(values)) for field, values in wanted))


def counted(catalogue: Catalogue, table: Table, axes: tuple[str, ...], at: tuple[str, ...]) -> frozenset[int]:
    """Which of the made-up facts a cell counts, by what the catalogue says of the table."""
    wanted = [*catalogue.universes[table.universe].where.items()]
    for axis, code in zip(axes, at, strict=True):
        values = {group.code: group.values for group in codes_of(catalogue, axis, QUARTER)}
        values[TOTAL] = tuple(value for each in values.values() for value in each)
        wanted.append((catalogue.axes[axis].field, values[code]))
    return all_of(wanted)


def every_cell() -> Iterator[tuple[Table, tuple[str, ...], tuple[str, ...]]]:
    for table, form in FORMS:
        yield from ((table, form, at) for at in cells(CATALOGUE, table, form, QUARTER))


def test_two_cells_have_one_name_exactly_when_they_count_the_same_facts() -> None:
    names: dict[tuple[Unit, frozenset[int]], set[Name]] = defaultdict(set)
    for table, form, at in every_cell():
        names[table.unit, counted(CATALOGUE, table, form, at)].add(count_name(CATALOGUE, table, form, at, QUARTER))

    assert {facts: found for facts, found in names.items() if len(found) > 1} == {}
    assert all(all_of(found[1]) == facts for (_, facts), (found,) in names.items())
    assert len({found for each in names.values() for found in each}) == len(names)


def test_the_made_up_facts_reach_every_inner_cell() -> None:
    """Else two counts of nothing would look the same above."""
    assert all(counted(CATALOGUE, table, form, at) for table, form, at in every_cell())


@pytest.mark.parametrize(("table", "form"), FORMS, ids=lambda part: part.name if isinstance(part, Table) else str(part))
def test_parts_differ_from_their_total_in_one_field_and_add_up(table: Table, form: tuple[str, ...]) -> None:
    for at in cells(CATALOGUE, table, form, QUARTER):
        whole = dict(count_name(CATALOGUE, table, form, at, QUARTER)[1])
        for place in (number for number, code in enumerate(at) if code == TOTAL):
            axis = form[place]
            parts = [(*at[:place], group.code, *at[place + 1 :]) for group in codes_of(CATALOGUE, axis, QUARTER)]
            for part in parts:
                differing = whole.items() ^ dict(count_name(CATALOGUE, table, form, part, QUARTER)[1]).items()
                assert {field for field, _ in differing} == {CATALOGUE.axes[axis].field}
            held = Counter(fact for part in parts for fact in counted(CATALOGUE, table, form, part))
            assert held == Counter(counted(CATALOGUE, table, form, at))


def test_the_same_count_in_two_tables_has_one_name() -> None:
    assert name("statement", "at_risk") == name("statement-by-sex", TOTAL, "at_risk")
    assert name("statement", TOTAL) == name("young-people-by-authority", TOTAL)
    assert name("statement-by-authority", "E08000007", TOTAL) == name("young-people-by-authority", "E08000007")
    assert name("assessments-by-record", TOTAL, "review") == name("review-timeliness", TOTAL)
    assert name("assessments-by-record", "rise_meeting_output", TOTAL) == name("agencies", TOTAL)
    assert name("statement-by-age", "under_14", "at_risk", form=1) != name("statement-by-age", "under_10", "at_risk")


def test_young_people_and_assessments_are_two_counts() -> None:
    young, assessments = name("young-people-by-record", TOTAL), name("completeness", TOTAL)

    assert young == (Unit.YOUNG_PEOPLE, frozenset())
    assert assessments == (Unit.ASSESSMENTS, frozenset())


def test_a_name_says_the_universe_and_leaves_out_what_says_nothing() -> None:
    with_statement = ("record_type", frozenset({"wise_assessment", "rise_meeting_output"}))

    assert name("statement", "at_risk")[1] == {with_statement, ("exploitation", frozenset({"at_risk"}))}
    assert name("statement", TOTAL)[1] == {with_statement}
    assert name("assessments-by-authority", TOTAL, TOTAL)[1] == frozenset()


def test_of_one_authority_alone_its_count_is_the_total() -> None:
    alone = Catalogue(**{**vars(CATALOGUE), "authorities": {"E08000007": "Stockport"}})
    table = TABLES["assessments-by-authority"]
    form = ("authority",)

    assert count_name(alone, table, form, ("E08000007",), QUARTER) == count_name(alone, table, form, (TOTAL,), QUARTER)


def test_cells_come_with_their_totals_last() -> None:
    found = cells(CATALOGUE, TABLES["statement-by-sex"], ("sex", "statement"), QUARTER)

    assert found[0] == ("female", "experiencing")
    assert len(found) == len(set(found)) == 4 * 4
    assert [at.count(TOTAL) for at in found] == [0] * 9 + [1] * 6 + [2]


def test_the_total_alone_is_one_cell() -> None:
    assert cells(CATALOGUE, TABLES["statement"], (), QUARTER) == ((),)
    assert count_name(CATALOGUE, TABLES["statement"], (), (), QUARTER) == name("statement", TOTAL)


def test_authorities_and_quarters_are_given() -> None:
    assert [group.code for group in codes_of(CATALOGUE, "authority", QUARTER)] == list(CATALOGUE.authorities)
    assert [(group.code, group.label) for group in codes_of(CATALOGUE, "quarter", "2026Q2")] == [
        ("2025Q3", "July to September 2025"),
        ("2025Q4", "October to December 2025"),
        ("2026Q1", "January to March 2026"),
        ("2026Q2", "April to June 2026"),
    ]


def test_what_is_not_in_the_catalogue_has_no_name() -> None:
    table = TABLES["statement"]

    with pytest.raises(ValueError, match="no such group"):
        name("statement", "unheard_of")
    with pytest.raises(ValueError, match="zip"):
        name("statement")
    with pytest.raises(ValueError, match="form"):
        cells(CATALOGUE, table, ("sex",), QUARTER)


def test_facts_are_as_the_fact_has_them() -> None:
    """The made-up ones say not_asked of nothing that their kind of record asks for."""
    wise: Made = next(fact for fact in FACTS if fact["record_type"] == "wise_assessment")

    assert (wise["agencies"], wise["exploitation"] != "not_asked") == ("not_asked", True)

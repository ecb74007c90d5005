"""Counts agree with a count by hand, and doubtful facts stop everything."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import ProgrammingError

from service.central.catalogue.model import Unit
from service.central.counting import CannotCount, facts_of, of_authority, tabulate
from service.central.tables import fact as rows
from service.domain.fact import Fact, fact_from
from service.store.engine import short_lived_engine
from tests.central.releases.made import (
    AGE,
    BOLTON,
    BURY,
    NEXT,
    NOT_ASKED_BY_NWG,
    Q1,
    Q4,
    STATEMENT,
    STOCKPORT,
    axis,
    catalogue,
    cohort,
    fact,
    group,
    table,
)
from tests.support.servers import Database

KINDS = ("record_type", frozenset({"wise_assessment", "rise_meeting_output"}))


def name(unit: Unit, **narrowed: str) -> Any:
    return unit, frozenset({KINDS, *((field, frozenset({value})) for field, value in narrowed.items())})


def some_facts(seed: int) -> Counter[Fact]:
    drawn = random.Random(seed)
    return Counter(
        fact(
            authority=drawn.choice((BOLTON, BURY, STOCKPORT)),
            quarter=drawn.choice((Q1, Q4)),
            exploitation=drawn.choice(STATEMENT.groups).code,
            age_band=drawn.choice(AGE.groups).code,
            succeeded_in=drawn.choice(("not_yet", Q4, NEXT)),
        )
        for _ in range(200)
    )


@pytest.mark.parametrize("seed", range(3))
def test_every_cell_is_what_a_hand_would_count(seed: int) -> None:
    facts = some_facts(seed)
    counts = tabulate(catalogue(), Q4, facts)
    for age in AGE.groups:
        for statement in STATEMENT.groups:
            wanted = sum(
                number
                for each, number in facts.items()
                if (each.age_band, each.exploitation) == (age.code, statement.code) and each.succeeded_in != Q4
            )
            found = name(Unit.YOUNG_PEOPLE, age_band=age.code, exploitation=statement.code)
            assert counts[found] == wanted
            own = (counts[of_authority(found, each)] for each in (BOLTON, BURY, STOCKPORT))
            assert sum(own) == wanted
    assert counts[name(Unit.ASSESSMENTS)] == facts.total()
    assert counts[name(Unit.ASSESSMENTS, quarter=Q1)] == sum(n for each, n in facts.items() if each.quarter == Q1)


def test_a_young_person_counts_by_the_record_that_stands_at_the_end_of_the_quarter() -> None:
    facts = Counter({fact(succeeded_in=Q4): 3, fact(succeeded_in=NEXT): 4, fact(): 5})
    counts = tabulate(catalogue(), Q4, facts)
    assert counts[name(Unit.YOUNG_PEOPLE)] == 9
    assert counts[name(Unit.ASSESSMENTS)] == 12


def test_records_outside_the_universe_are_in_no_cell() -> None:
    facts = Counter({fact(record_type="nwg_assessment", **NOT_ASKED_BY_NWG): 7, fact(): 1})
    assert tabulate(catalogue(), Q4, facts)[name(Unit.ASSESSMENTS)] == 1


def test_the_same_count_in_two_tables_has_one_name() -> None:
    two = catalogue(table("a", ("statement",)), table("b", ("age", "statement")))
    one = catalogue(table("b", ("age", "statement")))
    assert tabulate(two, Q4, cohort()) == tabulate(one, Q4, cohort())


def test_a_fact_of_no_group_stops_the_count() -> None:
    narrow = catalogue(table("a", ("age_part",)))
    narrow = replace(narrow, axes={"age_part": axis("age_part", group("14_15"), field="age_band")})
    assert tabulate(narrow, Q4, Counter([fact()]))[name(Unit.YOUNG_PEOPLE, age_band="14_15")] == 1
    with pytest.raises(CannotCount, match="a: a fact has a value in age_band that no group of the axis holds"):
        tabulate(narrow, Q4, Counter([fact(age_band="16_17")]))


def test_a_fact_of_an_unlisted_authority_stops_the_count() -> None:
    with pytest.raises(CannotCount, match="authority that the catalogue does not list"):
        tabulate(catalogue(), Q4, Counter([fact(authority="E08000099")]))


def put(database: Database, each: Fact, weight: int = 1) -> None:
    with short_lived_engine(database.url("wise_intake")) as engine, engine.begin() as connection:
        connection.exec_driver_sql(f"SELECT set_config('wise.authority', '{each.authority}', true)")
        connection.execute(insert(rows).inline().values(**vars(each), weight=weight))


def read(database: Database, missing: tuple[str, ...] = ()) -> Counter[Fact]:
    with short_lived_engine(database.url("wise_release")) as engine, engine.connect() as connection:
        return facts_of(connection, Q4, missing)


def test_what_stands_in_the_four_quarters_is_summed(database: Database) -> None:
    for weight in (1, 1, -1):
        put(database, fact(), weight)
    put(database, fact(quarter=Q1, authority=BOLTON))
    put(database, fact(quarter="2024Q4"))
    put(database, fact(quarter=NEXT))
    put(database, fact(age_band="16_17"))
    put(database, fact(age_band="16_17"), -1)
    assert read(database) == Counter([fact(), fact(quarter=Q1, authority=BOLTON)])
    assert read(database, (STOCKPORT,)) == Counter([fact(quarter=Q1, authority=BOLTON)])


def test_what_crossed_with_four_codes_is_left_out(database: Database) -> None:
    kept = {"quarter": Q4, "authority": STOCKPORT, "record_type": "wise_assessment", "exploitation": "at_risk"}
    put(database, fact_from(kept))
    put(database, fact())
    assert read(database) == Counter([fact()])


def test_more_taken_back_than_came_stops_the_count(database: Database) -> None:
    put(database, fact(), -1)
    with pytest.raises(CannotCount, match="More facts were taken back than ever came"):
        read(database)


def test_a_row_that_is_no_fact_stops_the_count_without_being_repeated(unchecked: Database) -> None:
    put(unchecked, fact())
    with unchecked.as_admin() as admin:
        admin.execute("UPDATE central.fact SET exploitation = 'Zqxwv'")
    with pytest.raises(CannotCount, match="no fact") as stopped:
        read(unchecked)
    assert "Zqxwv" not in str(stopped.value)


def test_the_hub_cannot_count(database: Database) -> None:
    with (
        short_lived_engine(database.url("wise_central")) as engine,
        engine.connect() as connection,
        pytest.raises(ProgrammingError, match="permission denied for table fact"),
    ):
        facts_of(connection, Q4, ())

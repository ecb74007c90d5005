"""What the Hub's process reads: published bytes, and no others."""

from __future__ import annotations

from collections import Counter

import pytest

from service.central.releases.canonical import from_bytes
from service.central.releases.served import PublishedReleases
from service.errors import Unavailable
from service.store.engine import make_engine
from tests.central.releases.conftest import MakeDesk, Put
from tests.central.releases.made import NEXT, Q4, cohort, fact
from tests.central.releases.test_desk import ANN, BEN, released
from tests.store.rows import rows
from tests.support.servers import Database


def test_nothing_is_there_before_it_is_published(desk: MakeDesk, put: Put, served: PublishedReleases) -> None:
    put(cohort())
    steps = desk()
    steps.build(Q4, by=ANN)
    steps.audit(Q4)
    steps.approve(Q4, by=BEN, digest=steps.standing(Q4).build.digest)
    assert (served.list(), served.bytes_of(Q4), served.release(Q4)) == ([], None, None)
    steps.publish(Q4, by=BEN)
    (entry,) = served.list()
    standing = steps.standing(Q4)
    assert (entry.number, entry.quarter, entry.catalogue) == (1, Q4, "2025")
    assert entry.digest == standing.build.digest
    assert entry.published_on == steps.rows.today()
    assert served.bytes_of(Q4) == standing.build.content
    assert served.release(Q4) == from_bytes(standing.build.content)


def test_the_newest_is_listed_first(desk: MakeDesk, put: Put, served: PublishedReleases) -> None:
    put(cohort())
    released(desk())
    put(Counter({fact(quarter=NEXT): 10}))
    released(desk(), NEXT)
    assert [each.quarter for each in served.list()] == [NEXT, Q4]


def test_a_later_fact_changes_nothing(desk: MakeDesk, put: Put, served: PublishedReleases) -> None:
    put(cohort())
    released(desk())
    before = served.bytes_of(Q4)
    put(Counter({fact(): 50}))
    assert served.bytes_of(Q4) == before


def test_every_pull_is_noted(served: PublishedReleases, database: Database) -> None:
    served.note_pull("wb-hub", Q4, "by_age.csv")
    served.note_pull("wb-hub", "", "menu")
    found = rows(database, "SELECT client_id, quarter, what, at IS NOT NULL AS dated FROM central.pull ORDER BY id")
    assert [tuple(each.values()) for each in found] == [
        ("wb-hub", Q4, "by_age.csv", True),
        ("wb-hub", "", "menu", True),
    ]


@pytest.mark.parametrize("noted", [("", Q4, "x"), ("wb-hub", "2025", "x"), ("wb-hub", Q4, ""), ("wb-hub", Q4, "a\nb")])
def test_what_cannot_be_noted_is_not_served(served: PublishedReleases, noted: tuple[str, str, str]) -> None:
    with pytest.raises(Unavailable):
        served.note_pull(*noted)


def test_a_database_that_is_away_is_unavailable(database: Database) -> None:
    away = PublishedReleases(make_engine(database.url("wise_central") + "_gone"))
    assert not away.answers()
    for ask in (away.list, lambda: away.bytes_of(Q4), lambda: away.release(Q4), lambda: away.note_pull("x", Q4, "x")):
        with pytest.raises(Unavailable):
            ask()


def test_it_answers(served: PublishedReleases) -> None:
    assert served.answers()

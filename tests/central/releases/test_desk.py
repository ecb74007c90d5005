"""From the facts to the ledger, as two persons would; and everything that is refused on the way."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from service.central.counting import CannotCount
from service.central.releases.canonical import from_bytes
from service.central.releases.desk import ReleaseDesk
from service.central.releases.kept import Standing
from service.errors import NotPossible
from tests.central.releases.conftest import MakeDesk, Put
from tests.central.releases.made import (
    BOLTON,
    NEXT,
    Q4,
    STOCKPORT,
    catalogue,
    cohort,
    fact,
    fails,
    figure,
    in_doubt,
    maker,
)
from tests.store.rows import rows
from tests.support.servers import Database

ANN, BEN = "Ann Example", "Ben Example"


def approve(desk: ReleaseDesk, quarter: str = Q4, by: str = BEN) -> Standing:
    """The newest build, as it was read."""
    return desk.approve(quarter, by=by, digest=desk.standing(quarter).build.digest)


def released(desk: ReleaseDesk, quarter: str = Q4) -> int:
    desk.build(quarter, by=ANN)
    assert desk.audit(quarter).passed
    approve(desk, quarter, by=BEN)
    return desk.publish(quarter, by=BEN)


def test_two_persons_make_a_release(desk: MakeDesk, put: Put, database: Database) -> None:
    put(cohort())
    assert released(desk()) == 1
    (entered,) = desk().rows.ledger()
    assert figure(from_bytes(entered.standing.build.content), "by_authority", STOCKPORT).value == 30
    assert (entered.standing.build.built_by, entered.standing.approved_by) == (ANN, BEN)
    assert rows(database, "SELECT number, quarter FROM central.ledger") == [{"number": 1, "quarter": Q4}]
    assert desk().verify() is None


def test_the_same_facts_are_built_to_the_same_bytes(desk: MakeDesk, put: Put) -> None:
    put(cohort())
    assert desk().build(Q4, by=ANN).build.digest == desk().build(Q4, by=BEN).build.digest


def test_the_next_release_knows_the_one_before(desk: MakeDesk, put: Put) -> None:
    put(cohort())
    released(desk())
    put(Counter([fact(quarter=NEXT)]))
    assert released(desk(), NEXT) == 2
    release = from_bytes(desk().rows.ledger()[1].standing.build.content)
    assert figure(release, "by_authority", STOCKPORT).as_of == Q4
    assert desk().verify() is None


@pytest.mark.parametrize(
    ("quarter", "today", "said"),
    [
        ("2025Q5", date(2026, 6, 1), "Write it as 2026Q3"),
        (Q4, date(2026, 2, 14), "can be built from 15 February 2026 on"),
        ("2026Q2", date(2026, 8, 14), "can be built from 15 August 2026 on"),
    ],
)
def test_nothing_is_built_before_its_day(desk: MakeDesk, quarter: str, today: date, said: str) -> None:
    with pytest.raises(NotPossible, match=said):
        desk(today=today).build(quarter, by=ANN)


def test_it_is_built_on_its_day(desk: MakeDesk) -> None:
    assert desk(today=date(2026, 2, 15)).build(Q4, by=ANN).build.quarter == Q4


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (["E08000099"], "takes codes of the catalogue's authorities"),
        (list(catalogue().authorities), "nothing to release"),
    ],
)
def test_missing_authorities_are_listed_ones_and_not_all(desk: MakeDesk, missing: list[str], said: str) -> None:
    with pytest.raises(NotPossible, match=said) as refused:
        desk().build(Q4, by=ANN, missing=missing)
    assert "E08000099" not in str(refused.value)


def test_a_missing_authority_is_kept_with_the_release(desk: MakeDesk, put: Put) -> None:
    put(cohort())
    made = desk().build(Q4, by=ANN, missing=[BOLTON, BOLTON])
    assert from_bytes(made.build.content).missing == (BOLTON,)


@pytest.mark.parametrize("by", ["", "  ", "x" * 101, "Ann\x1b[2J"])
def test_a_person_has_a_name(desk: MakeDesk, by: str) -> None:
    with pytest.raises(NotPossible, match="takes the name of a person"):
        desk().build(Q4, by=by)


def test_doubt_keeps_nothing(desk: MakeDesk, put: Put, database: Database) -> None:
    put(cohort())
    with pytest.raises(NotPossible, match=r"Nothing was built. The solver did not come to an end"):
        desk(maker(protect=in_doubt)).build(Q4, by=ANN)
    put(Counter([fact(authority="E08000099")]))
    with pytest.raises(NotPossible, match=r"Nothing was built. A fact is of an authority") as refused:
        desk().build(Q4, by=ANN)
    assert isinstance(refused.value.__cause__, CannotCount)
    assert rows(database, "SELECT count(*) AS n FROM central.build") == [{"n": 0}]


def test_the_steps_come_in_their_order(desk: MakeDesk, put: Put) -> None:
    put(cohort())
    steps = desk()
    for step in (steps.audit, lambda q: approve(steps, q), lambda q: steps.publish(q, by=BEN)):
        with pytest.raises(NotPossible, match="There is no build of this quarter"):
            step(Q4)
    steps.build(Q4, by=ANN)
    for step in (lambda q: approve(steps, q), lambda q: steps.publish(q, by=BEN)):
        with pytest.raises(NotPossible, match="is not audited yet"):
            step(Q4)
    steps.audit(Q4)
    with pytest.raises(NotPossible, match="is not approved yet"):
        steps.publish(Q4, by=BEN)
    for itself in (ANN, ANN.upper(), f" {ANN} "):
        with pytest.raises(NotPossible, match="by somebody else than who built it"):
            approve(steps, Q4, by=itself)
    approve(steps, Q4, by=BEN)
    with pytest.raises(NotPossible, match="is approved already"):
        approve(steps, Q4, by="Cleo Example")
    assert steps.publish(Q4, by=BEN) == 1


def test_what_failed_its_audit_goes_no_further(desk: MakeDesk, put: Put) -> None:
    put(cohort())
    steps = desk(maker(audit=fails))
    steps.build(Q4, by=ANN)
    assert not steps.audit(Q4).passed
    for step in (partial(approve, steps), steps.publish):
        with pytest.raises(NotPossible, match="did not pass, so it can be neither approved nor published"):
            step(Q4, by=BEN)


def test_a_build_is_audited_once_and_a_new_one_anew(desk: MakeDesk, put: Put) -> None:
    put(cohort())
    failing = desk(maker(audit=fails))
    failing.build(Q4, by=ANN)
    failing.audit(Q4)
    assert not desk().audit(Q4).passed
    assert desk().build(Q4, by=ANN).audit is None
    assert desk().audit(Q4).passed


def test_only_what_was_read_is_approved(desk: MakeDesk, put: Put) -> None:
    put(cohort())
    steps = desk()
    read = steps.build(Q4, by=ANN).build.digest
    put(cohort())
    steps.build(Q4, by=ANN)
    steps.audit(Q4)
    for digest in (read, "", steps.standing(Q4).build.digest[:11]):
        with pytest.raises(NotPossible, match="does not have this digest"):
            steps.approve(Q4, by=BEN, digest=digest)
    assert steps.approve(Q4, by=BEN, digest=steps.standing(Q4).build.digest[:12]).approved_by == BEN


def test_a_new_build_takes_the_approval_away(desk: MakeDesk, put: Put) -> None:
    put(cohort())
    steps = desk()
    steps.build(Q4, by=ANN)
    steps.audit(Q4)
    approved = approve(steps, Q4, by=BEN)
    steps.build(Q4, by=ANN)
    with pytest.raises(NotPossible, match="not audited yet"):
        steps.publish(Q4, by=BEN)
    with pytest.raises(NotPossible, match="built or approved anew meanwhile"):
        steps.rows.publish(approved, BEN)


def test_a_published_release_is_never_made_again(desk: MakeDesk, put: Put) -> None:
    put(cohort())
    released(desk())
    steps = desk()
    for step in (steps.build, partial(approve, steps), steps.publish):
        with pytest.raises(NotPossible, match=r"was published as number 1 on .* never made again"):
            step(Q4, by="Cleo Example")


def test_an_earlier_quarter_is_late_and_a_gap_is_no_obstacle(desk: MakeDesk, put: Put) -> None:
    put(cohort())
    assert released(desk()) == 1
    with pytest.raises(NotPossible, match="2025Q4 is published, and 2025Q3 is earlier"):
        desk().build("2025Q3", by=ANN)
    assert released(desk(today=date(2027, 1, 1)), "2026Q3") == 2


def test_a_build_from_before_another_publication_is_made_again(desk: MakeDesk, put: Put) -> None:
    put(cohort())
    steps = desk()
    steps.build(NEXT, by=ANN)
    audited = replace(steps.standing(NEXT))
    released(desk())
    with pytest.raises(NotPossible, match="Another release was published meanwhile"):
        steps.audit(NEXT)
    with pytest.raises(NotPossible, match="Another release was published meanwhile"):
        steps.rows.keep(audited.build)


def test_one_of_many_who_publish_at_once_wins(desk: MakeDesk, put: Put, database: Database) -> None:
    put(cohort())
    steps = desk()
    steps.build(Q4, by=ANN)
    steps.audit(Q4)
    approve(steps, Q4, by=BEN)

    def publish(_: int) -> str:
        try:
            return str(steps.publish(Q4, by=BEN))
        except NotPossible as refused:
            return type(refused).__name__

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(publish, range(6)))
    assert outcomes == ["1", *["NotPossible"] * 5]
    assert rows(database, "SELECT count(*) AS n FROM central.ledger") == [{"n": 1}]


def test_what_looks_like_an_identifier_is_not_published(desk: MakeDesk, put: Put) -> None:
    put(cohort())
    steps = desk(maker(markers=lambda content: ["nhs_number"] if b"2025Q4" in content else []))
    steps.build(Q4, by=ANN)
    steps.audit(Q4)
    approve(steps, Q4, by=BEN)
    with pytest.raises(NotPossible, match="looks like an identifier"):
        steps.publish(Q4, by=BEN)


def test_a_catalogue_that_was_changed_since_stops_the_audit_and_the_next_build(desk: MakeDesk, put: Put) -> None:
    put(cohort())
    released(desk())
    other = maker(catalogue=replace(catalogue(), digest="d" * 64))
    with pytest.raises(NotPossible, match="2025Q4 was made by catalogue 2025; that file is not here, or was changed"):
        desk(other).build(NEXT, by=ANN)
    desk().build(NEXT, by=ANN)
    with pytest.raises(NotPossible, match="The catalogue was changed since 2026Q1 was built"):
        desk(other).audit(NEXT)


def test_the_clock_is_the_databases(desk: MakeDesk, database: Database) -> None:
    (found,) = rows(database, "SELECT (now() AT TIME ZONE 'Europe/London')::date AS today")
    assert desk().rows.today() == found["today"]

from __future__ import annotations

from collections import Counter

import pytest

from tests.intruder.codes import CODES, FIELDS, NOT_YET, may_stand_together, quarter_after, window
from tests.intruder.cohort import EVEN, FEW, FREQUENT, QUARTERS, RELEASES, SIZES, cohort, size_of

AT = {name: place for place, name in enumerate(FIELDS)}


def test_one_seed_is_one_cohort() -> None:
    assert cohort(5) == cohort(5)
    assert cohort(5).steps != cohort(13).steps


def test_the_seeds_hold_every_size_and_every_few() -> None:
    seen = {(each.size, each.is_quiet, each.few) for each in map(cohort, range(80)) if each.size <= 30}
    assert {size for size, *_ in seen} == {10, 30}
    assert {few for _, is_quiet, few in seen if is_quiet} == set(FEW)
    assert {cohort(seed).size for seed in range(8)} == set(SIZES)


def test_two_thousand_seeds_are_mostly_small_and_hold_all() -> None:
    sizes = Counter(map(size_of, range(2000)))
    assert set(sizes) == set(SIZES)
    assert sizes[10] > sizes[30] > sizes[50] > sizes[100] > sizes[200] > sizes[1000] > 70
    assert {size_of(seed) for seed in range(EVEN, EVEN + sum(FREQUENT.values()))} == set(SIZES)
    assert len({(size_of(seed), seed // 8 % 2, seed // 16 % 5) for seed in range(EVEN, 2000)}) == 2 * 5 * len(SIZES)
    assert [size_of(seed) for seed in (52, 60)] == [200, 200]


@pytest.mark.parametrize("seed", [0, 1, 3, 8, 11, 20, 33])
def test_every_fact_is_of_listed_codes_that_belong_together(seed: int) -> None:
    for row in cohort(seed).standing(QUARTERS[-1]):
        assert len(row) == len(FIELDS) == 27
        assert all(row[AT[name]] in values for name, values in CODES.items())
        assert row[AT["succeeded_in"]] == NOT_YET or row[AT["succeeded_in"]] >= row[0]
        for first in CODES:
            for second in ("record_type", "first_or_review", "characteristics"):
                assert may_stand_together(first, row[AT[first]], second, row[AT[second]])


@pytest.mark.parametrize("seed", [2, 10, 18])
def test_a_young_person_is_counted_once(seed: int) -> None:
    made = cohort(seed)
    for quarter in RELEASES:
        standing = made.standing(quarter)
        last = sum(number for row, number in standing.items() if row[-1] == NOT_YET)
        assert 0 < last <= made.size


def test_a_quiet_cohort_changes_little_before_its_last_release() -> None:
    for seed in (8, 24, 40, 56, 72):
        made = cohort(seed, 100)
        assert made.is_quiet
        before, after = made.counted(RELEASES[-2]), made.counted(RELEASES[-1])
        moved = ((after - before) + (before - after)).total()
        assert moved <= 4 * made.few
        assert bool(moved) == bool(made.few)


def test_what_is_taken_back_was_handed_over() -> None:
    made, held = cohort(4), Counter[tuple[str, ...]]()
    for step in made.steps:
        assert step.taken_back <= held
        held = held - step.taken_back + step.handed_over
    assert held == made.standing(QUARTERS[-1])


def test_a_release_counts_four_quarters() -> None:
    assert window("2025Q1") == ("2024Q2", "2024Q3", "2024Q4", "2025Q1")
    assert quarter_after("2025Q1", -1) == "2024Q4"
    assert {row[0] for row in cohort(3).counted("2025Q1")} <= set(window("2025Q1"))

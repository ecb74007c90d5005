"""T3 and T5 where the releases were made by two catalogues: old and new figures side by side."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from service.central.audit import Report, audit
from service.central.catalogue.model import Catalogue, Table, Unit
from service.central.published import Figure, Release
from service.domain.fact import Fact
from tests.central.audit.support import AUTHORITIES, Publisher, catalogue, facts, table, with_figure

OLD, NEW = "2026Q4", "2027Q1"
BY_SEX = table("by_sex", ("sex",), unit=Unit.ASSESSMENTS)
SEXES = table("sexes", ("sex",), unit=Unit.ASSESSMENTS)
AGES = table("ages", ("age_band",), unit=Unit.ASSESSMENTS)
WIDE = table("ages", ("age_bands_wide",), unit=Unit.ASSESSMENTS)


def before(*tables: Table) -> Catalogue:
    return catalogue(*tables)


def after(*tables: Table, **changes: object) -> Catalogue:
    return replace(catalogue(*tables), version="2027", digest="7" * 64, **changes)  # type: ignore[arg-type]


def people(field: str, quarter: str = OLD, **numbers: int) -> Counter[Fact]:
    return facts(
        *(
            ({field: value.lstrip("_"), "quarter": quarter, "authority": f"E080000{1 + each % 10:02}"}, 1)
            for value, number in numbers.items()
            for each in range(number)
        )
    )


def made(of: Catalogue, quarter: str, among: Counter[Fact], *hidden: str) -> Release:
    names = frozenset((each.name, (code,)) for each in of.tables for code in hidden)
    return Publisher(of, quarter, among, hidden=names).release()


def side_by_side(old: Catalogue, first: Release, new: Catalogue, second: Release, *among: Counter[Fact]) -> Report:
    return audit(new, [first, second], [among[0], among[-1]], earlier=[old])


def found(report: Report) -> set[tuple[str, tuple[str, ...]]]:
    return {(each.test, each.at) for each in report.findings}


def repeating(release: Release, name: str, figures: tuple[Figure, ...]) -> Release:
    for each in figures:
        release = with_figure(release, name, *each.at, status=each.status, value=each.value, as_of=each.as_of)
    return release


SEX = people("sex", F=42, M=50, not_recorded=40)
"""One more of each would round otherwise."""


def test_a_table_under_another_name_may_repeat_its_figures() -> None:
    old, new, joined = before(BY_SEX), after(SEXES), SEX + people("sex", NEW, F=1)
    first = made(old, OLD, SEX)
    second = repeating(made(new, NEW, joined), "sexes", first.tables[0].figures)
    report = side_by_side(old, first, new, second, SEX, joined)
    assert report.passed, report.findings


def test_a_figure_that_the_older_release_does_not_hold_is_no_repeated_one() -> None:
    old, new = before(BY_SEX), after(SEXES)
    first = made(old, OLD, SEX)
    second = repeating(made(new, NEW, SEX), "sexes", first.tables[0].figures)
    wrong = with_figure(second, "sexes", "F", value=45)
    assert ("T5", ("F",)) in found(side_by_side(old, first, new, wrong, SEX))


def test_a_group_of_the_same_name_and_another_meaning_may_not_repeat_its_figure() -> None:
    """The table, the axis and the code are the same; what is counted is not."""
    ages = people("age_band", under_10=20, _10_13=20, _14_15=20, _16_17=20)
    narrow = catalogue().axes["age_band"]
    groups = tuple(
        replace(each, values=("under_10", "10_13"))
        if each.code == "under_10"
        else replace(each, values=("18_plus",))
        if each.code == "10_13"
        else each
        for each in narrow.groups
        if each.code != "18_plus"
    )
    old = before(AGES)
    new = after(AGES, axes={**catalogue().axes, "age_band": replace(narrow, groups=groups)})
    first = made(old, OLD, ages)
    second = with_figure(made(new, NEW, ages), "ages", "under_10", value=20, as_of=OLD)
    assert ("T5", ("under_10",)) in found(side_by_side(old, first, new, second, ages))


def test_one_joiner_is_found_under_another_name_of_the_table() -> None:
    old, new, joined = before(BY_SEX), after(SEXES), SEX + people("sex", NEW, F=1)
    report = side_by_side(old, made(old, OLD, SEX), new, made(new, NEW, joined), SEX, joined)
    assert ("T3", ("F",)) in found(report)


AGE = people("age_band", under_10=7, _10_13=20, _14_15=31, _16_17=30)


def test_a_group_that_takes_in_a_hidden_one_tells_it_beside_the_older_release() -> None:
    old, new = before(AGES), after(WIDE)
    first, second = made(old, OLD, AGE, "total", "14_15", "16_17"), made(new, NEW, AGE, "total")
    assert audit(old, [first], [AGE]).passed
    assert audit(new, [second], [AGE]).passed
    assert ("T3", ("under_10",)) in found(side_by_side(old, first, new, second, AGE))


def test_a_finer_group_is_told_beside_the_older_coarse_one() -> None:
    old, new = before(WIDE), after(AGES)
    first, second = made(old, OLD, AGE, "total"), made(new, NEW, AGE, "total", "14_15", "16_17")
    assert audit(new, [second], [AGE]).passed
    assert ("T3", ("under_10",)) in found(side_by_side(old, first, new, second, AGE))


@pytest.mark.parametrize(("moved", "passes"), [(10, False), (40, True)])
def test_a_known_number_of_changes_does_not_hide_who_was_there(moved: int, passes: bool) -> None:
    """Five came and five went elsewhere; whoever knows that no more did can still tell that there is somebody."""
    ages = people("age_band", under_10=9, _10_13=60, _14_15=62, _16_17=60)
    gone = people("age_band", _14_15=5) if moved == 10 else people("age_band", _14_15=moved)
    later = ages - gone + people("age_band", NEW, _14_15=gone.total())
    old, new = before(AGES), after(WIDE)
    first, second = made(old, OLD, ages, "total", "14_15", "16_17"), made(new, NEW, later, "total")
    report = side_by_side(old, first, new, second, ages, later)
    assert (("T3", ("under_10",)) not in found(report)) == passes


def test_the_difference_of_two_universes_is_told_by_neither_release_alone() -> None:
    """All by sex, then only those with a statement by sex: what is left are a few NWG assessments."""
    among = SEX + facts(({"record_type": "nwg_assessment", "sex": "F", "quarter": OLD}, 6))
    stated = replace(SEXES, universe="stated")
    old, new = before(BY_SEX), after(stated)
    first, second = made(old, OLD, among), made(new, NEW, among)
    assert audit(new, [second], [among]).passed
    assert "T3" in {test for test, _ in found(side_by_side(old, first, new, second, among))}


def test_releases_that_share_no_quarter_tell_nothing_of_each_other() -> None:
    old, new = before(AGES), after(WIDE)
    later = Counter({replace(each, quarter="2027Q4"): number for each, number in AGE.items()})
    first, second = made(old, OLD, AGE, "total", "14_15", "16_17"), made(new, "2027Q4", later, "total")
    report = side_by_side(old, first, new, second, AGE, later)
    assert report.passed, report.findings


def test_that_all_who_joined_are_of_one_group_is_found_in_a_group_of_another_name() -> None:
    sex = people("sex", F=12, M=50, not_recorded=40)
    later = sex + people("sex", NEW, F=11)
    old, new = before(BY_SEX), after(SEXES)
    assert ("T3", ("F",)) in found(side_by_side(old, made(old, OLD, sex), new, made(new, NEW, later), sex, later))


def test_an_authority_that_is_new_in_the_catalogue_is_one_that_joined() -> None:
    nine = dict(list(AUTHORITIES.items())[:9])
    old = catalogue(BY_SEX, authorities=nine)
    fewer = Counter({each: number for each, number in SEX.items() if each.authority in nine})
    report = side_by_side(old, made(old, OLD, fewer), after(SEXES), made(after(SEXES), NEW, SEX), fewer, SEX)
    assert report.passed, report.findings


def test_an_older_release_is_not_read_by_a_catalogue_it_was_not_made_by() -> None:
    old, new = before(BY_SEX), after(SEXES)
    releases = [made(old, OLD, SEX), made(new, NEW, SEX)]
    report = audit(new, releases, [SEX, SEX])
    assert [each.test for each in report.findings] == ["doubt"]
    with pytest.raises(ValueError, match="the catalogue of each earlier release"):
        audit(new, releases, [SEX, SEX], earlier=[old, new])


def test_an_authority_that_only_the_new_catalogue_lists_had_nobody_in_the_older_release() -> None:
    """Else it could always have been them, and what the others leave of the new total would tell nothing."""
    by_authority = table("by_authority", ("authority",), unit=Unit.ASSESSMENTS)
    codes = list(AUTHORITIES)
    old = catalogue(by_authority, authorities={code: AUTHORITIES[code] for code in codes[:3]})
    stated = table("stated", (), unit=Unit.ASSESSMENTS, universe="stated")
    new = after(stated, authorities={code: AUTHORITIES[code] for code in codes[:4]})
    among = facts(*(({"quarter": OLD, "authority": code}, n) for code, n in zip(codes, (9, 32, 42), strict=False)))
    first, second = made(old, OLD, among, "total"), made(new, NEW, among)
    assert audit(old, [first], [among]).passed
    assert ("T3", (codes[0],)) in found(side_by_side(old, first, new, second, among))


def test_what_is_known_without_the_new_counts_is_no_finding() -> None:
    """Whoever knows that nobody joined knows that the new quarter has nobody; no figure is needed for that."""
    quarters = table("quarters", ("quarter", "sex"), unit=Unit.ASSESSMENTS)
    old, new = before(quarters), after(replace(quarters, name="by_quarter"))
    among = facts(*(({"quarter": each, "sex": sex}, 43) for each in ("2026Q2", "2026Q3", OLD) for sex in ("F", "M")))
    report = side_by_side(old, made(old, OLD, among), new, made(new, NEW, among), among)
    assert "T3" not in {test for test, _ in found(report)}, report.findings


def test_what_one_count_tells_of_itself_is_no_matter_of_the_catalogue() -> None:
    """Nine, then 24: whoever knows that no more than sixteen joined can tell that there was somebody before."""
    old, new = before(BY_SEX), after(SEXES)
    first = people("sex", F=9, M=50, not_recorded=40)
    later = first + people("sex", NEW, F=15, M=1)
    report = side_by_side(old, made(old, OLD, first, "total"), new, made(new, NEW, later), first, later)
    assert report.passed, report.findings

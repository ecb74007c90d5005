"""T2: what an authority sees that knows its own records, and what two see together."""

from __future__ import annotations

from collections.abc import Iterable

from service.central.audit import Report, audit
from service.central.catalogue.model import Unit
from tests.central.audit.support import Publisher, catalogue, facts, table

NINE = [f"E080000{number:02}" for number in range(2, 11)]
ONE, TWO, THREE, FOUR = "E08000001", "E08000002", "E08000003", "E08000004"


def audited(publisher: Publisher) -> Report:
    return audit(publisher.of, [publisher.release()], [publisher.among])


def by(report: Report, test: str) -> set[tuple[tuple[str, ...], tuple[str, ...]]]:
    return {(each.at, each.who) for each in report.findings if each.test == test}


def girls(**of: int) -> list[tuple[dict[str, str], int]]:
    return [({"authority": authority, "sex": "F"}, number) for authority, number in of.items()]


def others(sex: str, number: int) -> list[tuple[dict[str, str], int]]:
    return [({"authority": f"E080000{4 + each % 7:02}", "sex": sex}, 1) for each in range(number)]


def test_a_shown_count_less_ones_own_tells_the_rest() -> None:
    """45 girls in the region, 40 of them one's own: three to seven are others'."""
    among = facts(*girls(**{ONE: 40, TWO: 2, THREE: 3}), *others("M", 60), *others("not_recorded", 30))
    report = audited(Publisher(catalogue(table("by_sex", ("sex",))), "2026Q3", among))
    assert by(report, "T1") == set()
    assert by(report, "T2") == {(("F",), (ONE,))}


def test_a_count_shared_by_many_tells_nobody_the_rest() -> None:
    among = facts(*others("F", 45), *others("M", 60), *others("not_recorded", 30))
    report = audited(Publisher(catalogue(table("by_sex", ("sex",))), "2026Q3", among))
    assert report.passed, report.findings
    assert (report.tried.insiders, report.tried.pairs) == (7, 21)


def four(hide: Iterable[str], **of: int) -> Report:
    """A region of four authorities, and how many young people each has."""
    region = catalogue(
        table("people", ("authority",)), authorities=dict.fromkeys((ONE, TWO, THREE, FOUR), "Exampleton")
    )
    hidden = frozenset(("people", (each,)) for each in hide)
    return audited(Publisher(region, "2026Q3", facts(*girls(**of)), hidden=hidden))


def test_one_of_two_that_hide_each_other_tells_the_other() -> None:
    """45 in all and 35 in one: who knows of twelve more knows that at most two are left."""
    report = four([TWO], **{ONE: 33, TWO: 12, THREE: 1, FOUR: 1})
    assert by(report, "T1") == set()
    assert by(report, "T2") == {((THREE,), (TWO,)), ((FOUR,), (TWO,))}


def test_that_there_is_somebody_must_not_be_told_to_one_either() -> None:
    """80 in all, 30 and 30 of them: who knows that twelve more are all its own knows that there are others."""
    report = four([TWO], **{ONE: 32, TWO: 12, THREE: 4, FOUR: 32})
    assert {(each.at, each.who, each.what) for each in report.findings} == {
        ((THREE,), (TWO,), "it can be told that there is somebody")
    }


def test_two_together_tell_what_neither_can_alone() -> None:
    """60 in all and 35 in one: who knows of 25 more knows that at most four are left."""
    report = four([ONE, TWO], **{ONE: 12, TWO: 13, THREE: 4, FOUR: 33})
    assert {each.test for each in report.findings} == {"T2"}
    assert by(report, "T2") == {((THREE,), (ONE, TWO))}


def test_the_rest_of_a_part_is_within_the_rest_of_the_whole() -> None:
    """Ten of twelve assessments of girls are one's own: of the others' girls there are at most two, though hidden."""
    own, other = {"authority": ONE, "sex": "F"}, {"authority": TWO, "sex": "F"}
    earlier = {"quarter": "2026Q2", "succeeded_in": "2026Q3"}
    among = facts((own, 2), (own | earlier, 8), (other, 1), (other | earlier, 1))
    among += facts(*others("M", 60), *others("not_recorded", 30))
    hidden = frozenset(("people", (each,)) for each in ("M", "not_recorded", "total"))
    people = table("people", ("sex",))
    assert audited(Publisher(catalogue(people), "2026Q3", among, hidden=hidden)).passed
    both = catalogue(people, table("assessed", ("sex",), unit=Unit.ASSESSMENTS))
    report = audited(Publisher(both, "2026Q3", among, hidden=hidden))
    assert by(report, "T1") == set()
    assert (("F",), (ONE,)) in by(report, "T2")


def statements(of: int, *, other: int = 0) -> list[tuple[dict[str, str], int]]:
    """The first authority's young people have three statements; of the others so many have one, and a few another."""
    mine = [({"authority": ONE, "exploitation": each}, 12) for each in ("experiencing", "at_risk")]
    rest = [({"authority": f"E080000{2 + each % 9:02}", "exploitation": "at_risk"}, 1) for each in range(of)]
    return [*mine, *rest, *(({"authority": TWO, "exploitation": "experiencing"}, 1) for _ in range(other))]


def test_whose_own_differ_knows_that_all_others_are_alike() -> None:
    """160 with one statement and ten or so with another, shown: those ten are all one's own."""
    shown = catalogue(table("by_statement", ("exploitation",)))
    report = audited(Publisher(shown, "2026Q3", facts(*statements(150))))
    assert by(report, "T4") == {(("at_risk",), (ONE,)), *(((("at_risk",)), (ONE, each)) for each in NINE)}


def test_others_who_may_differ_are_not_alike_for_sure() -> None:
    shown = catalogue(table("by_statement", ("exploitation",)))
    hidden = frozenset(("by_statement", (each,)) for each in ("experiencing", "at_risk"))
    report = audited(Publisher(shown, "2026Q3", facts(*statements(150, other=2)), hidden=hidden))
    assert by(report, "T4") == set()

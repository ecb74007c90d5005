"""T5 and T4: the rule, nothing left out, and no group of one statement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from service.central.audit import Report, audit
from service.central.published import Release, Status
from tests.central.audit.support import Publisher, catalogue, facts, table, with_figure, without_figure

OF = catalogue(table("by_sex", ("sex",)), table("people", ("authority",)))
GONE = "E08000010"
AMONG = facts(
    *(
        ({"sex": sex, "authority": f"E080000{number:02}"}, 15)
        for sex in ("F", "M", "not_recorded")
        for number in range(1, 10)
    )
)
SAFE = Publisher(OF, "2026Q3", AMONG, missing=(GONE,)).release()


def audited(release: Release) -> Report:
    return audit(OF, [release], [AMONG])


def test_what_is_by_the_rule_passes() -> None:
    assert audited(SAFE).passed, audited(SAFE).findings


def changed(name: str, *at: str, **how: object) -> Callable[[Release], Release]:
    return lambda release: with_figure(release, name, *at, **how)


FAULTS: list[tuple[str, Callable[[Release], Release]]] = [
    ("a figure is not there", lambda release: without_figure(release, "by_sex", "M")),
    ("a table of the catalogue is not there", lambda release: replace(release, tables=release.tables[:1])),
    ("the table is there twice", lambda release: replace(release, tables=(*release.tables, release.tables[0]))),
    (
        "the catalogue does not know the table",
        lambda r: replace(r, tables=(*r.tables, replace(r.tables[0], table="x"))),
    ),
    (
        "the table has axes that are none of its forms",
        lambda r: replace(r, tables=(replace(r.tables[0], axes=("authority",)), r.tables[1])),
    ),
    ("the catalogue does not know the figure", changed("by_sex", "M", at=("X",))),
    ("a value is under ten, or not rounded to five", changed("by_sex", "M", value=134)),
    ("a value is under ten, or not rounded to five", changed("by_sex", "M", value=5)),
    ("a value and its status do not go together", changed("by_sex", "M", value=None)),
    ("a value and its status do not go together", changed("by_sex", "M", status=Status.SUPPRESSED)),
    ("missing authorities must be missing everywhere", changed("people", GONE, status=Status.SUPPRESSED)),
    (
        "missing authorities must be missing everywhere",
        changed("people", "E08000001", status=Status.MISSING, value=None),
    ),
    ("the release that it is as of does not hold this figure", changed("by_sex", "M", as_of="2026Q2")),
    ("the figure is not what the rule makes of the facts", changed("by_sex", "M", value=140)),
    ("the release names another catalogue", lambda release: replace(release, catalogue="1999")),
    ("an authority is said to be missing that the catalogue", lambda r: replace(r, missing=(*r.missing, "E08009999"))),
]


@pytest.mark.parametrize(("what", "fault"), FAULTS)
def test_what_is_not_is_found(what: str, fault: Callable[[Release], Release]) -> None:
    found = [each.what for each in audited(fault(SAFE)).findings if each.test == "T5"]
    assert any(each.startswith(what) for each in found), found


def of_one_statement(share: int) -> Report:
    of = catalogue(table("statement_by_sex", ("sex", "statement"), universe="stated"))
    spread = [f"E080000{number:02}" for number in range(1, 11)]
    rows = [
        ({"sex": sex, "exploitation": statement, "authority": each}, number)
        for each in spread
        for sex in ("F", "M", "not_recorded")
        for statement, number in (
            (("at_risk", share), ("experiencing", 40 - share))
            if sex == "F"
            else (("at_risk", 20), ("experiencing", 20), ("no_known_risk_or_manageable", 20))
        )
    ]
    among = facts(*rows)
    hidden = frozenset(("statement_by_sex", (sex, "no_known_risk_or_manageable")) for sex in ("M", "total"))
    return audit(of, [Publisher(of, "2026Q3", among, hidden=hidden).release()], [among])


def test_a_group_of_one_statement_is_found() -> None:
    report = of_one_statement(40)
    assert ("F", "at_risk") in {each.at for each in report.findings if each.test == "T4"}


def test_a_group_of_nearly_one_statement_is_found() -> None:
    assert {each.at for each in of_one_statement(37).findings if each.test == "T4"} == {("F", "at_risk")}


def test_a_group_of_several_statements_is_not() -> None:
    assert not [each for each in of_one_statement(33).findings if each.test == "T4"]

"""A small catalogue, made-up facts, and a publisher that hides what it is told to hide. Nobody here is anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from random import Random
from typing import Any

from service.central.audit import Finding, audit
from service.central.catalogue.model import Axis, Catalogue, Group, Table, Unit, Universe
from service.central.published import TOTAL, Figure, PublishedTable, Release, Status
from service.domain.fact import CODES, Fact

AUTHORITIES = {f"E080000{number:02}": f"Exampleton {number}" for number in range(1, 11)}
CHARACTERISTICS = ("sex", "ethnic_group", "disability", "looked_after", "age_band")
BANDS = (("under_14", ("under_10", "10_13")), ("14_15", ("14_15",)), ("16_plus", ("16_17", "18_plus")))


def axis(field: str, *, leave_out: Iterable[str] = (), is_sensitive: bool = False) -> Axis:
    values = [value for value in CODES.get(field, ()) if value not in set(leave_out)]
    groups = tuple(Group(value, value, (value,)) for value in values)
    return Axis(field, field, field, groups, is_sensitive)


def banded() -> Axis:
    groups = (*(Group(code, code, values) for code, values in BANDS), Group("not_recorded", "", ("not_recorded",)))
    return Axis("age_bands_wide", "age_band", "", groups)


AXES = {each.name: each for each in (*(axis(field) for field in CODES), axis("authority"), axis("quarter"), banded())}
AXES["exploitation"] = axis("exploitation", is_sensitive=True)
AXES["statement"] = replace(axis("exploitation", leave_out=["not_asked"], is_sensitive=True), name="statement")
UNIVERSES = {
    "all": Universe("all", "", {}),
    "reviews": Universe("reviews", "", {"first_or_review": ("review",)}),
    "stated": Universe("stated", "", {"record_type": ("wise_assessment", "rise_meeting_output")}),
    "stated_reviews": Universe(
        "stated_reviews",
        "",
        {"record_type": ("wise_assessment", "rise_meeting_output"), "first_or_review": ("review",)},
    ),
}


def table(name: str, *forms: tuple[str, ...], unit: Unit = Unit.YOUNG_PEOPLE, universe: str = "all") -> Table:
    return Table(name, name, name, unit, universe, forms)


def catalogue(*tables: Table, authorities: Mapping[str, str] | None = None) -> Catalogue:
    return Catalogue("2026", authorities or AUTHORITIES, AXES, UNIVERSES, tables, {}, "0" * 64)


def fact(number: int = 1, **values: str) -> Fact:
    """A fact whose codes go together; `number` says whose authority it is, unless it is named."""
    chosen = {field: codes[0] for field, codes in CODES.items()}
    chosen |= {"quarter": "2026Q3", "authority": f"E080000{number:02}", "succeeded_in": "not_yet"}
    return Fact(**consistent(chosen | values))


def consistent(values: dict[str, str]) -> dict[str, str]:
    """The same, those changed that follow from others."""
    changed = dict(values)
    is_first, is_nwg = values["first_or_review"] == "first", values["record_type"] == "nwg_assessment"
    for field, code in (("review_trigger", "initial"), ("review_timeliness", "not_a_review")):
        if is_first or values[field] == code:
            changed[field] = code if is_first else "not_recorded"
    for field in ("exploitation", "forms", "own_words", "areas_complete", "plan_items", "education"):
        changed[field] = "not_asked" if is_nwg else _but(values[field], "not_asked", CODES[field][0])
    for field in ("exploitation_before", "education_before"):
        stated = _but(_but(values[field], "not_asked", "not_recorded"), "first", "not_recorded")
        changed[field] = "not_asked" if is_nwg else "first" if is_first else stated
    is_rise = values["record_type"] == "rise_meeting_output"
    changed["agencies"] = _but(values["agencies"], "not_asked", "one") if is_rise else "not_asked"
    unrecorded = sum(values[field] == "not_recorded" for field in CHARACTERISTICS)
    changed["characteristics"] = {0: "all_recorded", 5: "none_recorded"}.get(unrecorded, "some_recorded")
    return changed


def _but(value: str, unless: str, other: str) -> str:
    return other if value == unless else value


def facts(*rows: tuple[Mapping[str, str], int]) -> Counter[Fact]:
    """So many facts with these values."""
    found: Counter[Fact] = Counter()
    for values, number in rows:
        found[fact(1, **values)] += number
    return found


def cohort(seed: int, number: int) -> Counter[Fact]:
    """Made-up young people of ten authorities of unequal size."""
    random = Random(seed)
    found: Counter[Fact] = Counter()
    for _ in range(number):
        values = {field: random.choices(codes, _weights(len(codes)))[0] for field, codes in CODES.items()}
        values["authority"] = random.choices(tuple(AUTHORITIES), (20, 16, 14, 12, 10, 8, 7, 6, 4, 3))[0]
        values["quarter"] = random.choice(("2025Q4", "2026Q1", "2026Q2", "2026Q3"))
        values["succeeded_in"] = random.choices(("not_yet", "2026Q3"), (8, 2))[0]
        found[Fact(**consistent(values))] += 1
    return found


def _weights(number: int) -> list[float]:
    return [1 / (1 + place) for place in range(number)]


@dataclass(frozen=True)
class Publisher:
    """Publishes by the rule: under ten is hidden, and what `hidden` names."""

    of: Catalogue
    quarter: str
    among: Counter[Fact]
    missing: tuple[str, ...] = ()
    hidden: frozenset[tuple[str, tuple[str, ...]]] = frozenset()

    def release(self) -> Release:
        tables = tuple(self._table(each, each.forms[0]) for each in self.of.tables)
        return Release(self.quarter, self.of.version, self.missing, tables)

    def _table(self, shown: Table, axes: tuple[str, ...]) -> PublishedTable:
        places = product(*((*codes(self.of, name, self.quarter), TOTAL) for name in axes))
        return PublishedTable(shown.name, axes, tuple(self._figure(shown, axes, at) for at in places))

    def _figure(self, shown: Table, axes: tuple[str, ...], at: tuple[str, ...]) -> Figure:
        if set(at) & set(self.missing):
            return Figure(at, Status.MISSING, None, self.quarter)
        count = self.count(shown, axes, at)
        if count < 10 or (shown.name, at) in self.hidden:
            return Figure(at, Status.SUPPRESSED, None, self.quarter)
        return Figure(at, Status.ROUNDED, (count + 2) // 5 * 5, self.quarter)

    def count(self, shown: Table, axes: tuple[str, ...], at: tuple[str, ...]) -> int:
        where = self.of.universes[shown.universe].where
        chosen = [(self.of.axes[name], code) for name, code in zip(axes, at, strict=True) if code != TOTAL]
        return sum(
            number
            for each, number in self.among.items()
            if all(getattr(each, field) in values for field, values in where.items())
            and all(getattr(each, axis.field) in _values(axis, code) for axis, code in chosen)
            and (shown.unit == Unit.ASSESSMENTS or each.succeeded_in == "not_yet" or each.succeeded_in > self.quarter)
        )


def _values(of: Axis, code: str) -> tuple[str, ...]:
    return next((group.values for group in of.groups if group.code == code), (code,))


def codes(of: Catalogue, name: str, quarter: str) -> tuple[str, ...]:
    if of.axes[name].field == "authority":
        return tuple(of.authorities)
    if of.axes[name].field == "quarter":
        number = int(quarter[:4]) * 4 + int(quarter[5]) - 1
        return tuple(f"{each // 4}Q{each % 4 + 1}" for each in range(number - 3, number + 1))
    return tuple(group.code for group in of.axes[name].groups)


def with_figure(release: Release, name: str, *at: str, **changed: Any) -> Release:
    """The same release with one figure changed."""
    tables = [
        replace(each, figures=tuple(replace(f, **changed) if f.at == at else f for f in each.figures))
        if each.table == name
        else each
        for each in release.tables
    ]
    return replace(release, tables=tuple(tables))


def without_figure(release: Release, name: str, *at: str) -> Release:
    """The same release, one figure left out."""
    tables = [
        replace(each, figures=tuple(f for f in each.figures if f.at != at)) if each.table == name else each
        for each in release.tables
    ]
    return replace(release, tables=tuple(tables))


def made_safe(publisher: Publisher, rounds: int = 40) -> Release:
    """Hides more and more near what the audit finds, until it finds nothing. Slow and coarse; for tests only."""
    for _ in range(rounds):
        release = publisher.release()
        report = audit(publisher.of, [release], [publisher.among])
        if report.passed:
            return release
        more = {place for found in report.findings for place in _near(release, found)} - publisher.hidden
        if not more:  # it is told from another table
            more = set(_smallest(release)[:5])
        publisher = replace(publisher, hidden=publisher.hidden | more)
    raise AssertionError("no safe release was found")


def _near(release: Release, found: Finding) -> list[tuple[str, tuple[str, ...]]]:
    """In each line through the place, the smallest figure that is still shown; that of the place itself as well."""
    figures = next(each.figures for each in release.tables if each.table == found.table)
    places = []
    for place in range(len(found.at)):
        line = [
            (figure.value, figure.at)
            for figure in figures
            if figure.value is not None
            and figure.at[:place] + figure.at[place + 1 :] == found.at[:place] + found.at[place + 1 :]
        ]
        places += [(found.table, at) for _, at in sorted(line)[:1]]
    return [*places, (found.table, found.at)]


def _smallest(release: Release) -> list[tuple[str, tuple[str, ...]]]:
    shown = [(f.value, each.table, f.at) for each in release.tables for f in each.figures if f.value is not None]
    return [(name, at) for _, name, at in sorted(shown)]

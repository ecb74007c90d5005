"""A small catalogue, made-up facts, and simple real stand-ins for protection and audit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.central.catalogue.model import Axis, Catalogue, Group, Table, Unit, Universe
from service.central.protection.problem import Problem, ProtectionDoubt
from service.central.published import Figure, PublishedTable, Release, Status
from service.central.releases.building import Protect, build
from service.central.releases.history import History
from service.central.releases.layout import Ground
from service.central.releases.maker import Maker
from service.central.releases.past import Past
from service.domain.fact import Fact

RISE = {"record_type": "rise_meeting_output", "agencies": "one"}
BOLTON, BURY, STOCKPORT = "E08000001", "E08000002", "E08000007"
Q1, Q2, Q3, Q4, NEXT = "2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1"


def group(code: str, *values: str) -> Group:
    return Group(code, code.replace("_", " "), values or (code,))


def axis(name: str, *groups: Group, field: str = "", sensitive: bool = False) -> Axis:
    return Axis(name, field or name, name, groups, sensitive)


STATEMENT = axis(
    "statement",
    group("experiencing"),
    group("at_risk"),
    group("no_known_risk_or_manageable"),
    field="exploitation",
    sensitive=True,
)
AGE = axis(
    "age", *map(group, ("under_10", "10_13", "14_15", "16_17", "18_plus")), group("not_recorded"), field="age_band"
)
AGE_COARSE = axis(
    "age_coarse",
    group("under_14", "under_10", "10_13"),
    group("older", "14_15", "16_17", "18_plus"),
    group("not_recorded"),
    field="age_band",
)
KIND = axis("kind", group("wise_assessment"), group("rise_meeting_output"), field="record_type")
FIRST = axis("first", group("first"), group("review"), field="first_or_review")
AXES = (STATEMENT, AGE, AGE_COARSE, KIND, FIRST, axis("authority"), axis("quarter"))
WITH_STATEMENT = ("wise_assessment", "rise_meeting_output")


def table(
    name: str, *forms: tuple[str, ...], unit: Unit = Unit.YOUNG_PEOPLE, universe: str = "with_statement"
) -> Table:
    return Table(name, name, "How many?", unit, universe, forms)


TABLES = (
    table("by_authority", ("authority",)),
    table("by_age", ("age", "statement"), ("age_coarse", "statement"), ("statement",)),
    table("by_quarter", ("quarter",), unit=Unit.ASSESSMENTS),
)


def catalogue(*tables: Table, version: str = "2025") -> Catalogue:
    return Catalogue(
        version=version,
        authorities={BOLTON: "Bolton", BURY: "Bury", STOCKPORT: "Stockport"},
        axes={each.name: each for each in AXES},
        universes={
            "all": Universe("all", "all", {}),
            "with_statement": Universe("with_statement", "with a statement", {"record_type": WITH_STATEMENT}),
            "rise": Universe("rise", "of a RISE meeting", {"record_type": ("rise_meeting_output",)}),
        },
        tables=tables or TABLES,
        release_days={1: (5, 15), 2: (8, 15), 3: (11, 15), 4: (2, 15)},
        digest="c" * 64,
    )


CHARACTERISTICS = ("age_band", "sex", "ethnic_group", "disability", "looked_after")
NOT_ASKED_BY_NWG = dict.fromkeys(
    (
        "exploitation",
        "forms",
        "own_words",
        "areas_complete",
        "plan_items",
        "education",
        "exploitation_before",
        "education_before",
    ),
    "not_asked",
)


def fact(**said: str) -> Fact:
    """A first WISE assessment of nobody in particular."""
    made = USUAL | said
    known = sum(made[name] != "not_recorded" for name in CHARACTERISTICS)
    made["characteristics"] = {0: "none_recorded", 5: "all_recorded"}.get(known, "some_recorded")
    return Fact(**made)


USUAL = {
    "quarter": Q4,
    "authority": STOCKPORT,
    "record_type": "wise_assessment",
    "first_or_review": "first",
    "review_trigger": "initial",
    "exploitation": "at_risk",
    "forms": "not_recorded",
    "age_band": "14_15",
    "sex": "not_recorded",
    "ethnic_group": "not_recorded",
    "disability": "not_recorded",
    "looked_after": "not_recorded",
    "review_timeliness": "not_a_review",
    "took_part": "not_recorded",
    "carer_involved": "not_recorded",
    "own_words": "no",
    "areas_complete": "none",
    "plan_items": "none",
    "panel_decision": "not_recorded",
    "agencies": "not_asked",
    "supervision": "not_recorded",
    "training_current": "not_recorded",
    "education": "not_recorded",
    "exploitation_before": "first",
    "education_before": "first",
    "succeeded_in": "not_yet",
}


def cohort(each: int = 30, quarter: str = Q4) -> Counter[Fact]:
    """So many in each authority, a third of them in each statement, all of one age."""
    return Counter(
        {
            fact(quarter=quarter, authority=authority, exploitation=group.code): each // 3
            for authority in (BOLTON, BURY, STOCKPORT)
            for group in STATEMENT.groups
        }
    )


@dataclass(frozen=True)
class Hides:
    hidden: Mapping[Any, str]


def under_ten(problem: Problem) -> Hides:
    """The least there is: enough to see what a release is made of, and no more."""
    return Hides({name: "under_ten" for name, count in problem.counts.items() if count < 10})


def in_doubt(_: Problem) -> Hides:
    raise ProtectionDoubt("The solver did not come to an end.")


@dataclass(frozen=True)
class Said:
    passed: bool
    digest: str
    catalogue_digest: str


def by_the_rule(
    catalogue: Catalogue,
    releases: Sequence[Release],
    facts: Sequence[Counter[Fact]],
    *,
    earlier: Sequence[Catalogue] | None = None,
    digest: str,
) -> Said:
    """Passes a release in which every figure is by the rule, and that has the catalogue of each one before it."""
    figures = [figure for each in releases[-1].tables for figure in each.figures]
    shown = [figure.value for figure in figures if figure.status is Status.ROUNDED]
    good = all(value is not None and value >= 10 and value % 5 == 0 for value in shown)
    by = [each.version for each in earlier or ()] == [each.catalogue for each in releases[:-1]]
    return Said(good and by and len(releases) == len(facts), digest, catalogue.digest)


def fails(catalogue: Catalogue, _: Any, __: Any, *, earlier: Any = None, digest: str) -> Said:
    return Said(passed=False, digest=digest, catalogue_digest=catalogue.digest)


def numbers(content: bytes) -> list[str]:
    """What looks like an NHS number."""
    return re.findall(r"\b999\d{7}\b", content.decode())


def maker(**changes: Any) -> Maker:
    made = changes.pop("catalogue", catalogue())
    parts: dict[str, Any] = {
        "catalogue": made,
        "catalogues": {made.version: made},
        "protect": under_ten,
        "audit": by_the_rule,
        "as_json": vars,
        "as_text": lambda said: "It passed." if said.passed else "It did not pass.",
        "markers": numbers,
    }
    return Maker(**parts | changes)


def built(
    facts: Counter[Fact],
    quarter: str = Q4,
    *,
    past: Sequence[Past] = (),
    missing: tuple[str, ...] = (),
    protect: Protect = under_ten,
    tables: tuple[Table, ...] = (),
) -> Release:
    return build(Ground(catalogue(*tables), quarter, facts, missing, History(past)), protect)


def past(release: Release, facts: Counter[Fact], *tables: Table) -> Past:
    return Past(release, catalogue(*tables), facts)


def shown(release: Release, name: str) -> PublishedTable:
    (found,) = (each for each in release.tables if each.table == name)
    return found


def figure(release: Release, name: str, *at: str) -> Figure:
    (found,) = (each for each in shown(release, name).figures if each.at == at)
    return found

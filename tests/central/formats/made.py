"""A small catalogue and two releases made by hand, and a store in memory.

`Kept` is another implementation of our own port `service.central.formats.store.Served`; the files and the routes over
it are the real ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product

from service.central.catalogue.model import Axis, Catalogue, Group, Table, Unit, Universe
from service.central.published import TOTAL, Figure, PublishedTable, Release, Status
from service.errors import Unavailable

AUTHORITIES = {"E08000006": "Salford", "E08000007": "Stockport", "E08000008": "Tameside"}
QUARTERS = ("2025Q4", "2026Q1", "2026Q2", "2026Q3")
STATEMENTS = ("experiencing", "at_risk", "no_known_risk_or_manageable")
AXES = {
    "authority": Axis("authority", "authority", "Authority", ()),
    "quarter": Axis("quarter", "quarter", "Quarter", ()),
    "statement": Axis(
        "statement",
        "exploitation",
        "Exploitation statement",
        (
            Group("experiencing", "Experiencing exploitation", ("experiencing",)),
            Group("at_risk", "At risk, \"or may be\"", ("at_risk",)),
            Group("no_known_risk_or_manageable", "No known risk, or manageable", ("no_known_risk_or_manageable",)),
        ),
        is_sensitive=True,
    ),
}  # fmt: skip
UNIVERSES = {
    "all": Universe("all", "All assessments", {}),
    "with_statement": Universe(
        "with_statement", "Assessments with a statement", {"record_type": ("wise_assessment", "rise_meeting_output")}
    ),
}
TABLES = (
    Table(
        "statement-by-authority",
        "Exploitation statement by authority",
        "How many young people have each statement?",
        Unit.YOUNG_PEOPLE,
        "with_statement",
        (("authority", "statement"), ("statement",)),
        ("The statement is that of the last assessment.",),
    ),
    Table(
        "assessments-by-quarter",
        "Assessments by quarter",
        "How many assessments were completed?",
        Unit.ASSESSMENTS,
        "all",
        (("quarter",),),
    ),
    Table(
        "statement",
        "Exploitation statement",
        "How many of each are there?",
        Unit.YOUNG_PEOPLE,
        "with_statement",
        (("statement",),),
    ),
)
CATALOGUE = Catalogue(
    "2026",
    AUTHORITIES,
    AXES,
    UNIVERSES,
    TABLES,
    {1: (5, 15), 2: (8, 15), 3: (11, 15), 4: (2, 15)},
    "c0" * 32,
)
TODAY = date(2026, 11, 20)
_STATES = (Status.ROUNDED, Status.SUPPRESSED, Status.ROUNDED, Status.ROUNDED)


def figures(*codes: tuple[str, ...], as_of: str) -> tuple[Figure, ...]:
    """A figure for each combination and total, some hidden; every value is another one."""
    made = []
    for number, at in enumerate(product(*((*each, TOTAL) for each in codes))):
        status = Status.MISSING if "E08000008" in at else _STATES[number % len(_STATES)]
        made.append(Figure(at, status, 10 + 5 * number if status is Status.ROUNDED else None, as_of))
    return tuple(made)


def release(quarter: str = "2026Q3", as_of: str | None = None) -> Release:
    """Three tables: one as it should be, one in a coarser form, one withheld."""
    then, quarters = as_of or quarter, QUARTERS if quarter == "2026Q3" else ("2025Q3", *QUARTERS[:3])
    withheld = tuple(Figure(each.at, Status.WITHHELD, None, quarter) for each in figures(STATEMENTS, as_of=quarter))
    tables = (
        PublishedTable(
            "statement-by-authority",
            ("authority", "statement"),
            figures(tuple(AUTHORITIES), STATEMENTS, as_of=then),
            ("repeated",),
        ),
        PublishedTable("assessments-by-quarter", ("quarter",), figures(quarters, as_of=quarter)),
        PublishedTable("statement", ("statement",), withheld, ("withheld",)),
    )
    return Release(quarter, "2026", ("E08000008",), tables)


@dataclass(frozen=True)
class Listed:
    """A release as the store lists it."""

    number: int
    quarter: str
    digest: str
    published_on: date
    catalogue: str = "2026"
    catalogue_digest: str = "c0" * 32


FIRST = Listed(1, "2026Q2", "a1" * 32, date(2026, 8, 15))
SECOND = Listed(2, "2026Q3", "b2" * 32, date(2026, 11, 15))


@dataclass
class Kept:
    """The store in memory. `is_away`: it cannot be written to, or not be reached at all."""

    releases: dict[str, Release] = field(
        default_factory=lambda: {"2026Q2": release("2026Q2"), "2026Q3": release(as_of="2026Q2")}
    )
    entries: list[Listed] = field(default_factory=lambda: [FIRST, SECOND])
    pulls: list[tuple[str, str, str]] = field(default_factory=list)
    is_away: bool = False
    is_read_only: bool = False

    def list(self) -> list[Listed]:  # the port's own word
        self._reach()
        return self.entries

    def release(self, quarter: str) -> Release | None:
        self._reach()
        return self.releases.get(quarter)

    def note_pull(self, client_id: str, quarter: str, what: str) -> None:
        self._reach()
        if self.is_read_only:
            raise Unavailable("The database cannot be reached.")
        self.pulls.append((client_id, quarter, what))

    def answers(self) -> bool:
        return not self.is_away

    def _reach(self) -> None:
        if self.is_away:
            raise Unavailable("The database cannot be reached.")


def shuffled(given: Release) -> Release:
    """The same release with its tables and figures in another order."""
    tables = tuple(replace(each, figures=each.figures[::-1]) for each in given.tables)
    return replace(given, tables=tables[::-1])

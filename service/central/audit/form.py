"""T5: the release is what the catalogue and the rule say, and leaves nothing out, for absence speaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from service.central.audit.cells import Cell, groups_of
from service.central.audit.report import Finding
from service.central.audit.space import period
from service.central.audit.subject import Subject
from service.central.audit.view import SLACK, SMALLEST_SHOWN
from service.central.catalogue.model import Catalogue, Table
from service.central.published import TOTAL, Figure, PublishedTable, Release, Status

BASE = 5


def form(subject: Subject) -> list[Finding]:
    """Every fault of form, table by table."""
    release = subject.candidate.release
    found = [*_release(subject.catalogue, release), *_tables(subject.catalogue, release)]
    held = _held([edition.release for edition in subject.before])
    for table in release.tables:
        for figure in table.figures:
            faults = [*_figure(figure), *_as_of(release, table, figure, held)]
            found += [Finding("T5", fault, table.table, figure.at) for fault in faults]
    return found + [Finding("T5", fault, cell.table, cell.at) for cell, fault in _against_facts(subject)]


def _release(catalogue: Catalogue, release: Release) -> Iterator[Finding]:
    if release.catalogue != catalogue.version:
        yield Finding("T5", "the release names another catalogue")
    if not set(release.missing) <= set(catalogue.authorities):
        yield Finding("T5", "an authority is said to be missing that the catalogue does not know")


def _tables(catalogue: Catalogue, release: Release) -> Iterator[Finding]:
    known = {table.name: table for table in catalogue.tables}
    times = Counter(table.table for table in release.tables)
    for name in known:
        if not times[name]:
            yield Finding("T5", "a table of the catalogue is not there", name)
    for name, number in times.items():
        if name not in known:
            yield Finding("T5", "the catalogue does not know the table", name)
        elif number > 1:
            yield Finding("T5", "the table is there twice", name)
    for published in release.tables:
        if published.table in known:
            yield from _table(catalogue, known[published.table], release, published)


def _table(catalogue: Catalogue, table: Table, release: Release, published: PublishedTable) -> Iterator[Finding]:
    if published.axes not in table.forms or not all(axis in catalogue.axes for axis in published.axes):
        yield Finding("T5", "the table has axes that are none of its forms", table.name)
        return
    axes = [catalogue.axes[axis] for axis in published.axes]
    codes = [(*groups_of(catalogue, axis, period(release.quarter)), TOTAL) for axis in axes]
    times = Counter(figure.at for figure in published.figures)
    for at in product(*codes):
        if times.pop(at, 0) != 1:
            yield Finding("T5", "a figure is not there, or there twice", table.name, at)
    for at in times:
        yield Finding("T5", "the catalogue does not know the figure", table.name, at)
    fields = [axis.field for axis in axes]
    for figure in published.figures:
        gone = any(field == "authority" and at in release.missing for field, at in zip(fields, figure.at, strict=False))
        if gone != (figure.status == Status.MISSING):
            yield Finding(
                "T5", "missing authorities must be missing everywhere, and nobody else", table.name, figure.at
            )


def _figure(figure: Figure) -> Iterator[str]:
    if (figure.status == Status.ROUNDED) != (figure.value is not None):
        yield "a value and its status do not go together"
    if figure.value is not None and (figure.value < SMALLEST_SHOWN or figure.value % BASE):
        yield "a value is under ten, or not rounded to five"


Held = Mapping[tuple[str, str, tuple[str, ...], tuple[str, ...]], Figure]
"""The figures of each earlier release, by quarter, table, axes and place."""


def _held(before: Sequence[Release]) -> Held:
    return {
        (release.quarter, table.table, table.axes, figure.at): figure
        for release in before
        for table in release.tables
        for figure in table.figures
    }


def _as_of(release: Release, table: PublishedTable, figure: Figure, held: Held) -> Iterator[str]:
    if figure.as_of != release.quarter and held.get((figure.as_of, table.table, table.axes, figure.at)) != figure:
        yield "the release that it is as of does not hold this figure"


def _against_facts(subject: Subject) -> Iterator[tuple[Cell, str]]:
    """A figure made anew must be what the rule makes of the facts; else what follows would be judged by a wrong one."""
    edition = subject.candidate
    for cell in edition.cells:
        if cell.figure.as_of == edition.quarter and cell.figure.value is not None:
            count = edition.true[edition.counts.number[cell.name]]
            if count < SMALLEST_SHOWN or abs(count - cell.figure.value) > SLACK:
                yield cell, "the figure is not what the rule makes of the facts"

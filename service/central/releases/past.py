"""The releases published before, read back for history and audit, and trusted no further than their digests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.central.catalogue.model import Catalogue, Table
from service.central.published import Figure, PublishedTable, Release, Status
from service.central.releases.canonical import facts_from_bytes, from_bytes
from service.central.releases.chain import first_fault
from service.central.releases.kept import Entered
from service.domain.fact import Fact
from service.errors import NotPossible

TOLD = (Status.ROUNDED, Status.SUPPRESSED)
"""A figure that was made from a count, whether or not it was shown. The others say nothing about any count."""


@dataclass(frozen=True)
class Past:
    """A published release, the catalogue it was made by, and the facts it counted."""

    release: Release
    catalogue: Catalogue
    facts: Counter[Fact]


def told(past: Past) -> Iterator[tuple[Table, PublishedTable, Figure]]:
    """Every figure of a release that was made from a count, with its table as defined and as published."""
    defined = {table.name: table for table in past.catalogue.tables}
    for shown in past.release.tables:
        for figure in shown.figures:
            if figure.status in TOLD:
                yield defined[shown.table], shown, figure


def past_of(ledger: Sequence[Entered], catalogues: Mapping[str, Catalogue]) -> list[Past]:
    """Every published release with its catalogue and facts, oldest first.

    Raises `NotPossible` where the ledger does not hold together, or a catalogue is not the one a release was made by.
    """
    fault = first_fault(ledger)
    if fault is not None:
        raise NotPossible(f"The ledger is damaged, so nothing can be made from it. {fault} Restore it from a backup.")
    return [_past(entered, catalogues) for entered in ledger]


def _past(entered: Entered, catalogues: Mapping[str, Catalogue]) -> Past:
    build = entered.standing.build
    catalogue = catalogues.get(build.catalogue)
    if catalogue is None or catalogue.digest != build.catalogue_digest:
        raise NotPossible(
            f"{entered.quarter} was made by catalogue {build.catalogue}; that file is not here, or was changed since. "
            "Put the file back as it was then."
        )
    return Past(from_bytes(build.content), catalogue, facts_from_bytes(build.facts))

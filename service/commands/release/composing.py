"""Puts together what makes a release, for one command; the only place that names the parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from service import settings
from service.central.audit import as_json, as_text, audit
from service.central.catalogue import is_due, period, read_all
from service.central.catalogue.model import Catalogue
from service.central.protection import protect
from service.central.releases.desk import ReleaseDesk
from service.central.releases.maker import Maker
from service.central.releases.store import ReleaseRows
from service.commands.adapter.showing import told
from service.domain.deidentify.outgoing import holds_marker
from service.domain.london import quarter_of
from service.errors import NotPossible
from service.settings import Process
from service.store.engine import short_lived_engine


@contextmanager
def rows() -> Iterator[ReleaseRows]:
    """The kept releases, as the role that makes them."""
    with told(), short_lived_engine(settings.load(Process.RELEASE).database_url) as engine:
        yield ReleaseRows(engine)


@contextmanager
def desk(quarter: str) -> Iterator[ReleaseDesk]:
    """The steps, by the catalogue in force for a quarter, and by the database's clock."""
    with rows() as kept:
        yield ReleaseDesk(kept, maker(settings.load(Process.RELEASE).config_dir / "catalogue", quarter), kept.today)


def maker(folder: Path, quarter: str) -> Maker:
    """With every catalogue of the folder. Raises `ConfigurationFault`, or `NotPossible` where there is none."""
    catalogues = read_all(folder)
    return Maker(in_force(catalogues, quarter), catalogues, protect, audit, as_json, as_text, holds_marker)


def in_force(catalogues: Mapping[str, Catalogue], quarter: str) -> Catalogue:
    """The newest version that is not of a later year than the quarter. Versions are named by their year."""
    version = _version_in_force(catalogues, quarter)
    if version is None:
        raise NotPossible("No catalogue is in force in that quarter. See config/catalogue.")
    return catalogues[version]


def _version_in_force(catalogues: Mapping[str, Catalogue], quarter: str) -> str | None:
    return max((version for version in catalogues if version[:4] <= quarter[:4]), default=None)


def newest_period(folder: Path, today: date) -> tuple[str, ...]:
    """The four quarters, oldest first, of the newest release whose day is past; none before the first of all.

    `today` is the day in London. Raises `ConfigurationFault`.
    """
    catalogues = read_all(folder)
    for quarter in reversed(period(quarter_of(today))):
        if (version := _version_in_force(catalogues, quarter)) and is_due(catalogues[version], quarter, today):
            return period(quarter)
    return ()

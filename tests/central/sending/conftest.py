"""A published release in a real database, a desk that asks for its sending, and couriers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from service.adapters.central import Credentials, read_central_address
from service.central.formats.publication import Publication
from service.central.published import Release
from service.central.releases.canonical import digest_of, to_bytes
from service.central.releases.kept import Audit, Build
from service.central.releases.served import PublishedReleases
from service.central.releases.store import ReleaseRows
from service.central.sending.asking import SendingDesk
from service.central.sending.files import PublishedFiles
from service.central.sending.rows import SendingRows
from service.domain.sending import Shown, address_digest
from service.ports.sending import CentralAddress
from service.store.engine import make_engine
from service.usecases.courier import Courier
from tests.central.formats.made import CATALOGUE, release
from tests.central.sending.http_place import TOKEN, HttpPlace, http_place
from tests.central.sending.sftp_place import SftpPlace, sftp_place
from tests.store.rows import let_go
from tests.support.servers import Database

Q, ANN, BEN = "2026Q3", "Ann Example", "Ben Example"


@pytest.fixture(scope="session", autouse=True)
def _let_go() -> Iterator[None]:
    yield
    let_go()


def publish(engine: Engine, made: Release, catalogue_digest: str = CATALOGUE.digest) -> None:
    """By the rows alone: how a release comes to be is tested elsewhere."""
    rows, content, facts, report = ReleaseRows(engine), to_bytes(made), b"[]", b"{}"
    after = len(rows.ledger())
    kept = Build(
        made.quarter, made.catalogue, catalogue_digest, after, content, digest_of(content), facts, digest_of(facts), ANN
    )
    rows.keep(kept)
    standing = rows.newest(made.quarter)
    assert standing is not None
    rows.keep_audit(standing, Audit(passed=True, report=report, report_digest=digest_of(report), words="It passed."))
    rows.approve(standing.id, BEN)
    standing = rows.newest(made.quarter)
    assert standing is not None
    rows.publish(standing, BEN)


@dataclass
class Scene:
    """2026Q3 is published, and nothing is asked for yet."""

    database: Database
    engine: Callable[[str], Engine]
    desk: SendingDesk

    def publication(self, role: str) -> Publication:
        return Publication(PublishedReleases(self.engine(role)), [CATALOGUE])

    def courier(self, url: str, address: CentralAddress, lease: timedelta = timedelta(minutes=5)) -> Courier:
        """One that is never made to wait."""
        rows = SendingRows(self.engine("wise_courier"), address_digest(url), lease)
        return Courier(rows, PublishedFiles(self.publication("wise_courier")), address, spread=lambda: 0.0)

    def shown(self) -> dict[str, Shown]:
        return {each.file: each for each in self.desk.all(Q)}

    def as_admin(self, statement: str) -> None:
        with self.database.as_admin() as connection:
            connection.execute(statement)


@pytest.fixture
def engine(database: Database) -> Iterator[Callable[[str], Engine]]:
    with ExitStack() as stack:
        made: dict[str, Engine] = {}

        def of(role: str) -> Engine:
            if role not in made:
                made[role] = make_engine(database.url(role))
                stack.callback(made[role].dispose)
            return made[role]

        yield of


@pytest.fixture
def scene(database: Database, engine: Callable[[str], Engine]) -> Scene:
    publish(engine("wise_release"), release())
    files = PublishedFiles(Publication(PublishedReleases(engine("wise_release")), [CATALOGUE]))
    return Scene(database, engine, SendingDesk(engine("wise_release"), files.bytes_of))


@pytest.fixture
def http() -> Iterator[HttpPlace]:
    with http_place() as place:
        yield place


@pytest.fixture
def sftp(tmp_path: Path) -> Iterator[SftpPlace]:
    with sftp_place(tmp_path / "central") as place:
        yield place


def https_address(place: HttpPlace, token: str = TOKEN) -> CentralAddress:
    return read_central_address(place.url, Credentials(token=token), seconds=10)


def sftp_address(place: SftpPlace, host_key: str = "") -> CentralAddress:
    given = Credentials(sftp_key=place.key, sftp_host_key=host_key or place.fingerprint)
    return read_central_address(place.url, given, seconds=10)

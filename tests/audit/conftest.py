"""A trail with entries in a real database, a keeper's chores over it, and an outsider with files alone."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from service.adapters.checkpoints import FolderWay, read_signer
from service.cli import main
from service.ports import AuditEntry
from service.ports.trail import Way
from service.store.audit_trail import AuditTrail
from service.store.checkpoints import CheckpointRows
from service.store.engine import make_engine
from service.store.tenant import act_for
from service.store.trail import ChainRows
from service.usecases.checkpoints import Checkpointer
from service.usecases.sealing import Sealer
from tests.store.rows import let_go, superuser
from tests.support.bridge import OLDHAM, STOCKPORT
from tests.support.servers import Database


@dataclass
class Scene:
    """Both sides: what the keeper does, what somebody with all powers over the database does, and who checks."""

    database: Database
    keys: Path
    folder: Path
    _engines: dict[str, Engine] = field(default_factory=dict)
    _exports: int = 0

    def engine(self, role: str) -> Engine:
        if role not in self._engines:
            self._engines[role] = make_engine(self.database.url(role))
        return self._engines[role]

    def add(self, count: int, authority: str = STOCKPORT) -> None:
        """Entries as the web process writes them, each in a transaction of its own."""
        for number in range(count):
            with self.engine("wise_intake").begin() as connection:
                act_for(connection, authority)
                entry = AuditEntry("client:test", "record_received", "submission", f"s-{number}", {"number": number})
                AuditTrail(connection, authority).add(entry)

    def sealer(self) -> Sealer:
        return Sealer(ChainRows(self.engine("wise_keeper")), lambda: [STOCKPORT, OLDHAM])

    def checkpointer(self, *ways: Way, every: timedelta = timedelta(0)) -> Checkpointer:
        signer = read_signer(self.keys / "audit-signing.pem")
        rows = CheckpointRows(self.engine("wise_keeper"))
        return Checkpointer(rows, signer, ways or [FolderWay(self.folder)], lambda: [STOCKPORT, OLDHAM], every)

    def keep(self, entries: int, authority: str = STOCKPORT) -> None:
        """Entries, sealed, with a checkpoint over them."""
        self.add(entries, authority)
        self.sealer().look()
        self.checkpointer().look()

    def tamper(self, statement: str, *values: Any) -> None:
        """As a superuser for whom no trigger fires."""
        superuser(self.database).execute(statement, values)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return superuser(self.database).execute(query, values).fetchall()

    def checkpoints(self, authority: str = STOCKPORT) -> Path:
        return self.folder / f"{authority}.jsonl"

    def run(self, *words: str, role: str = "wise_owner") -> Result:
        """One of the trail's commands."""
        environment = dict.fromkeys([name for name in os.environ if name.startswith("WISE_")])
        environment["WISE_DATABASE_URL"] = self.database.url(role)
        return CliRunner().invoke(main, ["audit", *words], env=environment)

    def export(self, authority: str = STOCKPORT) -> Path:
        self._exports += 1
        out = self.folder / f"export-{self._exports}.jsonl"
        done = self.run("export", "--authority", authority, "--out", str(out))
        assert done.exit_code == 0, done.output
        return out

    def verify(self, export: Path | None = None, authority: str = STOCKPORT) -> set[tuple[str, int, int]]:
        """What an outsider finds, who has no database: kind, first and last position."""
        file = export or self.export(authority)
        words = ["--export", file, "--checkpoints", self.checkpoints(authority), "--public-key", self.public_key]
        done = CliRunner().invoke(main, ["audit", "verify", *map(str, words), "--json"], env={"WISE_DATABASE_URL": ""})
        assert done.exit_code in (0, 1), done.output
        (verdict,) = json.loads(done.stdout)
        assert (done.exit_code == 0) is verdict["good"]
        assert {each["authority"] for each in verdict["findings"]} <= {authority}
        return {(each["wrong"], each["first"], each["last"]) for each in verdict["findings"]}

    @property
    def public_key(self) -> Path:
        return self.keys / "audit-public.pem"

    def close(self) -> None:
        for each in self._engines.values():
            each.dispose()


@pytest.fixture(scope="session", autouse=True)
def _let_go() -> Iterator[None]:
    yield
    let_go()


@pytest.fixture
def scene(database: Database, keys_dir: Path, tmp_path: Path) -> Iterator[Scene]:
    made = Scene(database, keys_dir, tmp_path)
    yield made
    made.close()

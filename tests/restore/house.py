"""Web and worker over one database that is backed up and restored with PostgreSQL's own tools.

The place that stands for the case systems knows nothing of it, never looks for duplicates, and keeps whatever it is
given: what is there afterwards is counted there.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from service.central.facts import FactDoor
from service.commands.restore import restore
from service.configuration import profiles
from service.embedded import EmbeddedPostgres
from service.embedded.binaries import postgres_programs
from service.store.casework import CaseworkStore
from service.store.engine import make_engine
from service.store.restore import Tide, recognise_first
from tests.store.rows import let_go, rows, superuser
from tests.support.bridge import STOCKPORT, Bridge
from tests.support.records import MISSING, example
from tests.support.servers import Database
from tests.usecases.desk import Desk

NO_BROKER = ""
LONG_AGO: dict[str, Any] = {
    "completed_on": "2026-07-01",
    "review__due_on": MISSING,
    "support_plan__items": [{"what": "A bus pass", "who_will": "third_sector"}],
}
"""Completed so long ago that its review is due."""


@dataclass
class House:
    """Everything; `tide` is what the worker remembers by itself, or with a file."""

    server: EmbeddedPostgres
    database: Database
    config_dir: Path
    keys_dir: Path
    folder: Path
    tide: Tide = field(default_factory=Tide)

    @cached_property
    def bridge(self) -> Bridge:
        return Bridge(self.database, NO_BROKER, self.config_dir, self.keys_dir)

    @cached_property
    def engine(self) -> Engine:
        """The worker's."""
        return recognise_first(make_engine(self.database.url("wise_delivery")), self.tide)

    @cached_property
    def desk(self) -> Desk:
        made = Desk(self.bridge, profiles(self.config_dir))
        made.casework = CaseworkStore(self.engine, FactDoor)
        return made

    def close(self) -> None:
        self.let_connections_go()

    def let_connections_go(self) -> None:
        """As a database that stops does."""
        let_go()
        self.engine.dispose()
        self.bridge.close()
        for name in ("bridge", "engine"):
            self.__dict__.pop(name, None)
        if "desk" in self.__dict__:
            place = self.desk.place
            del self.__dict__["desk"]
            self.desk.use(place)

    def send(self, name: str, **changes: Any) -> int:
        """A record as a sender sends it, again and again if it likes; the status of the answer."""
        child = f"STK{zlib.crc32(name.encode()) % 10**7:07}"
        record = example("wise", submission_id=name, young_person__la_child_id=child, **LONG_AGO, **changes)
        return self.bridge.post(record).status_code

    def deliver(self, rounds: int = 6) -> None:
        """Until nothing is due, time passing in between."""
        for _ in range(rounds):
            for authority in self.desk.lanes:
                while claims := self.desk.deliverer.claim(authority, 50):
                    for claim in claims:
                        self.desk.deliverer.work(claim)
            superuser(self.database).execute(
                "UPDATE casework.delivery SET due_at = now() - interval '1 second' WHERE state IN ('retry', 'unknown')"
            )

    def states(self) -> dict[str, int]:
        """How many of the sender's records are in each state."""
        found = rows(self.database, "SELECT state, count(*) AS n FROM casework.delivery GROUP BY state")
        return {each["state"]: each["n"] for each in found}

    def there(self) -> dict[str, int]:
        """At the case system: how many things stand under each reference."""
        return {reference: len(entries) for reference, entries in self.desk.place.filed.items() if entries}

    def command(self, *words: str) -> Result:
        """`wise-bridge restore …` as the owner role."""
        environ = {"WISE_DATABASE_URL": self.database.url("wise_owner")}
        return CliRunner().invoke(restore, [*words, "--config", str(self.config_dir)], env=environ)

    def status(self, *words: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.command("status", "--json", *words).output)
        return found

    def mode(self) -> str:
        return str(rows(self.database, "SELECT mode FROM casework.bridge")[0]["mode"])

    def dump(self) -> Path:
        """With pg_dump, while everything runs."""
        file = self.folder / "backup.dump"
        self._tool("pg_dump", "--format=custom", f"--file={file}", self._url())
        return file

    def restore_dump(self, file: Path) -> None:
        """Into a new database of the same name."""
        self.let_connections_go()
        with psycopg.connect(self.server.admin_url().replace("+psycopg", ""), autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{self.database.name}" WITH (FORCE)')
            admin.execute(f'CREATE DATABASE "{self.database.name}" OWNER wise_owner')
        self._tool("pg_restore", "--exit-on-error", f"--dbname={self._url()}", str(file))

    def restore_dump_in_place(self, file: Path) -> None:
        """Over the tables that are there."""
        self._tool("pg_restore", "--exit-on-error", "--clean", "--if-exists", f"--dbname={self._url()}", str(file))
        let_go()

    def copy_files(self) -> Path:
        """The cluster's folder, while it stands still."""
        copy = self.folder / "cluster.copy"
        self.let_connections_go()
        self.server.stop()
        shutil.copytree(self.server.cluster, copy)
        self.server.start()
        return copy

    def restore_files(self, copy: Path) -> None:
        """In the place of the cluster's folder."""
        self.let_connections_go()
        self.server.stop()
        owner = self.server.cluster.stat()
        shutil.rmtree(self.server.cluster)
        shutil.copytree(copy, self.server.cluster)
        for path in (self.server.cluster, *self.server.cluster.rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid)
        self.server.start()

    def _url(self) -> str:
        return f"{self.server.admin_url(self.database.name).replace('+psycopg', '')}"

    def _tool(self, name: str, *words: str) -> None:
        done = subprocess.run([postgres_programs() / name, *words], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def counted_at(house: House, kind: str = "record") -> int:
    """How many records (or tasks) the case system holds, whatever their references."""
    from service.ports import Filing

    entries = [entry for found in house.desk.place.filed.values() for entry in found]
    return sum(isinstance(entry.what, Filing) is (kind == "record") for entry in entries)


__all__ = ["STOCKPORT", "House", "counted_at"]

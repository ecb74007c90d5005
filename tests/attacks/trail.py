"""The trail of the attacked service: who has every power over its database, and who has nothing but files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from click.testing import CliRunner

from service.cli import main
from service.store.engine import short_lived_engine
from service.store.trail import ChainRows
from service.usecases.sealing import Sealer
from tests.attacks.target import Target

Finding = tuple[str, int, int]
"""What is wrong, and the first and last position."""
TABLES = ("audit", "audit_link", "audit_checkpoint", "checkpoint_sending")


@dataclass
class Trail:
    """Of one authority."""

    target: Target
    authority: str
    _exports: int = field(default=0)

    @property
    def checkpoints(self) -> Path:
        """Where the keeper appends them, outside the database."""
        return self.target.stack.folder / "checkpoints" / f"{self.authority}.jsonl"

    def signed(self) -> list[int]:
        """The positions of the checkpoints so far."""
        lines = self.checkpoints.read_text().splitlines() if self.checkpoints.exists() else []
        return [json.loads(line)["says"]["position"] for line in lines]

    @contextmanager
    def superuser(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """For whom no trigger fires."""
        with self.target.database.as_admin() as connection:
            connection.execute("SET session_replication_role = replica")
            yield connection

    @contextmanager
    def undone(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """What is done inside is taken back in the end."""
        with self.superuser() as connection:
            for table in TABLES:
                connection.execute(f"CREATE TABLE public.kept_{table} AS TABLE casework.{table}")  # type: ignore[arg-type]
            try:
                yield connection
            finally:
                for table in TABLES:
                    connection.execute(f"DELETE FROM casework.{table}")  # type: ignore[arg-type]
                    connection.execute(  # type: ignore[call-overload]
                        f"INSERT INTO casework.{table} OVERRIDING SYSTEM VALUE SELECT * FROM public.kept_{table}"
                    )
                    connection.execute(f"DROP TABLE public.kept_{table}")  # type: ignore[arg-type]

    def seal_anew(self) -> None:
        """The service's own sealing, in the wrong hands."""
        with short_lived_engine(self.target.stack.database_url("wise_keeper")) as engine:
            Sealer(ChainRows(engine), lambda: [self.authority]).look()

    def findings(self) -> set[Finding]:
        """What an outsider finds in an export, with the checkpoints and the public key and no database."""
        self._exports += 1
        out = self.target.folder / f"trail-{self._exports}.jsonl"
        self._run("export", "--authority", self.authority, "--out", str(out), url=self._owner())
        key = self.target.stack.keys / "audit-public.pem"
        words = ["--export", out, "--checkpoints", self.checkpoints, "--public-key", key, "--json"]
        (verdict,) = json.loads(self._run("verify", *map(str, words)))
        return {(each["wrong"], each["first"], each["last"]) for each in verdict["findings"]}

    def _owner(self) -> str:
        return self.target.stack.database_url("wise_owner")

    @staticmethod
    def _run(*words: str, url: str = "") -> str:
        done = CliRunner().invoke(main, ["audit", *words], env={"WISE_DATABASE_URL": url})
        if done.exit_code not in (0, 1):
            raise AssertionError(done.output)
        return done.stdout

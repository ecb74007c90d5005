"""A backup of a running bridge's database, and putting it back, with what docs/restore.md names."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import psycopg

from service.demo.stack import DATABASE
from service.embedded.binaries import postgres_programs
from service.embedded.provision import provision, role_passwords
from tests.faults.world import World

Restore = Callable[[], None]


def dump(world: World) -> Restore:
    """With pg_dump, while the web runs; put back into a new database of the same name, where it shows all at once."""
    file = world.stack.folder / "backup.dump"
    _tool("pg_dump", "--format=custom", f"--file={file}", world.database_url)

    def restore() -> None:
        with psycopg.connect(world.stack.postgres.admin_url().replace("+psycopg", ""), autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{DATABASE}" WITH (FORCE)'.encode())
        provision(world.stack.postgres.admin_url(), DATABASE, role_passwords(world.stack.folder / "roles.json"))
        _tool("pg_restore", "--exit-on-error", "--single-transaction", f"--dbname={world.database_url}", str(file))

    return restore


def files(world: World) -> Restore:
    """A copy of the cluster's folder, which stands still for that; put back in its place."""
    postgres, copy = world.stack.postgres, world.stack.folder / "cluster.copy"
    postgres.stop()
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(postgres.cluster, copy)
    postgres.start()

    def restore() -> None:
        postgres.stop()
        owner = postgres.cluster.stat()
        shutil.rmtree(postgres.cluster)
        shutil.copytree(copy, postgres.cluster)
        for path in (postgres.cluster, *postgres.cluster.rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid)
        postgres.start()

    return restore


WAYS: Mapping[str, Callable[[World], Restore]] = {"pg_dump": dump, "files": files}


def _tool(name: str, *words: str) -> None:
    """Raises `RuntimeError` with what it said."""
    program: Path = postgres_programs() / name
    done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr[-300:]}")

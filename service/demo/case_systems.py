"""The simulated case systems as processes of their own, and how the profiles find them."""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.embedded import Child
from service.settings import ROOT

LCS = {"stockport": "E08000007", "salford": "E08000006", "tameside": "E08000008"}


class CaseSystems:
    """Three LCS by SFTP and one Mosaic by HTTP. `environment` is what the worker needs to reach them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._children: dict[str, Child] = {}
        self.environment: dict[str, str] = {}
        self.lcs_url = self.mosaic_url = ""

    def launch(self) -> None:
        """Both simulators, on their way up."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._children = {
            "lcs": self._launch("lcs", self._lcs_arguments()),
            "mosaic": self._launch("mosaic", self._mosaic_arguments()),
        }

    def wait(self) -> None:
        """Until both can be spoken to."""
        self._learn_lcs(_greeting(self._children["lcs"], self._log("lcs")))
        self._learn_mosaic(_greeting(self._children["mosaic"], self._log("mosaic")))

    def stop(self) -> None:
        """Both stopped."""
        while self._children:
            self._children.popitem()[1].stop()

    def _launch(self, kind: str, arguments: list[str]) -> Child:
        self._log(kind).unlink(missing_ok=True)
        argv = [sys.executable, "-m", f"simulators.{kind}", "--data", str(self._folder / kind), *arguments]
        child = Child(argv, env={"PATH": os.environ.get("PATH", "")}, log_path=self._log(kind), cwd=ROOT)
        child.start()
        return child

    def _log(self, kind: str) -> Path:
        return self._folder / f"{kind}.log"

    def _lcs_arguments(self) -> list[str]:
        key = Ed25519PrivateKey.generate()
        authorised = self._folder / "bridge.pub"
        authorised.write_bytes(
            key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH) + b"\n"
        )
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
        ).decode()
        for slug in LCS:
            self.environment[f"{slug.upper()}_LCS_PRIVATE_KEY"] = private
        instances = [argument for slug, code in LCS.items() for argument in ("--instance", f"{slug}:{code}:0")]
        return ["--http-port", "0", "--authorized-key", str(authorised), *instances]

    def _mosaic_arguments(self) -> list[str]:
        key_file = self._folder / "mosaic.key"
        key = secrets.token_urlsafe(32)
        with os.fdopen(os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(key)
        self.environment["OLDHAM_MOSAIC_API_KEY"] = key
        return ["--port", "0", "--key-file", str(key_file)]

    def _learn_lcs(self, ready: dict[str, Any]) -> None:
        self.lcs_url = ready["http"]
        for slug, instance in ready["instances"].items():
            name = f"{slug.upper()}_LCS"
            self.environment |= {
                f"{name}_HOST": "127.0.0.1",
                f"{name}_PORT": str(instance["port"]),
                f"{name}_USER": instance["user"],
                f"{name}_HOST_KEYS": instance["host_key"],
            }

    def _learn_mosaic(self, ready: dict[str, Any]) -> None:
        self.mosaic_url = ready["url"]
        self.environment["OLDHAM_MOSAIC_BASE_URL"] = ready["api"]


def _greeting(child: Child, log: Path) -> dict[str, Any]:
    """The JSON line a simulator prints once it is ready."""
    child.wait_until(lambda: _first_json(log) is not None, 30, "the simulator")
    found = _first_json(log)
    return found or {}


def _first_json(log: Path) -> dict[str, Any] | None:
    for line in log.read_text().splitlines() if log.exists() else []:
        if line.startswith("{"):
            try:
                parsed: dict[str, Any] = json.loads(line)
            except ValueError:
                return None
            return parsed
    return None

"""Starts and stops everything the bridge needs, each process with its own role, its own secrets and no others."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import requests

from service.adapters.egress import ALLOW_LOOPBACK
from service.api.scopes import HUB, usual_scopes
from service.commands.client import BridgeClient
from service.demo.case_systems import CaseSystems
from service.embedded import Child, EmbeddedPostgres, EmbeddedValkey
from service.embedded.ports import HeldPort
from service.embedded.provision import provision, role_passwords
from service.settings import ROOT
from service.store.clients import ClientRows
from service.store.engine import short_lived_engine

DATABASE = "wise"
READY_SECONDS = 90
"""A busy machine may take this long to start everything at once."""
ON_THIS_MACHINE = {ALLOW_LOOPBACK: "1"}
"""The demonstration's case systems are simulators on this machine, where no connection may go otherwise."""
Report = Callable[[str], None]


class Stack:
    """`folder` holds all state. `config_dir` is the configuration every process reads."""

    def __init__(self, folder: Path, *, config_dir: Path = ROOT / "config", report: Report = lambda _: None) -> None:
        self.folder, self.config_dir, self._report = folder, config_dir, report
        self.postgres = EmbeddedPostgres(folder / "postgres")
        self.valkey = EmbeddedValkey(folder / "valkey")
        self.case_systems = CaseSystems(folder / "case-systems")
        self.keys = folder / "keys"
        self._ports = HeldPort(), HeldPort()
        self.casework_url, self.hub_url = (f"http://127.0.0.1:{port.number}" for port in self._ports)
        self.worker_threads = 40
        self.tuning: dict[str, str] = {"WISE_SWEEP_SECONDS": "1", "WISE_REVIEWS_SECONDS": "2"}
        self._passwords: dict[str, str] = {}
        self._children: dict[str, Child] = {}

    def __enter__(self) -> Self:
        """Everything running, or nothing."""
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing left running."""
        self.stop()

    def start(self) -> None:
        """Servers, schema, keys, case systems, then our own processes."""
        self.start_foundations()
        self._report("web services, worker, beat and keeper")
        self.run_process("casework")
        self.run_process("hub")
        self.run_process("worker")
        self.run_process("beat")
        self.run_process("keeper")
        self.wait_for_web("casework")
        self.wait_for_web("hub")

    def start_foundations(self) -> None:
        """Everything the service stands on."""
        (self.folder / "logs").mkdir(parents=True, exist_ok=True)
        self._report("PostgreSQL and Valkey")
        self.postgres.start()
        self.valkey.start()
        self._passwords = role_passwords(self.folder / "roles.json")
        provision(self.postgres.admin_url(), DATABASE, self._passwords)
        self._report("case-system simulators")
        self.case_systems.launch()
        self._report("migrations and keys")
        self.wise_bridge("migrate")
        self.wise_bridge("keys", "create", "--dir", str(self.keys), "--config", str(self.config_dir))
        self.case_systems.wait()

    def stop(self) -> None:
        """In the opposite order of starting. It cannot start again: its ports are anybody's."""
        for name in reversed(list(self._children)):
            self._children.pop(name).stop()
        self.case_systems.stop()
        self.valkey.stop()
        self.postgres.stop()
        for port in self._ports:
            port.close()

    def database_url(self, role: str) -> str:
        """Signed in as one of the roles."""
        return self.postgres.url(role, self._passwords[role], DATABASE)

    def run_process(self, name: str) -> Child:
        """Starts one of our own processes."""
        child = Child(self._arguments(name), env=self.environment(name), log_path=self.folder / "logs" / f"{name}.log")
        child.start()
        self._children[name] = child
        return child

    def stop_process(self, name: str) -> None:
        """Stops one of our own processes."""
        self._children.pop(name).stop()

    def runs(self, name: str) -> bool:
        """Whether it was started and not stopped since."""
        return name in self._children

    def process(self, name: str) -> Child:
        """One that was started."""
        return self._children[name]

    def environment(self, name: str) -> dict[str, str]:
        """What this process may know: its role, and only the worker the case systems' credentials."""
        kept = {
            key: os.environ[key] for key in ("PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE") if key in os.environ
        }
        base = kept | {"WISE_CONFIG_DIR": str(self.config_dir), "PYTHONUNBUFFERED": "1"} | self.tuning
        public = {"WISE_TOKEN_PUBLIC_KEY_FILE": str(self.keys / "token-public.pem")}
        queue = {"WISE_BROKER_URL": self.valkey.url, "WISE_KEYS_DIR": str(self.keys)}
        by_process: Mapping[str, dict[str, str]] = {
            "owner": self._role("wise_owner"),
            "casework": self._role("wise_intake") | queue | public | self._signing() | {"WISE_SANDBOX": "1"},
            "hub": self._role("wise_central") | public | self._trainers(),
            "worker": self._role("wise_delivery") | queue | self.case_systems.environment | ON_THIS_MACHINE,
            "beat": {"WISE_BROKER_URL": self.valkey.url},
            "release": self._role("wise_release"),
            "keeper": self._role("wise_keeper") | self._checkpoints() | self._shredding(),
        }
        return base | by_process[name]

    def wise_bridge(self, *arguments: str) -> str:
        """Runs one command of ours as the owner; returns what it printed. Nothing of it is written to a log."""
        argv = [sys.executable, "-m", "service", *arguments]
        return subprocess.run(argv, env=self.environment("owner"), stdout=subprocess.PIPE, check=True, text=True).stdout

    def client(self, authority: str, name: str, scopes: Sequence[str] = ()) -> BridgeClient:
        """A new client with real credentials and the usual scopes, or these; the Hub's asks the Hub's side."""
        scopes = scopes or usual_scopes(authority)
        with short_lived_engine(self.database_url("wise_owner")) as engine:
            client_id, secret = ClientRows(engine).create(authority=authority, name=name, scopes=list(scopes))
        base = self.hub_url if authority == HUB else self.casework_url
        return BridgeClient(base, client_id, secret, tokens_at=self.casework_url)

    def _role(self, role: str) -> dict[str, str]:
        return {"WISE_DATABASE_URL": self.database_url(role)}

    def _trainers(self) -> dict[str, str]:
        return {"WISE_TRAINING_DATABASE_URL": self.database_url("wise_training")}

    def _shredding(self) -> dict[str, str]:
        return {"WISE_PURGE_DATABASE_URL": self.database_url("wise_purge")}

    def _signing(self) -> dict[str, str]:
        return {"WISE_TOKEN_SIGNING_KEY_FILE": str(self.keys / "token-signing.pem")}

    def _checkpoints(self) -> dict[str, str]:
        folder = self.folder / "checkpoints"
        folder.mkdir(exist_ok=True)
        return {
            "WISE_AUDIT_SIGNING_KEY_FILE": str(self.keys / "audit-signing.pem"),
            "WISE_CHECKPOINT_DIR": str(folder),
        }

    def _arguments(self, name: str) -> list[str]:
        command = {
            "casework": ["serve", "--side", "casework", "--bind", self.casework_url.removeprefix("http://")],
            "hub": ["serve", "--side", "hub", "--bind", self.hub_url.removeprefix("http://"), "--workers", "1"],
            "worker": ["worker", "--concurrency", str(self.worker_threads)],
            "beat": ["beat"],
            "keeper": ["keeper"],
        }[name]
        return [sys.executable, "-m", "service", *command]

    def wait_for_web(self, name: str) -> None:
        """Until one of the two web processes is ready."""
        url = self.casework_url if name == "casework" else self.hub_url
        self._children[name].wait_until(lambda: _is_ready(url), READY_SECONDS, f"the {name} side")


def _is_ready(url: str) -> bool:
    try:
        return requests.get(f"{url}/health/ready", timeout=2).status_code == 200
    except requests.RequestException:
        return False

"""A bridge whose every word can be told again: five authorities, one of them by SOAP, Hub and keeper beside them.

Temporary files go into a folder of their own, and whatever is said to the broker is written down.
"""

from __future__ import annotations

import json
import secrets
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import redis
import requests
from ruamel.yaml import YAML

from service.api.scopes import HUB, possible_scopes
from service.embedded import Child
from tests.faults.towns import CONFIG, Town
from tests.faults.world import World

SOAP = "oldham"
USER, PASSWORD = "CANARY_SOAP_USER", "CANARY_SOAP_PASSWORD"  # pragma: allowlist secret


class CanaryWorld(World):
    """`folder` must be new."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, towns=5)
        self.folder, self.temporary = folder, folder / "temporary"
        self.temporary.mkdir()
        self.stack.tuning |= {"TMPDIR": str(self.temporary)}
        self.soap_town = next(town for town in self.towns if town.slug == SOAP)
        self.simulator, said = self._simulator()
        self.soap_url = said["url"].rstrip("/")
        self._profiles(said["soap"])
        self.heard = folder / "broker.txt"
        self._listening: redis.Redis | None = None

    def __enter__(self) -> Self:
        super().__enter__()
        for name in ("hub", "keeper"):
            self.stack.run_process(name)
        self.stack.wait_for_web("hub")
        for town in self.towns:
            made = self.stack.client(town.code, "canaries", possible_scopes(town.code))
            self.ledger.sign_in(town.code, made)
        self._listen()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """The simulator too."""
        super().close()
        self.simulator.stop()

    def of_rest(self) -> list[Town]:
        """Those that speak REST through the proxy in clear."""
        return [town for town in self.plain if town.slug != SOAP]

    def hub_answers(self) -> list[str]:
        """What the Hub may ask for. Raises `RuntimeError` where it is not let in."""
        hub = self.stack.client(HUB, "canaries", possible_scopes(HUB))
        answers = [hub.get(path) for path in ("/v1/releases", "/v1/aggregates", "/v1/training-records")]
        if strange := [each.status_code for each in answers if each.status_code not in (200, 404)]:
            raise RuntimeError(f"the Hub was answered {strange}")
        return [each.text for each in answers]

    def knobs(self, **values: Any) -> None:
        """Of the simulated system that speaks SOAP; none puts it back to a good day."""
        if values:
            requests.post(f"{self.soap_url}/_simulator/knobs", json=values, timeout=10).raise_for_status()
        else:
            requests.delete(f"{self.soap_url}/_simulator/knobs", json={}, timeout=10).raise_for_status()

    @contextmanager
    def worker_without_meetings(self) -> Iterator[None]:
        """As if the profiles had lost their meetings between the door and the worker."""
        without = self.folder / "without"
        shutil.copytree(self.stack.config_dir, without)
        for file in (without / "authorities").glob("*.yaml"):
            profile = json.loads(file.read_text())
            profile["records"].pop("rise_meeting_output", None)
            file.write_text(json.dumps(profile))
        self.restart("worker", besides={"WISE_CONFIG_DIR": str(without)})
        try:
            yield
        finally:
            self.restart("worker", besides={})

    def broker(self) -> redis.Redis:
        """A connection of the reader's own."""
        return redis.Redis.from_url(self.stack.valkey.url)

    @contextmanager
    def refusing(self, prefix: str) -> Iterator[None]:
        """The database refuses senders' ids that begin so, with a constraint, as long as it lasts."""
        table, name = "casework.submission", "canary_refused"
        self.sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (sender_ref NOT LIKE '{prefix}%%') NOT VALID")
        try:
            yield
        finally:
            self.sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")

    def _simulator(self) -> tuple[Child, dict[str, Any]]:
        key, password, log = self.folder / "soap.key", self.folder / "soap.password", self.folder / "soap.log"
        for file in (key, password):
            file.write_text(secrets.token_hex(16))
        self.partners.environment |= {USER: "wise-bridge", PASSWORD: password.read_text()}
        argv = [sys.executable, "-m", "simulators.mosaic", "--data", str(self.folder / "soap"), "--key-file", str(key)]
        child = Child(
            [*argv, "--soap-password-file", str(password)], env={"PATH": "/usr/bin:/bin"}, log_path=log,
            cwd=CONFIG.parent,
        )  # fmt: skip
        child.start()
        child.wait_until(lambda: log.exists() and "\n" in log.read_text(), 30, "the simulator of SOAP")
        said: dict[str, Any] = json.loads(next(x for x in log.read_text().splitlines() if x.startswith("{")))
        return child, said

    def _profiles(self, soap: str) -> None:
        folder = self.stack.config_dir / "authorities"
        read = YAML(typ="safe", pure=True).load
        ours = json.loads((folder / f"{SOAP}.yaml").read_text())
        sample = read((CONFIG / "samples" / "mosaic_soap.yaml").read_text(encoding="utf-8"))
        port = int(soap.split(":")[2].partition("/")[0])
        target = {"scheme": "http", "host": "127.0.0.1", "port": port, "loopback_for_tests_only": True}
        taken = {name: ours[name] for name in ("authority", "name", "slug", "in_use", "rules", "delivery")}
        connection = {"binding": "soap", "soap_url": soap, "user": f"env:{USER}", "password": f"env:{PASSWORD}"}
        documents = {"in": "none"}
        made = sample | taken | {"connection": connection, "egress": [target], "documents": documents}
        (folder / f"{SOAP}.yaml").write_text(json.dumps(made))

    def _listen(self) -> None:
        """Until the broker ends."""
        listening = self._listening = self.broker()
        ready = threading.Event()

        def write() -> None:
            with self.heard.open("w") as out, listening.monitor() as said:
                ready.set()
                try:
                    for each in said.listen():
                        out.write(f"{each['command']}\n")
                        out.flush()
                except (redis.RedisError, OSError, ValueError):
                    return

        threading.Thread(target=write, daemon=True).start()
        ready.wait(10)

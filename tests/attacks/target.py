"""The service that is attacked: its own processes on real PostgreSQL. Records are typed in by hand there, so that
no case system is needed and there are sheets to export; one release of made-up facts is published on the Hub's side.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil
import requests

from service.api.scopes import HUB, TRAINING_SCOPES, possible_scopes
from service.demo import release
from service.demo.stack import DATABASE, READY_SECONDS, Stack
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.by_hand import config_of_all
from tests.support.records import example
from tests.support.servers import Database
from tests.support.training import train_the_workers

CASEWORK, HUB_SIDE = "casework", "hub"
PROCESSES = (CASEWORK, HUB_SIDE, "worker")
PROBLEM = "application/problem+json"


class NoCaseSystems:
    """In the place of the simulators: nobody is connected."""

    environment: Mapping[str, str] = {}

    def launch(self) -> None:
        """Nothing to start."""

    wait = stop = launch


def _two_by_hand(into: Path) -> Path:
    """Salford as well as Stockport: who tries to see what another has must be let in for its own."""
    config_of_all(into)
    text = (into / "authorities" / "stockport.yaml").read_text("utf-8")
    for key, value in (("authority", SALFORD), ("name", "Salford"), ("slug", "salford")):
        text = re.sub(rf"(?m)^{key}: .+$", f"{key}: {value}", text)
    text = text.replace("training: reject", "training: warn")  # nobody of theirs is in the register
    (into / "authorities" / "salford.yaml").write_text(text, "utf-8")
    return into


class Target:
    """Everything running, or nothing. `released`: with a release, which takes half a minute to make."""

    def __init__(self, folder: Path, *, released: bool = True) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.stack = Stack(folder / "var", config_dir=_two_by_hand(folder / "config"))
        self.stack.case_systems = NoCaseSystems()  # type: ignore[assignment] # all that the stack asks of them
        self.stack.tuning |= {"WISE_TOKEN_MINUTES": "60", "WISE_SWEEP_SECONDS": "0.5"}
        self.stack.tuning |= {"WISE_REQUESTS_PER_SECOND": "0"}  # one client asks for everything, as fast as it can
        self.folder, self.released = folder, released

    def __enter__(self) -> Self:
        try:
            self.stack.start_foundations()
            for name in PROCESSES:
                self.stack.run_process(name)
            self.wait(self.is_well, "the processes")
            train_the_workers(self.database)
            if self.released:
                self._publish()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Nothing left running, nothing left of the database."""
        self.stack.stop()
        self.stack.postgres.destroy()

    def _publish(self) -> None:
        period = release.quarters(self.stack)
        release.add_facts(self.stack, period)
        for _ in release.steps(self.stack, period[-1]):
            pass

    @property
    def database(self) -> Database:
        """For preparing, and for looking at what an attack left. The attacks themselves speak HTTP."""
        return Database(self.stack.postgres.admin_url(), {}, DATABASE)

    def url(self, side: str) -> str:
        """Where a side listens."""
        return self.stack.casework_url if side == CASEWORK else self.stack.hub_url

    @cached_property
    def tokens(self) -> Mapping[str, str]:
        """Of each kind of client, made once: they are good for an hour."""
        kinds = {
            "authority, everything": (STOCKPORT, possible_scopes(STOCKPORT)),
            "authority, as usual": (STOCKPORT, ()),
            "Hub's trainer": (HUB, TRAINING_SCOPES),
            "Hub, everything": (HUB, possible_scopes(HUB)),
        }
        return {kind: self.token(authority, tuple(scopes)) for kind, (authority, scopes) in kinds.items()} | {"": ""}

    def token(self, authority: str, scopes: tuple[str, ...]) -> str:
        """Of a new client with these scopes."""
        client = self.stack.client(authority, "attack", scopes)
        answer = requests.post(
            f"{self.url(CASEWORK)}/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=(client.client_id, client.secret),
            timeout=30,
        )
        answer.raise_for_status()
        return str(answer.json()["access_token"])

    def headers(self, kind: str) -> dict[str, str]:
        """The sign-in of one kind of client; nothing for nobody."""
        return {"Authorization": f"Bearer {self.tokens[kind]}"} if self.tokens[kind] else {}

    @cached_property
    def places(self) -> Mapping[str, list[str]]:
        """The names of what is there, by the parameter that takes them. Made when first asked for."""
        receipts = [self._posted(number) for number in range(3)]
        self.wait(lambda: len(self._packs()) >= len(receipts), "sheets to type from")
        tables = [f"assessments-by-record{end}" for end in ("", ".csv", ".meta.csv")]
        return {
            "receipt_id": receipts,
            "reference": self._packs(),
            "audience": ["young_person", "professionals"],
            "record_type": ["wise_assessment"],
            "edition": ["1.0"],
            "day": [date.today().isoformat()],  # noqa: DTZ011 - at midnight it names another day, and is not there
            "asked": tables,
            "quarter": [*release.quarters(self.stack)[-1:], "2026Q3"],
            "file": ["tables.xlsx", "all.csv", "data-package.zip"],
        }

    def _posted(self, number: int) -> str:
        record = example("wise", submission_id=f"PLACE-{number}", young_person__la_child_id=f"PLACE{number:05}")
        headers = self.headers("authority, everything")
        answer = requests.post(f"{self.url(CASEWORK)}/v1/wise-assessments", json=record, headers=headers, timeout=30)
        answer.raise_for_status()
        return str(answer.json()["receipt_id"])

    def _packs(self) -> list[str]:
        headers = self.headers("authority, everything")
        answer = requests.get(f"{self.url(CASEWORK)}/v1/packs?limit=200", headers=headers, timeout=30)
        return [each["reference"] for each in answer.json()["packs"]]

    def is_well(self) -> bool:
        """Both web processes answer, and records are taken and swept."""
        try:
            return all(
                requests.get(f"{self.url(side)}/health/ready", timeout=10).status_code == 200
                for side in (CASEWORK, HUB_SIDE)
            )
        except requests.RequestException:
            return False

    def pids(self, side: str) -> dict[int, float]:
        """gunicorn's master and workers, each with its start: another one under the same number is not the same."""
        master = self.stack.process(side).pid
        if master is None or not self.stack.process(side).alive:
            return {}
        found = [psutil.Process(master), *psutil.Process(master).children(recursive=True)]
        return {each.pid: each.create_time() for each in found}

    def memory(self) -> int:
        """Bytes resident in all web processes."""
        return sum(psutil.Process(pid).memory_info().rss for side in (CASEWORK, HUB_SIDE) for pid in self.pids(side))

    def log(self, name: str) -> str:
        """Everything a process has written."""
        return (self.stack.folder / "logs" / f"{name}.log").read_text(errors="replace")

    def answered(self) -> Counter[int]:
        """How often each status was given by either web process so far, by their own logs."""
        counts: Counter[int] = Counter()
        for side in (CASEWORK, HUB_SIDE):
            for line in self.log(side).splitlines():
                if '"event": "request"' in line:
                    counts[int(json.loads(line)["status"])] += 1
        return counts

    @staticmethod
    def wait(probe: Callable[[], Any], what: str, seconds: float = READY_SECONDS) -> Any:
        """What the probe said, when it said something. Raises `TimeoutError`."""
        until = time.monotonic() + seconds
        while not (said := probe()):
            if time.monotonic() > until:
                raise TimeoutError(f"{what}: not within {seconds:g} s")
            time.sleep(0.1)
        return said

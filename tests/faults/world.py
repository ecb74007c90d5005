"""A running bridge with several authorities, each behind a route of the fault proxy, and everything to hurt it with."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
import requests

from service.demo.stack import DATABASE, ON_THIS_MACHINE, Stack
from tests.faults.ledger import Ledger
from tests.faults.outcome import LEASE_SECONDS
from tests.faults.partners import Partners
from tests.faults.processes import BEAT, PATIENCE, WEB, WORKER, Processes
from tests.faults.release import scopes
from tests.faults.towns import Pace, Town, make_config, read_towns

SWEEP_SECONDS = 0.5
_COOL = "UPDATE casework.lane SET open_until = now() WHERE open_for > 0 AND open_until > now()"
_FRESH = """
    UPDATE casework.lane SET in_a_row = 0, recent = '', open_for = 0, openings = 0, ramp = NULL, open_reason = NULL,
           opened_at = NULL, open_until = NULL, quiet_until = NULL
"""


class World:
    """`towns` are the authorities, `plain` those whose requests the proxy can read: the last one's are in TLS.

    `hurried`: nobody waits for the time that an opened lane takes to cool. So in the short forms, and where a scenario
    says so.
    """

    hurried = True

    def __init__(self, folder: Path, *, towns: int = 10, pace: Pace | None = None) -> None:
        self.partners = Partners(folder / "partners", read_towns(towns))
        self.towns: list[Town] = self.partners.towns
        self.plain = [town for town in self.towns if town.scheme == "http"]
        config = make_config(folder / "config", self.towns, pace or Pace(), self.partners.certificate)
        self.stack = Stack(folder / "var", config_dir=config)
        self.stack.case_systems = self.partners  # type: ignore[assignment]
        self.stack.tuning |= ON_THIS_MACHINE | {"WISE_TOKEN_MINUTES": "60", "WISE_REVIEWS_SECONDS": "3600"}
        self.stack.tuning |= {"WISE_REQUESTS_PER_SECOND": "0"}  # one client floods here on purpose
        self.stack.tuning |= {"WISE_LEASE_SECONDS": str(LEASE_SECONDS), "WISE_SWEEP_SECONDS": str(SWEEP_SECONDS)}
        self.processes = Processes(self.stack)
        self.ledger = Ledger(self.stack.casework_url)

    def __enter__(self) -> Self:
        try:
            self.stack.start_foundations()
            self.up()
            for town in self.towns:
                self.ledger.sign_in(town.code, self.stack.client(town.code, "fault run", scopes(town.code)))
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Nothing left running, nothing left on the disk of the database."""
        self.ledger.close()
        self.processes.end()
        self.stack.stop()
        self.stack.postgres.destroy()

    def up(self) -> None:
        """Everything that should run, runs; nothing that does is touched."""
        self.stack.postgres.start()
        self.stack.valkey.start()
        for name in (WEB, WORKER, BEAT):
            self.processes.start(name)
        self.wait(self.answers, PATIENCE, "the web process")

    def calm(self) -> None:
        """Between two scenarios: no faults, and everything up."""
        self.partners.receiver.ask(do="clear")
        self.partners.proxy.ask(do="clear")
        self.up()
        self._lanes(_FRESH)

    def cool_lanes(self) -> None:
        """As if the time were over for which lanes were opened. The one that may try then still has to succeed."""
        self._lanes(_COOL)

    def _lanes(self, change: str) -> None:
        """A superuser's change, for the time between the faults; earlier versions of the service have no lanes."""
        if self.sql("SELECT 1 WHERE to_regclass('casework.lane') IS NOT NULL"):
            self.sql(change)

    def tune(self, **settings: float) -> None:
        """Other settings for the worker and beat, such as `lease_seconds`; they are started anew where one differs."""
        wanted = {f"WISE_{name.upper()}": str(value) for name, value in settings.items()}
        if all(self.stack.tuning.get(name) == value for name, value in wanted.items()):
            return
        self.stack.tuning |= wanted
        for name in (WORKER, BEAT):
            self.processes.kill(name)
            self.processes.start(name)

    def restart(self, *names: str, besides: Mapping[str, str]) -> None:
        """kill -9 for these, and anew with this in their environment besides; `{}` takes it away again."""
        for name in names:
            self.processes.besides[name] = dict(besides)
            self.processes.kill(name)
        self.up()

    @property
    def database_url(self) -> str:
        """The superuser's, for looking and never for the service."""
        return self.stack.postgres.admin_url(DATABASE).replace("+psycopg", "")

    @contextmanager
    def database(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """The superuser's connection."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            yield connection

    def sql(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of one query."""
        with self.database() as connection:
            cursor = connection.execute(query.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def proxy(self, town: Town, *rules: dict[str, Any]) -> None:
        """These faults on the way to one authority's case system; none ends them."""
        self.partners.proxy.ask(do="rules", route=town.route, rules=list(rules))

    def mood(self, town: Town, *moods: dict[str, Any]) -> None:
        """How one authority's case system behaves; none makes it truthful."""
        self.partners.receiver.ask(do="mood", authority=town.code, moods=list(moods))

    def struck(self, town: Town) -> dict[str, int]:
        """How often each fault of the proxy struck on the way to one authority."""
        counts: dict[str, int] = self.partners.proxy.ask(do="counts", route=town.route)["counts"]
        return counts

    def rates(self, town: Town) -> dict[int, int]:
        """How many requests came to one authority's case system in each second (epoch)."""
        counted = self.partners.receiver.ask(do="rates", authority=town.code)["rates"]
        return {int(second): count for second, count in counted.items()}

    def most_at_once(self, town: Town) -> int:
        """How many requests were at once in one authority's case system, at the most, in this scenario."""
        return int(self.partners.receiver.ask(do="most", authority=town.code)["most"])

    def answers(self, url: str = "") -> bool:
        """Whether the web process, or a companion of it that listens there, is ready."""
        try:
            return requests.get(f"{url or self.stack.casework_url}/health/ready", timeout=2).status_code == 200
        except requests.RequestException:
            return False

    @staticmethod
    def wait(probe: Callable[[], object], seconds: float, what: str, *, every: float = 0.1) -> float:
        """How long it took until the probe said yes. `TimeoutError` when it does not."""
        began = time.monotonic()
        while not probe():
            if time.monotonic() - began > seconds:
                raise TimeoutError(f"{what}: not within {seconds:g} s")
            time.sleep(every)
        return time.monotonic() - began

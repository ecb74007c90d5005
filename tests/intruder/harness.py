"""Makes, publishes and serves releases with the real code, on real PostgreSQL and a real socket. The one file that
knows how; everything else of the intruder is outside of the service.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Protocol

import psycopg
import structlog
from click.testing import CliRunner
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from service import wiring
from service.api.scopes import HUB, HUB_SCOPES
from service.central.catalogue import read
from service.central.releases.desk import ReleaseDesk
from service.central.releases.store import ReleaseRows
from service.commands.keys import keys
from service.commands.release.composing import maker
from service.domain.fact import Fact
from service.embedded.provision import provision
from service.errors import NotPossible
from service.store.engine import make_engine
from service.store.migrate import migrate
from tests.intruder.claims import Row
from tests.intruder.codes import FIELDS
from tests.intruder.reading import Where
from tests.support.bridge import Bridge
from tests.support.config import CONFIG
from tests.support.servers import Database

AUTHORITY = FIELDS.index("authority")
LONG_AFTER = date(2030, 1, 1)
"""The day on which everything is made: every release day of the cohorts is over."""
Tell = Callable[[str], None]
BUILDER, APPROVER = "Fictional Builder", "Fictional Approver"


@dataclass(frozen=True)
class Open:
    """A Hub that is served: its address, and the tokens of two clients."""

    base_url: str
    token: str
    other_token: str


class Harness(Protocol):
    """What the intruder's runs need of the service."""

    universes: Mapping[str, Where]
    tell: Tell
    """Says how far a run has come, so that a long one is seen to go on."""

    def clear(self) -> None:
        """As if nothing had happened."""

    def take_in(self, taken_back: Counter[Row], handed_over: Counter[Row]) -> None:
        """Facts cross to the central side."""

    def release(self, quarter: str) -> str:
        """Builds, audits, approves and publishes. Empty when it was published, else why it was refused."""

    def serving(self) -> AbstractContextManager[Open]:
        """A fresh Hub process's application over a socket."""


def _silent(_: str) -> None:
    """Tells nobody."""


class RealHarness:
    """One database, used again and again. `folder` for the keys, which are made once."""

    def __init__(self, database: Database, folder: Path, tell: Tell = _silent) -> None:
        self.tell = tell
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
        self.database, self.bridge = database, Bridge(database, "", CONFIG, _keys(folder))
        self._store = self.bridge.store("wise_intake")
        self._releases = make_engine(database.url("wise_release"))
        catalogue = read(CONFIG / "catalogue" / "2026.yaml")
        self.universes: Mapping[str, Where] = {
            each.name: {name: frozenset(values) for name, values in each.where.items()}
            for each in catalogue.universes.values()
        }

    def clear(self) -> None:
        """Empties every table."""
        self.database.empty()

    def take_in(self, taken_back: Counter[Row], handed_over: Counter[Row]) -> None:
        """Through the door, as the intake's role: a transaction for each authority, whose facts alone it may write."""
        for authority in sorted({row[AUTHORITY] for row in (*taken_back, *handed_over)}):
            with self._store.transaction(authority) as open_one:
                for row in taken_back.elements():
                    if row[AUTHORITY] == authority:
                        open_one.facts.take_back(fact_of(row))
                for row in handed_over.elements():
                    if row[AUTHORITY] == authority:
                        open_one.facts.hand_over(fact_of(row))

    def desk(self, quarter: str) -> ReleaseDesk:
        """As the command has it, but for the day."""
        rows = ReleaseRows(self._releases)
        return ReleaseDesk(rows, maker(CONFIG / "catalogue", quarter), lambda: LONG_AFTER)

    def release(self, quarter: str) -> str:
        """The four steps, by two people."""
        desk = self.desk(quarter)
        try:
            desk.build(quarter, by=BUILDER)
            audit = desk.audit(quarter)
            if not audit.passed:
                return f"the audit did not pass: {_found(audit.report)}"
            desk.approve(quarter, by=APPROVER, digest=desk.standing(quarter).build.digest)
            desk.publish(quarter, by=APPROVER)
        except (NotPossible, ValueError) as refusal:  # rounding refuses a small count with the latter
            return str(refusal)
        return ""

    @contextmanager
    def serving(self) -> Iterator[Open]:
        """The Hub's own application, from its wiring."""
        with ExitStack() as stack:
            app = wiring.hub_app(self.bridge.settings("wise_central"))
            stack.callback(app.extensions["wise_bridge_close"])
            address = stack.enter_context(_socket(app))
            yield Open(address, self._token(), self._token())

    def close(self) -> None:
        """Lets go of every connection."""
        self._releases.dispose()
        self.bridge.close()

    def _token(self) -> str:
        """Of a new client each time."""
        signed = self.bridge.credentials(HUB, HUB_SCOPES)
        answer = self.bridge.casework.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=signed)
        assert answer.status_code == 200, answer.text
        token: str = answer.get_json()["access_token"]
        return token


@contextmanager
def beside(first: Database) -> Iterator[Database]:
    """Another database on the same server. Roles are the server's, so the passwords are those of the first."""
    made = Database(first.admin, first.passwords, f"wise_{secrets.token_hex(4)}")
    provision(made.admin, made.name, made.passwords)
    migrate(made.url("wise_owner"))
    try:
        yield made
    finally:
        with psycopg.connect(made.admin.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{made.name}" WITH (FORCE)')


def fact_of(row: Row) -> Fact:
    """The service's own fact. Raises `FactRefused`."""
    return Fact(**dict(zip(FIELDS, row, strict=True)))


class _Quiet(WSGIRequestHandler):
    """Writes no line for each call, and keeps connections."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_request(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def _socket(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _found(report: bytes) -> str:
    """Each test that found something, with what, and how often."""
    findings = Counter(f"{each['test']}, {each['what']}" for each in json.loads(report)["findings"])
    return "; ".join(f"{what} ({number})" for what, number in sorted(findings.items()))


def _keys(folder: Path) -> Path:
    into = folder / "keys"
    if not into.exists():
        made = CliRunner().invoke(keys, ["create", "--dir", str(into), "--config", str(CONFIG)])
        assert made.exit_code == 0, made.output
    return into

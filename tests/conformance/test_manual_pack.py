"""Packs for people against the whole suite: the database is real, and a person reads the sheets."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from typing import Any, ClassVar

import psycopg
import pytest
from sqlalchemy import Connection, Engine, create_engine, event, make_url

from service.adapters.manual_pack.system import ManualPack
from service.adapters.shared.link import Link
from service.api.sheets import as_csv
from service.central.facts import FactDoor
from service.domain.delivery import Reason
from service.errors import Unavailable
from service.ports import Answer, CaseSystem, Container, Filing, PersonReference, Receipt, Retraction, ReviewTask
from service.ports.manual import NewPack, PackState
from service.store.casework import CaseworkStore
from service.store.engine import make_engine
from service.store.manual import ConfirmationRows, ManualPackStore
from service.usecases.package import Package
from service.usecases.packs import PackDesk
from tests.conformance import clerk
from tests.conformance.faults import Faults
from tests.conformance.promises import Conformance
from tests.conformance.world import MARKER, World
from tests.store.rows import record, rows
from tests.support.servers import Database

TARGETS = {"wise_assessment": {"form": "WISE assessment"}}
BORN = date(2011, 3, 2)
PEOPLE = {
    "right": clerk.Person(BORN),
    "merged": clerk.Person(BORN, merged=True),
    "estimated": clerk.Person(BORN, estimated=True),
    "restricted": clerk.Person(BORN, restricted=True),
    "hidden": clerk.Person(BORN, hidden=True),
    "ambiguous": clerk.Person(BORN, twice=True),
    "no_episode": clerk.Person(BORN, episode=False),
}
NUMBERS = {kind: f"100{number}" for number, kind in enumerate(PEOPLE)}
NOBODY_ANSWERS = "Nothing answers a call: packs lie in the bridge's own database, and people write back."


class Unlucky(ConfirmationRows):
    """The commit arrives; its answer does not."""

    def put(self, new: NewPack) -> None:
        super().put(new)
        raise Unavailable("The database cannot be reached.")


class Noting(ManualPack):
    """The connector; what it is given stands in a dictionary for the sealed records that sheets are made from."""

    world: ManualPackWorld

    def open_container(self, filing: Filing) -> Container:
        self.world.seal(filing.reference, Package(filing=filing))
        return super().open_container(filing)

    def raise_task(self, task: ReviewTask) -> Any:
        self.world.seal(task.reference, Package(task=task))
        return super().raise_task(task)

    def retract(self, retraction: Retraction) -> Any:
        self.world.seal(retraction.reference, Package(retraction=retraction))
        return super().retract(retraction)


class Wakeups:
    """`service.ports.Wakeup` that does nothing: the suite asks by itself."""

    def look_now(self, authority: str) -> None:
        """Nobody waits here."""


class ManualPackWorld(World):
    """An inbox, and somebody who works through it."""

    cannot_happen: ClassVar[Mapping[str, str]] = {
        "sign-in ends": "There is no sign-in to a case system; the person has their own.",
        "locked": "A person who finds the record open waits, and types later.",
        "auth_expired": "There is no sign-in to a case system; the person has their own.",
        "denied": "What a person may not do there they say themselves: not permitted.",
        **dict.fromkeys(("throttled", "maintenance", "login_page", "html_fault", "redirect"), NOBODY_ANSWERS),
        **dict.fromkeys(("drip", "huge", "garbage", "away_after_commit"), NOBODY_ANSWERS),
    }

    def __init__(self, database: Database, open_later: ExitStack) -> None:
        self.database, self._later, self._fault = database, open_later, ExitStack()
        open_later.callback(self._fault.close)
        self.engine, intake = self._engine("wise_delivery"), self._engine("wise_intake")
        self.intake, self.sealed = CaseworkStore(intake, FactDoor), dict[str, Package]()
        self.desk = PackDesk(ManualPackStore(intake), lambda _, pack: self.sealed[pack.reference], {}, Wakeups())
        people = {NUMBERS[kind]: person for kind, person in PEOPLE.items()}
        self.there = clerk.CaseSystem(people, frozenset({"done_on", "words"}), frozenset({"done_on"}))
        self.system: CaseSystem = self.connected(ConfirmationRows(self.engine, self.authority))

    def _engine(self, role: str) -> Engine:
        engine = make_engine(self.database.url(role), pool_size=2)
        self._later.callback(engine.dispose)
        return engine

    def connected(self, confirmations: ConfirmationRows) -> Noting:
        system = Noting(Link({"inbox": "admin"}, TARGETS, {}), confirmations=confirmations)
        system.world = self
        return system

    def seal(self, reference: str, package: Package) -> None:
        """As it lies in the database, with the delivery that it belongs to."""
        self.sealed[reference] = package
        known = "SELECT FROM casework.delivery WHERE reference = %s"
        if not rows(self.database, known, reference):
            record(self.intake, self.authority, reference=reference)

    def work(self) -> None:
        """Somebody goes through the inbox."""
        for pack in self.desk.page(self.authority, PackState.OPEN, inbox="admin", after=None, limit=50):
            self.work_on(pack.reference)

    def work_on(self, reference: str) -> None:
        """Type it in and confirm, or refuse."""
        who = {"by": "stk-admin-1", "actor": "client:robot"}
        try:
            number, document = self.there.work(clerk.read_sheet(self.read(reference)), lambda: self.document(reference))
        except clerk.Refused as found:
            self.desk.refuse(self.authority, reference, reason=Reason(found.reason), **who)
        else:
            numbers = {"record_number": number, "document_number": document}
            self.desk.confirm(self.authority, reference, **numbers, **who)

    def read(self, reference: str) -> str:
        return as_csv(self.desk.sheet(self.authority, reference, actor="client:robot")).get_data(as_text=True)

    def document(self, reference: str) -> bytes:
        return self.desk.document(self.authority, reference, actor="client:robot")

    def settled(self, reference: str, seconds: float = 10.0) -> Receipt:
        self.work()
        return super().settled(reference, seconds)

    def answers(self) -> tuple[Answer, ...]:
        return (Answer("done_on", None, "2026-09-14"), Answer("words", 1, "one"), Answer("words", 2, MARKER))

    def unfit_answer(self) -> Answer:
        return Answer("done_on", None, f"soon {MARKER}")

    def too_large(self) -> bytes:
        return b" " * clerk.DOCUMENT_MAX

    def person(self, kind: str = "right") -> PersonReference:
        born = {"other_birth": date(2011, 3, 3), "neither": None, "other_age": None}.get(kind, BORN)
        age = {"other_age": 14, "neither": None, "other_birth": None}.get(kind, 15)
        number = "9999" if kind == "unknown" else NUMBERS.get(kind, NUMBERS["right"])
        return PersonReference(number, born, age, date(2026, 9, 14))

    def records(self, reference: str) -> int:
        return len(self.there.under(reference)) + len(self.there.withdrawals(reference))

    def stored_words(self, reference: str) -> list[str]:
        return list(self.there.under(reference)[0].typed.values())

    def stored_restriction(self, reference: str) -> bool:
        return self.there.under(reference)[0].restricted

    def unreachable(self) -> CaseSystem:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        url = make_url(self.database.url("wise_delivery")).set(host="127.0.0.1", port=port, query={})
        return ManualPack(
            Link({"inbox": "admin"}, TARGETS, {}), confirmations=ConfirmationRows(create_engine(url), self.authority)
        )

    @contextmanager
    def losing_the_reply(self, after: int = 0) -> Iterator[None]:
        lucky = self.system
        if not after:  # leaving the pack is the only change
            self.system = self.connected(Unlucky(self.engine, self.authority))
        yield
        self.system = lucky

    def impatient(self) -> CaseSystem:
        options = {"options": "-c lock_timeout=500"}
        engine = create_engine(self.database.url("wise_delivery"), connect_args=options)
        self._later.callback(engine.dispose)
        return self.connected(ConfirmationRows(engine, self.authority))

    def set_fault(self, fault: str, on: str) -> None:
        """A table that is locked hangs; a server process that is ended resets the connection."""
        match fault:
            case "hang":
                self._fault.enter_context(locked(self.database, "ACCESS EXCLUSIVE" if on == "read" else "SHARE"))
            case "reset":
                kills = killing(self.database, "SELECT casework" if on == "read" else "INSERT")
                event.listen(self.engine, "before_cursor_execute", kills)
                self._fault.callback(event.remove, self.engine, "before_cursor_execute", kills)
            case "reset_after_commit":
                self._fault.enter_context(self.losing_the_reply())
            case _:
                raise NotImplementedError(fault)

    def clear_faults(self) -> None:
        self._fault.close()


@contextmanager
def locked(database: Database, mode: str) -> Iterator[None]:
    """Somebody holds the packs' table."""
    with database.as_admin() as admin, admin.transaction():
        admin.execute(f"LOCK TABLE casework.manual_pack IN {mode} MODE")
        yield


def killing(database: Database, beginning: str) -> Callable[..., None]:
    """Ends the server process just before a statement that begins so."""

    def kill(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(beginning):
            held = connection.connection.dbapi_connection
            assert isinstance(held, psycopg.Connection)
            with database.as_admin() as admin:
                admin.execute("SELECT pg_terminate_backend(%s, 2000)", (held.info.backend_pid,))

    return kill


@pytest.fixture
def world(database: Database) -> Iterator[ManualPackWorld]:
    with ExitStack() as later:
        yield ManualPackWorld(database, later)


class TestManualPack(Conformance, Faults):
    World = ManualPackWorld

"""A desk where records are delivered, time that is moved as a superuser, and the commands as an operator runs them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from service.adapters.profiles import Profile
from service.cli import main
from service.configuration import profiles
from service.keeping import make_forgetter, make_purger
from service.store.engine import make_engine
from service.store.legal_holds import LegalHoldRows
from service.usecases.ends import Forgetter
from service.usecases.legal_hold import LegalHoldDesk
from service.usecases.purge import Purger
from tests.store.rows import let_go, row, rows, superuser
from tests.support.bridge import STOCKPORT, Bridge
from tests.usecases.desk import Desk

LONG = 31
SEALED = ("payload", "third_party", "sketch")


@dataclass
class House:
    """`engine` is signed in as the role wise_purge."""

    desk: Desk
    engine: Engine
    config_dir: Path

    @property
    def bridge(self) -> Bridge:
        return self.desk.bridge

    @property
    def purger(self) -> Purger:
        return make_purger(self.engine, self.config_dir)

    @property
    def holds(self) -> LegalHoldDesk:
        return LegalHoldDesk(LegalHoldRows(self.engine))

    def delivered(self, name: str = "wise", *, days: int = LONG, **changes: Any) -> UUID:
        """A record that was delivered so long ago, and whose review was raised; its receipt."""
        delivery = self.desk.accept(name, **changes)
        self.desk.deliver(delivery)
        found = row(self.desk.database, delivery)
        assert found["state"] == "delivered"
        receipt: UUID = found["submission_id"]
        self.raised(receipt)
        self.pass_days(receipt, days)
        return receipt

    def raised(self, receipt: UUID) -> None:
        self.change("UPDATE casework.review SET raised_at = now() WHERE submission_id = %s", receipt)

    def pass_days(self, receipt: UUID, days: int) -> None:
        """As if all of it had happened so much earlier."""
        self.change(
            "UPDATE casework.delivery SET delivered_at = delivered_at - %s * interval '1 day',"
            " state_since = state_since - %s * interval '1 day' WHERE submission_id = %s",
            days,
            days,
            receipt,
        )
        moved = "UPDATE casework.submission SET received_at = received_at - %s * interval '1 day' WHERE id = %s"
        self.change(moved, days, receipt)

    def change(self, statement: str, *values: Any) -> None:
        """As a superuser, past every trigger."""
        superuser(self.desk.database).execute(statement, values)

    def run(self, authority: str = STOCKPORT) -> int:
        return self.purger.run(authority).shredded

    def left(self, receipt: UUID) -> dict[str, int]:
        """How many rows each table of sealed things has of a record."""
        asked = "SELECT count(*) AS n FROM casework.{} WHERE submission_id = %s"
        return {table: rows(self.desk.database, asked.format(table), receipt)[0]["n"] for table in SEALED}

    def pass_months(self, receipt: UUID, months: int) -> None:
        """As if its body had been shredded, and it had been completed and counted, so much earlier."""
        self.change(
            "UPDATE casework.shredded SET at = at - %s * interval '1 month' WHERE submission_id = %s", months, receipt
        )
        self.change(
            "UPDATE casework.submission SET completed_on = (completed_on - %s * interval '1 month')::date,"
            " received_at = received_at - %s * interval '1 month', fact = jsonb_set(fact, '{quarter}', to_jsonb("
            "to_char(completed_on - %s * interval '1 month', 'YYYY\"Q\"Q'))) WHERE id = %s",
            months, months, months, receipt,
        )  # fmt: skip

    def ended(self, name: str = "wise", *, months: int = 20, **changes: Any) -> UUID:
        """A record whose body was shredded so long ago, and whose review was held."""
        receipt = self.delivered(name, **changes)
        self.run(STOCKPORT)
        assert not self.has_body(receipt)
        self.change("UPDATE casework.review SET status = 'done', closed_at = now() WHERE submission_id = %s", receipt)
        self.pass_months(receipt, months)
        return receipt

    @property
    def forgetter(self) -> Forgetter:
        return make_forgetter(self.engine, self.config_dir)

    def has_body(self, receipt: UUID) -> bool:
        left = self.left(receipt)["payload"]
        noted = rows(self.desk.database, "SELECT FROM casework.shredded WHERE submission_id = %s", receipt)
        assert left == 1 - len(noted), "a body is noted as shredded when it is gone, and only then"
        return bool(left)

    def command(self, *words: str, role: str = "wise_purge", **environ: str) -> Result:
        """`wise-bridge …` signed in as the role."""
        url = {"WISE_DATABASE_URL": self.desk.database.url(role)}
        return CliRunner().invoke(main, [*words], env=url | environ)

    def purge(self, *words: str) -> Result:
        return self.command("purge", *words, "--config", str(self.config_dir))


@pytest.fixture(scope="session", autouse=True)
def _let_go() -> Iterator[None]:
    yield
    let_go()


@pytest.fixture(scope="session")
def known_profiles(config_dir: Path) -> Mapping[str, Profile]:
    return profiles(config_dir)


@pytest.fixture
def house(bridge: Bridge, known_profiles: Mapping[str, Profile], config_dir: Path) -> Iterator[House]:
    desk = Desk(bridge, known_profiles)
    engine = make_engine(desk.database.url("wise_purge"), pool_size=8)
    yield House(desk, engine, config_dir)
    engine.dispose()

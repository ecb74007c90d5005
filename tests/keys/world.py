"""A service whose keys are wrapped, with something of every kind sealed in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result

from service.adapters.webhooks import read_address
from service.commands.keys import keys
from service.store.engine import short_lived_engine
from service.store.key_changes import SETTLED
from service.store.webhooks import WebhookRows
from service.usecases.webhooks.look_after import WebhookDesk
from tests.api.test_feedback import FULL as FEEDBACK
from tests.api.test_supervision import FULL as SUPERVISION
from tests.support.bridge import STOCKPORT, Bridge
from tests.support.records import example

PLACES = {
    "review.sealed_person",
    "payload.sealed", "third_party.sealed", "submission.sealed_digest", "sketch.sketch", "feedback.sealed",
    "feedback.sealed_consent", "supervision.sealed", "webhook.sealed",
}  # fmt: skip


@dataclass
class World:
    """`run` calls `wise-bridge keys …` as an operator would, as the keeper's role."""

    bridge: Bridge
    environ: Mapping[str, str]

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(keys, [*words], env=dict(self.environ))

    def done(self, *words: str) -> str:
        ended = self.run(*words)
        assert ended.exit_code == 0, ended.output
        return ended.stdout

    def post(self, number: int, name: str = "wise", **changes: Any) -> int:
        child = f"STK{number:07}" if name == "wise" else f"SAL{number:07}"
        record = example(name, submission_id=f"S-{number}", young_person__la_child_id=child, **changes)
        return self.bridge.post(record).status_code

    def fill(self) -> None:
        """Something in every place that is sealed, of Stockport's; a record of Salford's."""
        assert self.post(1) == 201
        assert self.post(2, "rise") == 201
        headers = self.bridge.headers(STOCKPORT)
        for path, body in (("/v1/feedback", FEEDBACK), ("/v1/reflective-supervisions", SUPERVISION)):
            answer = self.bridge.casework.post(path, json=body, headers=headers)
            assert answer.status_code == 201, answer.text
        with short_lived_engine(self.bridge.database.url("wise_owner")) as engine:
            desk = WebhookDesk(WebhookRows(engine), self.bridge.vault, read_address)
            desk.make(STOCKPORT, "https://forms.stockport.example/hook", name="forms server", networks=(), by="op-1")


@contextmanager
def world(bridge: Bridge, folder: Path, settings: Mapping[str, Any]) -> Iterator[World]:
    """Over the same database as `bridge`, with new key files made by the command."""
    own = Bridge(bridge.database, bridge.broker_url, bridge.config_dir, folder, also=settings)
    environ = {f"WISE_{name.upper()}": str(value) for name, value in settings.items()}
    environ |= {"WISE_KEYS_DIR": str(folder), "WISE_DATABASE_URL": bridge.database.url("wise_keeper")}
    made = World(own, environ)
    made.done("create", "--config", str(bridge.config_dir))
    yield made
    own.close()


def in_a_hurry(monkeypatch: pytest.MonkeyPatch, **seconds: float) -> None:
    """Between two looks at a key file, and the other times of a key ring."""
    for name, value in seconds.items():
        monkeypatch.setattr(f"service.store.keys.{name}_SECONDS", value)


def aged(folder: Path, age: timedelta) -> None:
    """Every version was made that long ago."""
    for path in folder.glob("*.json"):
        content = json.loads(path.read_text())
        for each in content["wrapping"]:
            each["made_at"] = (datetime.now(UTC) - age).isoformat()
        path.write_text(json.dumps(content))


def later(wrapped: World, folder: Path, age: timedelta = SETTLED) -> None:
    """As if so long had passed since the last rotation, for the files and for the floor."""
    with wrapped.bridge.database.as_admin() as admin:
        long_after(admin, folder, age)


def long_after(admin: psycopg.Connection[Any], folder: Path, age: timedelta = SETTLED) -> None:
    """The same, with a superuser's connection."""
    aged(folder, age)
    admin.execute("ALTER TABLE casework.key_floor DISABLE TRIGGER key_floor_is_append_only")
    admin.execute("UPDATE casework.key_floor SET since = since - %s", [age])
    admin.execute("ALTER TABLE casework.key_floor ENABLE TRIGGER key_floor_is_append_only")

"""The same words through either broker, and through one that was killed and came back."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.embedded import EmbeddedValkey
from service.tasks.broker import LOOK, QUEUE, make_celery
from service.tasks.wakeup import CeleryWakeup
from tests.support.rabbitmq import RabbitMq, rabbitmq
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]
AUTHORITY = "E08000007"


@pytest.fixture(scope="module")
def rabbit() -> Iterator[RabbitMq]:
    with rabbitmq() as server:
        yield server


class Ear:
    """A worker that writes down whom it was told of, and is started again when it ends, as a supervisor does."""

    def __init__(self, url: str, heard: Path) -> None:
        self._url, self._heard = url, heard
        self._process = self._listen()

    def heard(self) -> list[str]:
        if self._process.poll() is not None:
            self._process = self._listen()
        return [line for line in self._heard.read_text().splitlines() if line.startswith("E0")]

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def _listen(self) -> subprocess.Popen[bytes]:
        argv = [sys.executable, "-m", "tests.tasks.listener", self._url]
        with self._heard.open("ab") as file, self._heard.with_suffix(".err").open("ab") as errors:
            return subprocess.Popen(argv, cwd=ROOT, stdout=file, stderr=errors)


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[list[Ear]]:
    made: list[Ear] = []
    yield made
    for each in made:
        each.stop()


def test_rabbitmq_carries_a_word_in_a_quorum_queue(rabbit: RabbitMq, ear: list[Ear], tmp_path: Path) -> None:
    app = make_celery(rabbit.url, sweep_seconds=5)
    CeleryWakeup(app).look_now(AUTHORITY)
    eventually(lambda: _waiting(rabbit), seconds=20)
    ear.append(Ear(rabbit.url, tmp_path / "heard"))
    eventually(lambda: ear[0].heard() == [AUTHORITY], seconds=40)
    with app.connection() as connection, pytest.raises(Exception, match="x-queue-type"):
        connection.channel().queue_declare(QUEUE, durable=True, auto_delete=False)  # it is no classic queue


def test_rabbitmq_is_spoken_to_again_after_its_death(rabbit: RabbitMq, ear: list[Ear], tmp_path: Path) -> None:
    """What was said just before may be lost with it: the sweep finds what is due."""
    rabbit.kill()
    wakeup = CeleryWakeup(make_celery(rabbit.url, sweep_seconds=5))
    wakeup.look_now(AUTHORITY)
    eventually(lambda: wakeup.failed == 1, seconds=10)
    rabbit.start()
    ear.append(Ear(rabbit.url, tmp_path / "heard"))
    eventually(lambda: _said_again(wakeup, ear[0]), seconds=90)


def test_valkey_carries_a_word_and_keeps_it_over_a_restart(ear: list[Ear], tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path / "valkey") as valkey:
        wakeup = CeleryWakeup(make_celery(valkey.url, sweep_seconds=5))
        ear.append(Ear(valkey.url, tmp_path / "heard"))
        wakeup.look_now(AUTHORITY)
        eventually(lambda: ear[0].heard() == [AUTHORITY], seconds=40)
        valkey.stop()
        valkey.start()
        eventually(lambda: _said_again(wakeup, ear[0]), seconds=40)


def test_several_lanes_in_one_message_are_each_heard_of(ear: list[Ear], tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path / "valkey") as valkey:
        app = make_celery(valkey.url, sweep_seconds=5)
        app.send_task(LOOK, args=[AUTHORITY, "E08000006"])
        ear.append(Ear(valkey.url, tmp_path / "heard"))
        eventually(lambda: ear[0].heard() == [AUTHORITY, "E08000006"], seconds=40)


def _said_again(wakeup: CeleryWakeup, ear: Ear) -> bool:
    wakeup.look_now("E08000006")
    return "E08000006" in ear.heard()


def _waiting(rabbit: RabbitMq) -> int:
    app = make_celery(rabbit.url, sweep_seconds=5)
    with app.connection() as connection:
        try:
            return int(connection.channel().queue_declare(QUEUE, passive=True).message_count)
        except connection.channel_errors:
            return 0

"""The short form of every scenario: those that can share it on one running bridge, the others on one of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.faults.outcome import Outcome, Scenario, Size, all_scenarios, in_worlds
from tests.faults.world import World

WORLDS = in_worlds(all_scenarios(), Size.SHORT)


class Play:
    """A world stands until a scenario of another one is played."""

    def __init__(self, folder: pytest.TempPathFactory) -> None:
        self._folder, self._stack = folder, ExitStack()
        self._number = -1
        self._standing: World | None = None

    def run(self, number: int, played: Scenario) -> Outcome:
        if number != self._number:
            self.close()
            self._standing = self._stack.enter_context(World(self._folder.mktemp("faults") / "world"))
            self._number = number
        assert self._standing is not None
        return played.run(self._standing, Size.SHORT)

    def close(self) -> None:
        self._stack.close()
        self._number = -1


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    playing = Play(tmp_path_factory)
    yield playing
    playing.close()


@pytest.mark.parametrize(
    ("number", "played"),
    [
        pytest.param(number, each, id=f"{each.number}-{each.name}")
        for number, group in enumerate(WORLDS)
        for each in group
    ],
)
def test_nothing_is_lost_doubled_or_hidden(play: Play, number: int, played: Scenario) -> None:
    outcome = play.run(number, played)
    assert (outcome.lost, outcome.duplicated) == (0, 0), outcome.remark
    assert outcome.passed, f"{played.criterion}\n\n{outcome.remark}"

"""The simulators, running, for every test file of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pytest

from simulators.lcs import LcsInstance
from simulators.mosaic import MosaicSimulator
from tests.simulators.lcs_client import Pair, pair, simulator
from tests.simulators.mosaic_client import KEY, Caller


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "id"
    made = asyncssh.generate_private_key("ssh-ed25519")
    made.write_private_key(path)
    made.write_public_key(path.with_suffix(".pub"))
    return path


@pytest.fixture(scope="module")
def lcs(tmp_path_factory: pytest.TempPathFactory, key: Path) -> Iterator[Pair]:
    with simulator(tmp_path_factory.mktemp("lcs"), key, stockport=0, salford=0, tameside=0) as running:
        yield pair(running, key)


@pytest.fixture
def quiet(lcs: Pair) -> Iterator[LcsInstance]:
    """For tests that turn knobs: turned back afterwards."""
    yield lcs.instance
    lcs.instance.paused = lcs.instance.withhold_answers = False
    lcs.instance.answer_delay_seconds, lcs.instance.disconnect_after_bytes = 0.0, None


@pytest.fixture
def sim(tmp_path: Path) -> Iterator[MosaicSimulator]:
    with MosaicSimulator(tmp_path / "data", KEY) as running:
        yield running


@pytest.fixture
def caller(sim: MosaicSimulator) -> Caller:
    return Caller(sim)

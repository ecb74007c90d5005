"""One running bridge for all tests from outside: real processes, real servers, impatient settings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from service.demo.stack import Stack
from service.demo.story import register_training
from tests.support.config import impatient_config

LEASE_SECONDS = 15
"""As long as a worker must be silent before it is gone; a busy machine may take some of them for one delivery."""


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("stack")
    running = Stack(folder / "var", config_dir=impatient_config(folder / "config", in_flight=8))
    running.tuning |= {"WISE_LEASE_SECONDS": str(LEASE_SECONDS), "WISE_SWEEP_SECONDS": "0.5"}
    try:
        with running:
            register_training(running)
            yield running
    finally:
        running.postgres.destroy()


class Mosaic:
    """The Mosaic simulator as its pages and control route show it."""

    def __init__(self, stack: Stack) -> None:
        self.url = stack.case_systems.mosaic_url.rstrip("/")

    def steps(self, reference: str) -> list[dict[str, object]]:
        listed = requests.get(f"{self.url}/steps.json", timeout=5).json()["steps"]
        return [step for step in listed if step["externalReference"] == reference]

    def set(self, **knobs: object) -> None:
        assert requests.post(f"{self.url}/_simulator/knobs", json=knobs, timeout=5).ok

    def reset(self) -> None:
        assert requests.delete(f"{self.url}/_simulator/knobs", timeout=5, json={}).ok


@pytest.fixture
def mosaic(stack: Stack) -> Iterator[Mosaic]:
    control = Mosaic(stack)
    yield control
    control.reset()


class Lcs:
    """One instance of the LCS simulator as its pages show it."""

    def __init__(self, stack: Stack, slug: str) -> None:
        self.url = f"{stack.case_systems.lcs_url.rstrip('/')}/{slug}/records.json"

    def records(self, reference: str | None = None) -> list[dict[str, object]]:
        listed = requests.get(self.url, timeout=5).json()["records"]
        return [each for each in listed if reference in (None, each["reference"])]


@pytest.fixture
def stockport_lcs(stack: Stack) -> Lcs:
    return Lcs(stack, "stockport")

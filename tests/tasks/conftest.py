"""A desk whose deliveries a dispatcher works on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from service.adapters.profiles import Profile
from service.configuration import profiles
from tests.store.rows import let_go
from tests.support.bridge import Bridge
from tests.usecases.desk import Desk, assert_conserved


@pytest.fixture(scope="session", autouse=True)
def _let_go() -> Iterator[None]:
    yield
    let_go()


@pytest.fixture(scope="session")
def known_profiles(config_dir: Path) -> Mapping[str, Profile]:
    return profiles(config_dir)


@pytest.fixture
def desk(bridge: Bridge, known_profiles: Mapping[str, Profile]) -> Iterator[Desk]:
    """Whatever the test did, the books balance at its end."""
    made = Desk(bridge, known_profiles)
    yield made
    assert_conserved(made)

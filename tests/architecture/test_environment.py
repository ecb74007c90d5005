"""config/env.example is the whole truth about the environment."""

from __future__ import annotations

import pytest

from service import settings
from service.settings import NEEDS, Process
from tests.architecture.environment import (
    command_names,
    compose_names,
    constant_names,
    example,
    profile_names,
    settings_names,
)


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all settings only the one that nothing starts without."""
    for name in settings_names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WISE_DATABASE_URL", "postgresql+psycopg://wise_owner@localhost/wise")


def test_every_name_that_is_read_is_in_the_example_and_no_other() -> None:
    read = settings_names() | command_names() | profile_names() | compose_names() | constant_names()
    assert set(example()) == read


def test_every_kind_of_reader_was_found() -> None:
    """An empty set would agree with anything."""
    assert "WISE_DATABASE_URL" in settings_names()
    assert "WISE_CLIENT_SECRET" in command_names()
    assert "OLDHAM_MOSAIC_API_KEY" in profile_names()
    assert "WISE_BRIDGE_ALLOW_LOOPBACK" in constant_names()
    assert {"WISE_OWNER_PASSWORD", "WISE_ADMIN_PASSWORD", "WISE_SECRETS_DIR"} <= compose_names()


@pytest.mark.usefixtures("bare_environment")
def test_the_defaults_in_the_example_are_those_of_the_code() -> None:
    loaded = settings.load(Process.OWNER)
    shown = {name: value for name, value in example().items() if name in settings_names() and value}

    assert shown
    assert {name: str(getattr(loaded, name.removeprefix("WISE_").lower())) for name in shown} == shown


@pytest.mark.usefixtures("bare_environment")
def test_the_configuration_is_found_without_being_told() -> None:
    assert (settings.load(Process.OWNER).config_dir / "authorities").is_dir()


def test_what_is_secret_has_no_default() -> None:
    required = {f"WISE_{name.upper()}" for needs in NEEDS.values() for name in needs}

    assert {name: value for name, value in example().items() if value and name in required} == {}
    assert {name for name, value in example().items() if value and ("SECRET" in name or "PASSWORD" in name)} == set()


@pytest.mark.parametrize("process", list(Process))
def test_each_process_names_everything_it_is_missing(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in settings_names():
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(settings.ConfigurationFault) as raised:
        settings.load(process)

    assert {fault.field for fault in raised.value.faults} == {f"WISE_{name.upper()}" for name in NEEDS[process]}


def test_the_hub_is_told_of_no_broker_and_no_key() -> None:
    assert NEEDS[Process.HUB] == {"database_url", "token_public_key_file"}

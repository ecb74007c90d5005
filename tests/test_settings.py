"""The environment is read in one place, and everything that is wrong with it is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.errors import ConfigurationFault
from service.settings import FIX, NEEDS, ROOT, Process, Settings, load

ALL = {
    "WISE_DATABASE_URL": "postgresql+psycopg://wise_intake:Zqx@localhost/wise",
    "WISE_BROKER_URL": "redis://:Zqx@localhost:6379/0",
    "WISE_CENTRAL_URL": "https://central.example/in/",
    "WISE_KEYS_DIR": "/keys",
    "WISE_TOKEN_SIGNING_KEY_FILE": "/keys/token-signing.pem",
    "WISE_TOKEN_PUBLIC_KEY_FILE": "/keys/token-public.pem",
    "WISE_AUDIT_SIGNING_KEY_FILE": "/keys/audit-signing.pem",
    "WISE_CHECKPOINT_DIR": "/checkpoints",
}
OTHERS = {"WISE_BROKER_URL", "WISE_CENTRAL_URL", "WISE_AUDIT_SIGNING_KEY_FILE", "WISE_CHECKPOINT_DIR"}
"""What the casework web can do without."""
NUMBERS = ("WISE_LEASE_SECONDS", "WISE_REVIEWS_SECONDS", "WISE_SWEEP_SECONDS", "WISE_TOKEN_MINUTES")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Without any variable of ours."""
    for name in (*ALL, *NUMBERS, "WISE_CONFIG_DIR"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def faults(process: Process) -> list[str]:
    with pytest.raises(ConfigurationFault) as stopped:
        load(process)
    return [fault.field for fault in stopped.value.faults]


@pytest.mark.parametrize(
    ("process", "missing"),
    [
        (Process.CASEWORK, sorted(set(ALL) - OTHERS)),
        (Process.HUB, ["WISE_DATABASE_URL", "WISE_TOKEN_PUBLIC_KEY_FILE"]),
        (Process.WORKER, ["WISE_DATABASE_URL", "WISE_KEYS_DIR"]),
        (Process.BEAT, ["WISE_BROKER_URL"]),
        (Process.OWNER, ["WISE_DATABASE_URL"]),
        (Process.RELEASE, ["WISE_DATABASE_URL"]),
        (Process.COURIER, ["WISE_CENTRAL_URL", "WISE_DATABASE_URL"]),
        (Process.KEEPER, ["WISE_AUDIT_SIGNING_KEY_FILE", "WISE_CHECKPOINT_DIR", "WISE_DATABASE_URL"]),
    ],
)
def test_a_process_is_told_of_all_it_lacks_at_once(
    environment: pytest.MonkeyPatch, process: Process, missing: list[str]
) -> None:
    assert faults(process) == missing


@pytest.mark.parametrize("process", Process)
def test_with_what_it_needs_and_nothing_more_a_process_starts(
    environment: pytest.MonkeyPatch, process: Process
) -> None:
    for name in NEEDS[process]:
        environment.setenv(f"WISE_{name.upper()}", ALL[f"WISE_{name.upper()}"])
    assert isinstance(load(process), Settings)


def test_the_hub_gets_neither_keys_nor_broker_nor_the_key_that_signs() -> None:
    assert not {"keys_dir", "broker_url", "token_signing_key_file"} & NEEDS[Process.HUB]


def test_only_the_casework_side_signs_tokens() -> None:
    assert [process for process in Process if "token_signing_key_file" in NEEDS[process]] == [Process.CASEWORK]


def test_every_process_and_every_need_is_described() -> None:
    assert set(NEEDS) == set(Process)
    assert set(FIX) == {name for needed in NEEDS.values() for name in needed}


def test_an_empty_variable_is_a_missing_one(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("WISE_DATABASE_URL", "")
    assert faults(Process.OWNER) == ["WISE_DATABASE_URL"]


@pytest.mark.parametrize("value", ["ten", "", "1,5", "0x10", "10 minutes"])
def test_every_number_that_is_none_is_told_at_once(environment: pytest.MonkeyPatch, value: str) -> None:
    for name in NUMBERS:
        environment.setenv(name, value)
    environment.setenv("WISE_DATABASE_URL", ALL["WISE_DATABASE_URL"])
    assert faults(Process.OWNER) == list(NUMBERS)


def test_what_is_missing_and_what_is_malformed_is_told_together(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("WISE_TOKEN_MINUTES", "ten")
    assert faults(Process.WORKER) == ["WISE_DATABASE_URL", "WISE_KEYS_DIR", "WISE_TOKEN_MINUTES"]


def test_only_beat_cannot_do_without_a_broker() -> None:
    """Records are taken in and delivered without one: the worker's own sweep finds them."""
    assert [process for process in Process if "broker_url" in NEEDS[process]] == [Process.BEAT]


def test_a_fault_says_what_to_do_and_no_value(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("WISE_SWEEP_SECONDS", "Zqx")
    environment.setenv("WISE_BROKER_URL", "redis://Zqx")
    with pytest.raises(ConfigurationFault) as stopped:
        load(Process.CASEWORK)
    assert all(fault.fix for fault in stopped.value.faults)
    assert "WISE_DATABASE_URL: is not set. Set WISE_DATABASE_URL to this process's own role" in str(stopped.value)
    assert "Zqx" not in str(stopped.value)


def test_what_may_be_left_out_has_its_default(environment: pytest.MonkeyPatch) -> None:
    for name, value in ALL.items():
        environment.setenv(name, value)
    found = load(Process.CASEWORK)
    assert found.config_dir == ROOT / "config"
    assert (found.token_minutes, found.lease_seconds, found.sweep_seconds, found.reviews_seconds) == (
        10,
        120,
        5.0,
        900.0,
    )


def test_what_is_set_is_used(environment: pytest.MonkeyPatch) -> None:
    for name, value in ALL.items():
        environment.setenv(name, value)
    for name, value in zip(NUMBERS, ("30", "0.5", "2.5", "5"), strict=True):
        environment.setenv(name, value)
    environment.setenv("WISE_CONFIG_DIR", "/etc/wise")
    found = load(Process.CASEWORK)
    assert (found.lease_seconds, found.reviews_seconds, found.sweep_seconds, found.token_minutes) == (30, 0.5, 2.5, 5)
    assert (found.config_dir, found.keys_dir) == (Path("/etc/wise"), Path("/keys"))
    assert found.database_url == ALL["WISE_DATABASE_URL"]


def test_settings_are_never_shown(environment: pytest.MonkeyPatch) -> None:
    for name, value in ALL.items():
        environment.setenv(name, value)
    assert "Zqx" not in repr(load(Process.CASEWORK))


@pytest.mark.parametrize(
    ("name", "value"),
    [("WISE_TOKEN_MINUTES", "-5"), ("WISE_LEASE_SECONDS", "0"), ("WISE_SWEEP_SECONDS", "0")],
)
def test_a_number_that_would_do_harm_is_refused(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    environment.setenv("WISE_BROKER_URL", "redis://127.0.0.1:9/0")
    environment.setenv(name, value)
    with pytest.raises(ConfigurationFault, match=name):
        load(Process.BEAT)

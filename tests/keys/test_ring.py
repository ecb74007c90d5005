"""How long a process uses keys, when it looks again, and what it does while the master key is away."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.adapters.master import TransitKey, read_transit
from service.domain.delivery import Reason
from service.errors import NeedsHuman, Unavailable
from service.store.key_changes import KeyFolder
from service.store.keyfile import RECORDS
from service.store.keys import AHEAD, FRESH_SECONDS, HOLD_SECONDS, LOOK_SECONDS, RETRY_SECONDS, KeyRing, create_keys
from service.store.vault import KeyedVault
from simulators.transit import TransitSimulator
from tests.support.bridge import STOCKPORT

PLAIN = b"somebody said something"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def provider(transit: TransitSimulator, token_file: Path) -> TransitKey:
    return read_transit(transit.url, token_file, mount="transit", key="wise-bridge", ca_file=None)


@pytest.fixture
def folder(tmp_path: Path, provider: TransitKey) -> Path:
    create_keys(tmp_path / "keys", STOCKPORT, provider)
    return tmp_path / "keys"


@pytest.fixture
def ring(folder: Path, provider: TransitKey, clock: Clock) -> KeyRing:
    return KeyRing(folder, [provider], monotonic=clock)


def test_the_vault_is_asked_once_for_many_records(ring: KeyRing, transit: TransitSimulator) -> None:
    transit.asked.clear()
    vault = KeyedVault(ring)
    for _ in range(20):
        assert vault.open(STOCKPORT, "one", vault.seal(STOCKPORT, "one", PLAIN)) == PLAIN
    assert transit.asked == ["/v1/transit/decrypt/wise-bridge"] * 2  # the index and the one version


def test_keys_are_used_for_so_long_without_the_vault_and_no_longer(
    ring: KeyRing, transit: TransitSimulator, clock: Clock
) -> None:
    keys = ring.of(STOCKPORT)
    transit.stop()
    for clock.now in (1000 + LOOK_SECONDS, 1000 + FRESH_SECONDS, 1000 + HOLD_SECONDS - 1):
        assert ring.of(STOCKPORT) is keys
    clock.now = 1000 + HOLD_SECONDS + RETRY_SECONDS
    with pytest.raises(Unavailable):
        ring.of(STOCKPORT)
    transit.start()
    with pytest.raises(Unavailable):
        ring.of(STOCKPORT)  # it is not asked for every request
    clock.now += RETRY_SECONDS
    assert ring.of(STOCKPORT).wrapping == keys.wrapping


def test_a_token_that_was_taken_away_ends_it_as_well(ring: KeyRing, transit: TransitSimulator, clock: Clock) -> None:
    assert ring.of(STOCKPORT)
    transit.token = "another"
    clock.now += HOLD_SECONDS
    with pytest.raises(Unavailable):
        ring.of(STOCKPORT)


def test_without_the_vault_at_the_start_nothing_is_sealed(ring: KeyRing, transit: TransitSimulator) -> None:
    transit.stop()
    with pytest.raises(Unavailable):
        KeyedVault(ring).seal(STOCKPORT, "one", PLAIN)


def test_a_new_version_seals_when_it_is_seen(ring: KeyRing, folder: Path, provider: TransitKey, clock: Clock) -> None:
    assert ring.of(STOCKPORT).newest == 1
    KeyFolder(folder, [provider]).rotate(STOCKPORT)
    assert ring.of(STOCKPORT).newest == 1
    clock.now += LOOK_SECONDS
    assert ring.of(STOCKPORT).newest == 2


def test_what_another_process_sealed_with_a_newer_version_opens_at_once(
    ring: KeyRing, folder: Path, provider: TransitKey
) -> None:
    vault = KeyedVault(ring)
    assert ring.of(STOCKPORT).newest == 1
    KeyFolder(folder, [provider]).rotate(STOCKPORT)
    sealed = KeyedVault(KeyRing(folder, [provider])).seal(STOCKPORT, "one", PLAIN)
    assert sealed[:3] == b"\x02\x00\x02"
    assert vault.open(STOCKPORT, "one", sealed) == PLAIN


def test_where_the_newer_version_has_not_come_yet_it_is_waited_for(
    ring: KeyRing, folder: Path, provider: TransitKey
) -> None:
    old = {path: path.read_bytes() for path in folder.iterdir()}
    KeyFolder(folder, [provider]).rotate(STOCKPORT)
    sealed = KeyedVault(KeyRing(folder, [provider])).seal(STOCKPORT, "one", PLAIN)
    for path, content in old.items():
        path.write_bytes(content)
    with pytest.raises(Unavailable, match="not come here yet"):
        KeyedVault(ring).open(STOCKPORT, "one", sealed)
    far = b"\x02" + (2 + AHEAD).to_bytes(2) + sealed[3:]
    with pytest.raises(NeedsHuman) as caught:
        KeyedVault(ring).open(STOCKPORT, "one", far)
    assert caught.value.reason is Reason.BODY_UNREADABLE


def test_a_file_that_is_taken_away_ends_its_use(ring: KeyRing, folder: Path, clock: Clock) -> None:
    assert ring.of(STOCKPORT)
    (folder / f"{STOCKPORT}.json").unlink()
    clock.now += HOLD_SECONDS
    with pytest.raises(Unavailable):
        ring.kept(STOCKPORT, RECORDS)

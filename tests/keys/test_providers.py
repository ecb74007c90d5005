"""What every holder of a master key promises, asked of each over what it really is.

A file; a Vault and a KMS, each without and with TLS.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from service.adapters.master import MasterKeyFile, TransitKey, read_kms, read_transit
from service.errors import ConfigurationFault, Unavailable
from service.ports.keys import KeyProvider
from simulators.transit import TransitSimulator
from tests.adapters.test_http_tls import CA, STRANGER, made, server
from tests.keys.conftest import TOKEN, credentials, master_file

if TYPE_CHECKING:
    from tests.support.kms_server import KmsServer

KEY, BOUND = bytes(range(32)), b"wise-bridge/keys|E08000007|records|wrapping 1"


@dataclass
class Case:
    """A provider, another of another key, and how it goes away and comes back."""

    provider: KeyProvider
    other: KeyProvider
    leave: Callable[[], object]
    come_back: Callable[[], object]
    secret: str = TOKEN


@pytest.fixture(autouse=True)
def _as_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WISE_BRIDGE_ALLOW_LOOPBACK", raising=False)


def key_of(url: str, token_file: Path, *, key: str = "wise-bridge", ca_file: Path | None = None) -> TransitKey:
    return read_transit(url, token_file, mount="transit", key=key, ca_file=ca_file)


def of_file(tmp_path: Path) -> Case:
    path = master_file(tmp_path / "one.key")
    aside = tmp_path / "aside"
    provider, other = MasterKeyFile(path), MasterKeyFile(master_file(tmp_path / "other.key"))
    return Case(provider, other, lambda: path.rename(aside), lambda: aside.rename(path))


def of_transit(simulator: TransitSimulator, token_file: Path, ca_file: Path | None = None) -> Case:
    provider, other = (key_of(simulator.url, token_file, key=key, ca_file=ca_file) for key in ("one", "other"))
    simulator.engine.create("other")
    return Case(provider, other, simulator.stop, simulator.start)


def of_kms(server: KmsServer, folder: Path) -> Case:
    from tests.support.kms_server import CLOSED  # as the fixture

    keys = server.machines.get("bridge", CLOSED)
    file = credentials(folder / "credentials", keys)
    provider, other = (
        read_kms(server.new_key(), url=server.url, credentials_file=file, ca_file=server.ca_file) for _ in range(2)
    )
    return Case(provider, other, server.leave, server.come_back, keys["SecretAccessKey"])


@pytest.fixture(params=["file", "vault", "vault over TLS", "kms", "kms over TLS"])
def case(request: pytest.FixtureRequest, tmp_path: Path, token_file: Path) -> Iterator[Case]:
    if request.param == "file":
        yield of_file(tmp_path)
        return
    if request.param.startswith("kms"):
        running: KmsServer = request.getfixturevalue(request.param.replace(" ", "_").lower())
        yield of_kms(running, tmp_path)
        running.come_back()
        return
    context = ca_file = None
    if request.param == "vault over TLS":
        ca_file = tmp_path / "ca.pem"
        ca_file.write_text(CA.pem)
        context = server(tmp_path, made("localhost", CA))
    with TransitSimulator(TOKEN, context=context) as simulator:
        yield of_transit(_Named(simulator), token_file, ca_file) if context else of_transit(simulator, token_file)


class _Named:
    """A simulator under the name its certificate is for."""

    def __init__(self, simulator: TransitSimulator) -> None:
        self.engine, self.stop, self.start = simulator.engine, simulator.stop, simulator.start
        self.url = simulator.url.replace("127.0.0.1", "localhost")


def test_what_was_wrapped_opens_again(case: Case) -> None:
    wrapped = case.provider.wrap(KEY, BOUND)
    assert KEY not in wrapped
    assert case.provider.unwrap(wrapped, BOUND) == KEY


def test_the_same_key_wrapped_twice_looks_different(case: Case) -> None:
    assert case.provider.wrap(KEY, BOUND) != case.provider.wrap(KEY, BOUND)


def test_it_opens_for_nothing_else_it_was_not_bound_to(case: Case) -> None:
    wrapped = case.provider.wrap(KEY, BOUND)
    for bound in (b"", BOUND.replace(b"07", b"06"), BOUND.replace(b"wrapping 1", b"wrapping 2")):
        with pytest.raises(Unavailable):
            case.provider.unwrap(wrapped, bound)


def test_another_master_key_does_not_open_it(case: Case) -> None:
    wrapped = case.provider.wrap(KEY, BOUND)
    assert case.provider.name != case.other.name
    with pytest.raises(Unavailable):
        case.other.unwrap(wrapped, BOUND)


def test_changed_or_cut_it_does_not_open(case: Case) -> None:
    wrapped = case.provider.wrap(KEY, BOUND)
    for spoilt in (b"", wrapped[:10], wrapped[:-4], wrapped + b"AAAA", b"\xff" * 60):
        with pytest.raises(Unavailable):
            case.provider.unwrap(spoilt, BOUND)


def test_away_it_is_unavailable_and_tells_nothing_and_is_there_again(case: Case) -> None:
    wrapped = case.provider.wrap(KEY, BOUND)
    case.leave()
    for call in (lambda: case.provider.wrap(KEY, BOUND), lambda: case.provider.unwrap(wrapped, BOUND)):
        with pytest.raises(Unavailable) as caught:
            call()
        assert_tells_nothing(caught.value, case.secret)
    case.come_back()
    assert case.provider.unwrap(wrapped, BOUND) == KEY


def assert_tells_nothing(error: BaseException | None, secret: str) -> None:
    """Neither the key nor the secret we sign in with hangs on it, nor on what it came from."""
    while error is not None:
        assert base64.b64encode(KEY).decode() not in str(error)
        assert secret not in str(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_master_key_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = master_file(tmp_path / "master.key")
    path.chmod(mode)
    with pytest.raises(ConfigurationFault, match="open to others"):
        MasterKeyFile(path)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_master_key_has_its_length(tmp_path: Path, length: int) -> None:
    path = master_file(tmp_path / "master.key")
    path.write_bytes(os.urandom(length))
    with pytest.raises(ConfigurationFault, match="32 bytes"):
        MasterKeyFile(path)


def test_a_master_key_that_is_replaced_under_way_is_not_used(master: Path) -> None:
    provider = MasterKeyFile(master)
    master_file(master)
    with pytest.raises(Unavailable, match="another one"):
        provider.wrap(KEY, BOUND)


def test_a_vault_that_is_sealed_or_does_not_know_us_is_unavailable(transit: TransitSimulator, token_file: Path) -> None:
    provider = key_of(transit.url, token_file)
    transit.sealed = True
    with pytest.raises(Unavailable):
        provider.wrap(KEY, BOUND)
    transit.sealed, transit.token = False, "renewed"
    with pytest.raises(Unavailable):
        provider.wrap(KEY, BOUND)
    token_file.write_text("renewed")
    assert provider.unwrap(provider.wrap(KEY, BOUND), BOUND) == KEY


def test_vaults_own_rotation_leaves_what_was_wrapped_readable_until_vault_says_otherwise(
    transit: TransitSimulator, token_file: Path
) -> None:
    provider = key_of(transit.url, token_file)
    old = provider.wrap(KEY, BOUND)
    transit.engine.rotate("wise-bridge")
    assert provider.wrap(KEY, BOUND).startswith(b"vault:v2:")
    assert provider.unwrap(old, BOUND) == KEY
    transit.engine.forbid_below("wise-bridge", 2)
    with pytest.raises(Unavailable):
        provider.unwrap(old, BOUND)


def test_a_vault_with_a_certificate_of_somebody_elses_is_not_asked(tmp_path: Path, token_file: Path) -> None:
    ca_file = tmp_path / "ca.pem"
    ca_file.write_text(CA.pem)
    with TransitSimulator(TOKEN, context=server(tmp_path, made("localhost", STRANGER))) as simulator:
        provider = key_of(simulator.url.replace("127.0.0.1", "localhost"), token_file, ca_file=ca_file)
        with pytest.raises(Unavailable):
            provider.wrap(KEY, BOUND)
        assert simulator.asked == []


@pytest.mark.parametrize(
    "url", ["http://vault.example:8200", "vault.example", "https://u@vault.example", "https://vault.example/v1", ""]
)
def test_an_address_that_could_show_a_key_on_the_wire_is_refused(url: str, token_file: Path) -> None:
    with pytest.raises(ConfigurationFault, match="WISE_MASTER_KEY_VAULT_URL"):
        key_of(url, token_file)


def test_certificates_that_are_none_are_told_before_a_key_is_needed(tmp_path: Path, token_file: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(ConfigurationFault):
        key_of("https://vault.example:8200", token_file, ca_file=tmp_path / "ca.pem")


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationFault) as caught:
        read_transit("ftp://x", None, mount="a/../b", key="", ca_file=tmp_path / "none.pem")
    assert [fault.field.removeprefix("WISE_MASTER_KEY_VAULT_") for fault in caught.value.faults] == [
        "URL", "TOKEN_FILE", "MOUNT", "KEY", "CA_FILE",
    ]  # fmt: skip

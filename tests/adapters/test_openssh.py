"""The real OpenSSH server that other tests lean on does what an exchange needs, and nothing more."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import paramiko
import pytest

from tests.support import debian
from tests.support import openssh as support
from tests.support.debian import NoPackage
from tests.support.openssh import OpenSsh, openssh, unpack


@pytest.fixture(scope="module")
def server() -> Iterator[OpenSsh]:
    with openssh("in", "out/collected") as running:
        yield running


@pytest.fixture
def transport(server: OpenSsh) -> Iterator[paramiko.Transport]:
    with paramiko.Transport((server.host, server.port)) as made:
        made.start_client(timeout=10)
        made.auth_publickey(server.user, paramiko.Ed25519Key.from_private_key(io.StringIO(server.private_key)))
        yield made


def sftp(transport: paramiko.Transport) -> paramiko.SFTPClient:
    made = paramiko.SFTPClient.from_transport(transport)
    assert made
    return made


def test_it_is_openssh_with_the_key_it_says(server: OpenSsh, transport: paramiko.Transport) -> None:
    assert "OpenSSH" in transport.remote_version
    assert transport.get_remote_server_key().fingerprint == server.host_key


def test_files_are_put_renamed_over_others_and_found(server: OpenSsh, transport: paramiko.Transport) -> None:
    client = sftp(transport)
    (server.root / "in/REF.json").write_bytes(b"older")
    client.putfo(io.BytesIO(b"newer one"), "in/REF.json.tmp", confirm=False)
    client.posix_rename("in/REF.json.tmp", "in/REF.json")
    assert (client.stat("in/REF.json").st_size, client.listdir("in")) == (9, ["REF.json"])
    assert (server.root / "in/REF.json").read_bytes() == b"newer one"
    with client.open("in/REF.json") as file:
        assert file.read() == b"newer one"


def test_what_is_not_there_or_not_ours_is_said_so(server: OpenSsh, transport: paramiko.Transport) -> None:
    client = sftp(transport)
    with pytest.raises(FileNotFoundError):
        client.stat("in/nothing")
    (server.root / "out").chmod(0o500)
    with pytest.raises(PermissionError):
        client.open("out/REF.ack", "wb")
    (server.root / "out").chmod(0o700)


def test_a_plain_rename_replaces_nothing(transport: paramiko.Transport) -> None:
    client = sftp(transport)
    for name in ("in/a", "in/b"):
        client.putfo(io.BytesIO(name.encode()), name, confirm=False)
    with pytest.raises(OSError, match="Failure"):
        client.rename("in/a", "in/b")


def test_there_is_no_shell(transport: paramiko.Transport) -> None:
    with transport.open_session(timeout=10) as channel:
        channel.settimeout(10)
        channel.exec_command("echo here")
        channel.shutdown_write()
        assert b"here" not in channel.recv(1000)


def test_another_key_does_not_get_in(server: OpenSsh) -> None:
    with paramiko.Transport((server.host, server.port)) as made:
        made.start_client(timeout=10)
        with pytest.raises(paramiko.AuthenticationException):
            made.auth_publickey(server.user, paramiko.RSAKey.generate(2048))


def test_without_a_mirror_it_fails_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(support, "PACKAGES", ("no-such-package-anywhere",))
    monkeypatch.setattr(debian, "_private_lists", lambda folder: None)
    with pytest.raises(NoPackage, match="could not be fetched"):
        unpack(tmp_path)

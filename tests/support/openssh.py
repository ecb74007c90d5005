"""A real OpenSSH server on a loopback port, for tests: Debian's own, never installed, run as a plain user.

The packages are fetched once with apt and unpacked below the environment, which needs neither root nor package lists
of the machine's own: where these are missing or out of date, lists are fetched into a private folder.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import asyncssh

from service.embedded.ports import HeldPort
from tests.support.debian import NoPackage, fetch, once
from tests.support.waiting import eventually

PACKAGES = ("openssh-server", "libwrap0")
LIBRARIES = {
    "libwrap.so.0": "libwrap0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libkrb5.so.3": "libkrb5-3",
    "libk5crypto.so.3": "libk5crypto3",
    "libkrb5support.so.0": "libkrb5support0",
    "libkeyutils.so.1": "libkeyutils1",
    "libcom_err.so.2": "libcom-err2",
    "libaudit.so.1": "libaudit1",
    "libcap-ng.so.0": "libcap-ng0",
}
"""Packages of what sshd is linked to and a small machine may lack."""


@dataclass(frozen=True)
class OpenSsh:
    """A running server. `root` is what a session starts in, seen from outside."""

    host: str
    port: int
    user: str
    private_key: str
    """Unencrypted, OpenSSH's own format."""
    host_key: str
    """`SHA256:…`, as `ssh-keygen -l` prints it."""
    root: Path

    def connection(self) -> dict[str, str]:
        """The settings an SFTP connector takes."""
        return {
            "host": self.host,
            "port": str(self.port),
            "user": self.user,
            "private_key": self.private_key,
            "host_keys": self.host_key,
        }

    def make_folders(self, *names: str) -> None:
        """Folders below the root that the session's user may write to."""
        for name in names:
            (self.root / name).mkdir(parents=True, exist_ok=True)
        _give(self.root, _account())


@contextmanager
def openssh(*folders: str) -> Iterator[OpenSsh]:
    """A server of its own, with these folders below its root, gone afterwards.

    A session starts in the root, but there is no chroot: relative paths only.
    """
    unpacked = unpack(Path(sys.prefix) / "openssh")
    with tempfile.TemporaryDirectory(prefix="openssh-", dir="/tmp") as name, closing(HeldPort()) as port:
        top, account = Path(name), _account()
        server = _prepare(top, unpacked, account, port.number)
        server.make_folders(*folders)
        with _running(top, account, server.port):
            yield server


def unpack(folder: Path) -> Path:
    """sshd and what it needs, in one folder; fetched the first time, by one process while others wait."""
    with once(folder) as to_do:
        if to_do:
            fetch(folder, PACKAGES)
            fetch(folder, _missing(folder))
            if _missing(folder):
                raise NoPackage(f"sshd still lacks {', '.join(_missing(folder))}: install these, or run on Debian 12.")
    return folder


def _missing(folder: Path) -> list[str]:
    """Packages of libraries that the loader does not find; a library nobody here knows is named as itself."""
    listed = subprocess.run(
        ["ldd", _sshd(folder)], env=_environment(folder), capture_output=True, text=True, check=False
    )
    names = re.findall(r"^\s*(\S+) => not found", listed.stdout, re.MULTILINE)
    return sorted({LIBRARIES.get(name, name) for name in names})


def _sshd(folder: Path) -> Path:
    return folder / "root/usr/sbin/sshd"


def _environment(folder: Path) -> dict[str, str]:
    places = [str(path) for path in sorted(folder.glob("root/**/*-linux-gnu*")) if path.is_dir()]
    return {"LD_LIBRARY_PATH": ":".join([*places, str(folder)]), "PATH": os.environ.get("PATH", "")}


def _account() -> pwd.struct_passwd:
    """Ourselves; in place of root, whose sshd would want an account and folders of its own on the machine, nobody."""
    return pwd.getpwuid(os.getuid()) if os.getuid() else pwd.getpwnam("nobody")


def _prepare(top: Path, unpacked: Path, account: pwd.struct_passwd, port: int) -> OpenSsh:
    """Everything sshd reads, copied to where its user may read it: the environment may be root's alone."""
    libraries = [path for path in unpacked.glob("root/**/*.so*") if "/security/" not in str(path)]
    for path in (_sshd(unpacked), *libraries):
        shutil.copy(path, top)
    host, key = asyncssh.generate_private_key("ssh-ed25519"), asyncssh.generate_private_key("ssh-ed25519")
    (top / "host_key").write_bytes(host.export_private_key("openssh"))
    (top / "authorized").write_bytes(key.export_public_key("openssh"))
    (top / "config").write_text(_config(top, port))
    (top / "root").mkdir()
    _give(top, account)
    (top / "host_key").chmod(0o600)
    private = key.export_private_key("openssh").decode()
    return OpenSsh("127.0.0.1", port, account.pw_name, private, host.get_fingerprint(), top / "root")


def _config(top: Path, port: int) -> str:
    """SFTP and nothing else, by key and no other way. Without PAM, sshd would refuse nobody's account as locked."""
    return f"""Port {port}
ListenAddress 127.0.0.1
HostKey {top}/host_key
AuthorizedKeysFile {top}/authorized
PidFile none
StrictModes no
UsePAM yes
PasswordAuthentication no
KbdInteractiveAuthentication no
DisableForwarding yes
PermitTTY no
Subsystem sftp internal-sftp
ForceCommand internal-sftp -d {top}/root
"""


def _give(folder: Path, account: pwd.struct_passwd) -> None:
    """Only root can, and only root needs to."""
    if os.getuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, account.pw_uid, account.pw_gid)


@contextmanager
def _running(top: Path, account: pwd.struct_passwd, port: int) -> Iterator[None]:
    other = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
    call = [top / "sshd", "-D", "-e", "-f", top / "config"]
    with (top / "log").open("wb") as log:
        process = subprocess.Popen(call, env=_environment(top), stderr=log, **other)
    try:
        eventually(lambda: process.poll() is not None or _listens(port))
        if process.poll() is not None:
            raise NoPackage(f"sshd did not start: {(top / 'log').read_text().strip()}")
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False

"""The instance's SSH host key: made once, then kept, because clients pin its fingerprint."""

import os
from pathlib import Path

import asyncssh

from simulators.sftp import durable


def load_or_create(folder: Path) -> asyncssh.SSHKey:
    """The key in this folder, made on the first start."""
    path = folder / "host_key"
    if not path.exists():
        return replace(folder)
    os.chmod(path, 0o600)
    return asyncssh.read_private_key(path)


def replace(folder: Path) -> asyncssh.SSHKey:
    """A new key in place of whatever was there."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    durable.write(folder / "host_key", key.export_private_key("openssh"))
    return key


def read_authorized(path: Path) -> frozenset[bytes]:
    """Public keys, one a line as ssh-keygen writes them. Options before a key are not supported."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    keys = [asyncssh.import_public_key(line) for line in lines if line and not line.startswith("#")]
    if not keys:
        raise ValueError(f"{path} holds no public key")
    return frozenset(key.public_data for key in keys)

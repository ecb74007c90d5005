"""A master key in a file of 32 random bytes that its owner alone can read."""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from service.errors import ConfigFault, ConfigurationFault, Unavailable

LENGTH = 32
_NONCE = 12
_FIX = "Make one with: (umask 077; openssl rand -out FILE 32)"


class MasterKeyFile:
    """`KeyProvider` over the file. It is read each time, so that taking the file away takes the key away."""

    def __init__(self, path: Path, setting: str = "WISE_MASTER_KEY_FILE") -> None:
        """Raises `ConfigurationFault` for a file that is missing, open to others, or of another length."""
        self._path = path
        try:
            key = _read(path)
        except (OSError, ValueError) as error:
            detail = str(error) if isinstance(error, ValueError) else "names no file that can be read."
            fault = ConfigFault("environment", None, setting, detail, _FIX)
            raise ConfigurationFault([fault]) from None
        self._name = _name(key)

    @property
    def name(self) -> str:
        """`file:` and a mark of the key, by which it is known again and cannot be found."""
        return self._name

    def wrap(self, key: bytes, bound: bytes) -> bytes:
        """Nonce, and the key by AES-256-GCM."""
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self._key()).encrypt(nonce, key, bound)

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        """Raises `Unavailable`."""
        try:
            return AESGCM(self._key()).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], bound)
        except (InvalidTag, ValueError) as error:
            raise Unavailable("A key file does not fit the master key.", retry_after=60) from error

    def _key(self) -> bytes:
        try:
            key = _read(self._path)
        except (OSError, ValueError) as error:
            raise Unavailable("The master key cannot be read.", retry_after=60) from error
        if _name(key) != self._name:
            raise Unavailable("The master key is another one than at the start.", retry_after=60)
        return key


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
            raise ValueError("is open to others than its owner. Replace it: whoever read it has the key.")
        key = file.read(LENGTH + 1)
    if len(key) != LENGTH:
        raise ValueError(f"does not hold {LENGTH} bytes.")
    return key


def _name(key: bytes) -> str:
    return f"file:{hmac.digest(key, b'wise-bridge master key name', hashlib.sha256)[:8].hex()}"

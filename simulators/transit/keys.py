"""Named keys with versions, as the engine keeps them. What is encrypted says under which version: `vault:v2:…`."""

import base64
import binascii
import os
import threading
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


class Refused(Exception):
    """What the engine answers with 400; its text is one of Vault's own."""


@dataclass
class NamedKey:
    """Of type aes256-gcm96. `versions` count from 1; those under `least` decrypt no more."""

    versions: list[bytes] = field(default_factory=lambda: [AESGCM.generate_key(256)])
    least: int = 1


class Engine:
    """All keys of one mount. Threads may share it."""

    def __init__(self) -> None:
        self._keys: dict[str, NamedKey] = {}
        self._lock = threading.Lock()

    def create(self, name: str) -> None:
        """A key that is there stays as it is."""
        with self._lock:
            self._keys.setdefault(name, NamedKey())

    def rotate(self, name: str) -> None:
        """A new version encrypts from now on."""
        with self._lock:
            self._keys[name].versions.append(AESGCM.generate_key(256))

    def forbid_below(self, name: str, version: int) -> None:
        """`min_decryption_version` of the real one."""
        with self._lock:
            self._keys[name].least = version

    def encrypt(self, name: str, plaintext: str, associated: str) -> str:
        """Both in base64. A key that is not there is made, as Vault does for a token that may create."""
        self.create(name)
        with self._lock:
            versions = list(self._keys[name].versions)
        nonce = os.urandom(NONCE)
        sealed = nonce + AESGCM(versions[-1]).encrypt(nonce, _decoded(plaintext), _decoded(associated))
        return f"vault:v{len(versions)}:{base64.b64encode(sealed).decode()}"

    def decrypt(self, name: str, ciphertext: str, associated: str) -> str:
        """The plaintext in base64."""
        with self._lock:
            found = self._keys.get(name)
            versions, least = (list(found.versions), found.least) if found else ([], 1)
        if not versions:
            raise Refused("encryption key not found")
        vault, _, rest = ciphertext.partition(":v")
        number, _, body = rest.partition(":")
        if vault != "vault" or not number.isdigit() or not 1 <= int(number) <= len(versions):
            raise Refused("invalid ciphertext: no prefix")
        if int(number) < least:
            raise Refused("ciphertext or signature version is disallowed by policy (too old)")
        sealed = _decoded(body)
        try:
            plain = AESGCM(versions[int(number) - 1]).decrypt(sealed[:NONCE], sealed[NONCE:], _decoded(associated))
        except (InvalidTag, ValueError):
            raise Refused("cipher: message authentication failed") from None
        return base64.b64encode(plain).decode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refused("failed to base64-decode plaintext") from None

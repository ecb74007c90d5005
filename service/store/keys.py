"""The authorities' keys, two files each with mode 0600, so that a process can be given one and not another.

`<authority>.json` opens records; `<authority>.third-parties.json` opens what they say of people who may pose risk.
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from service.errors import ConfigFault, ConfigurationFault, Unavailable

_AUTHORITY = re.compile(r"[EWSN][0-9]{8}")


@dataclass(frozen=True, repr=False)
class AuthorityKeys:
    """`wrapping` wraps record keys; `index` keys the blind index and digests. 32 random bytes each."""

    wrapping: bytes
    index: bytes


_APART = ".third-parties"


class KeyRing:
    """Reads an authority's key files on first use."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loaded: dict[str, AuthorityKeys] = {}

    def of(self, authority: str) -> AuthorityKeys:
        """The authority's keys. Without them nothing of that authority is accepted: it could not be encrypted."""
        return self._load(authority, "")

    def apart(self, authority: str) -> AuthorityKeys:
        """The authority's keys for third parties."""
        return self._load(authority, _APART)

    def _load(self, authority: str, kind: str) -> AuthorityKeys:
        if authority + kind not in self._loaded:
            self._loaded[authority + kind] = self._read(authority, kind)
        return self._loaded[authority + kind]

    def _read(self, authority: str, kind: str) -> AuthorityKeys:
        if not _AUTHORITY.fullmatch(authority):
            raise Unavailable("No keys for this authority.", retry_after=60)
        try:
            content = json.loads((self._folder / f"{authority}{kind}.json").read_text())
            keys = AuthorityKeys(*(base64.b64decode(content[name], validate=True) for name in ("wrapping", "index")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Unavailable("No keys for this authority.", retry_after=60) from error
        if (len(keys.wrapping), len(keys.index)) != (32, 32):
            raise Unavailable("No keys for this authority.", retry_after=60)
        return keys


def create_keys(folder: Path, authority: str) -> bool:
    """Makes an authority's key files. False when they are there: never overwritten, because records depend on them."""
    if not _AUTHORITY.fullmatch(authority):
        fault = ConfigFault(str(folder), None, "authority", "isn't an ONS authority code.", "Write it like E08000007.")
        raise ConfigurationFault([fault])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = [_create(folder / f"{authority}{kind}.json") for kind in ("", _APART)]
    return any(made)


def _create(path: Path) -> bool:
    content = {name: base64.b64encode(secrets.token_bytes(32)).decode() for name in ("wrapping", "index")}
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w") as file:
        json.dump({"version": 1, **content}, file)
        file.flush()
        os.fsync(file.fileno())
    return True

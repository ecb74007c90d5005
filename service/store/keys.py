"""The authorities' keys, two files each with mode 0600, so that a process can be given one and not another.

`<authority>.json` opens records; `<authority>.third-parties.json` opens what they say of people who may pose risk.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from service.errors import ConfigFault, ConfigurationFault, Unavailable
from service.ports.keys import KeyProvider
from service.store import keyfile
from service.store.keyfile import APART, KINDS, RECORDS, AuthorityKeys, KeyFile, Version

LOOK_SECONDS = 10.0
"""Between two looks at a file: a new version is taken up within so long."""
FRESH_SECONDS = 300.0
"""After so long the master key is asked again, even for a file that did not change."""
HOLD_SECONDS = 900.0
"""The longest that unwrapped keys are used without its holder. Long enough for a restart of a Vault, or a failover, to
stop no intake; short enough that taking the master key away from a process that was broken into ends something soon.
"""
RETRY_SECONDS = 5.0
"""After a failure nobody is asked for so long: requests do not queue up behind a holder that is away."""

AHEAD = 4
"""So many versions another process may know of first. What names a later one was damaged."""


@dataclass(repr=False)
class _Held:
    """What is known of one file: its keys, or that they cannot be had just now."""

    keys: AuthorityKeys | None
    stamp: tuple[int, ...]
    unwrapped: float
    look_again: float


class KeyRing:
    """Reads an authority's key files on first use, and again when they change.

    `masters` are the master keys that files may be wrapped with. Threads may share it.
    """

    def __init__(
        self, folder: Path, masters: Sequence[KeyProvider] = (), *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._folder, self._masters, self._monotonic = folder, tuple(masters), monotonic
        self._held: dict[tuple[str, str], _Held] = {}
        self._locks: dict[tuple[str, str], threading.Lock] = {}

    def of(self, authority: str) -> AuthorityKeys:
        """The authority's keys. Without them nothing of that authority is accepted: it could not be encrypted."""
        return self.kept(authority, RECORDS)

    def apart(self, authority: str) -> AuthorityKeys:
        """The authority's keys for third parties."""
        return self.kept(authority, APART)

    def kept(self, authority: str, kind: str) -> AuthorityKeys:
        """Of either kind. Raises `Unavailable`."""
        held = self._held.get((authority, kind))
        if held is None or self._monotonic() >= held.look_again:
            held = self._looked(authority, kind)
        if held.keys is None:
            raise keyfile.no_keys()
        return held.keys

    def knowing(self, authority: str, kind: str, version: int) -> AuthorityKeys:
        """The keys; the file is looked at at once when this version is a little newer than all that are known.

        Raises `Unavailable` when it is still not there: another process had it first, and this one will.
        """
        keys = self.kept(authority, kind)
        if keys.newest < version <= keys.newest + AHEAD:
            keys = self._looked(authority, kind, at_once=True).keys or keys
        if keys.newest < version <= keys.newest + AHEAD:
            raise Unavailable("A newer key of this authority has not come here yet.", retry_after=60)
        return keys

    def _looked(self, authority: str, kind: str, *, at_once: bool = False) -> _Held:
        """One thread looks; the others wait, and find what it found."""
        name = (authority, kind)
        with self._locks.setdefault(name, threading.Lock()):
            held, now = self._held.get(name), self._monotonic()
            if held is None or now >= held.look_again or at_once:
                held = self._renewed(authority, kind, held, now)
                if keyfile.is_authority(authority):
                    self._held[name] = held
            return held

    def _renewed(self, authority: str, kind: str, held: _Held | None, now: float) -> _Held:
        stamp: tuple[int, ...] = ()
        try:
            stamp = self._stamp(authority, kind)
            if held and held.keys and held.stamp == stamp and now < held.unwrapped + FRESH_SECONDS:
                return _Held(held.keys, stamp, held.unwrapped, now + LOOK_SECONDS)
            keys = keyfile.read(self._folder, authority, kind).opened(self._masters)
            return _Held(keys, stamp, now, now + LOOK_SECONDS)
        except Unavailable:
            if held and held.keys and now < held.unwrapped + HOLD_SECONDS:
                return _Held(held.keys, held.stamp, held.unwrapped, now + RETRY_SECONDS)
            missing = stamp == ()
            return _Held(None, stamp, now, now if missing else now + RETRY_SECONDS)

    def _stamp(self, authority: str, kind: str) -> tuple[int, ...]:
        try:
            found = keyfile.path_of(self._folder, authority, kind).stat()
        except OSError as error:
            raise keyfile.no_keys() from error
        return found.st_ino, found.st_mtime_ns, found.st_size


def create_keys(folder: Path, authority: str, master: KeyProvider | None = None) -> bool:
    """Makes an authority's key files. False when they are there: never overwritten, because records depend on them.

    With a master key they are wrapped by it. Raises `Unavailable` when it is away.
    """
    if not keyfile.is_authority(authority):
        fault = ConfigFault(str(folder), None, "authority", "isn't an ONS authority code.", "Write it like E08000007.")
        raise ConfigurationFault([fault])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = [_create(folder, authority, kind, master) for kind in KINDS]
    return any(made)


def new_version(number: int) -> Version:
    """Another wrapping key, plain."""
    return Version(number, secrets.token_bytes(32), datetime.now(UTC).replace(microsecond=0))


def _create(folder: Path, authority: str, kind: str, master: KeyProvider | None) -> bool:
    if keyfile.path_of(folder, authority, kind).exists():
        return False
    plain = KeyFile(authority, kind, None, secrets.token_bytes(32), (new_version(1),))
    return keyfile.write(folder, plain.wrapped_by(master), new=True)

"""Changes of key files: wrapping them by a master key, adding a version, destroying one.

One change at a time in a folder; each file is replaced whole. Both files of an authority keep the same versions.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from service.errors import NotPossible
from service.ports.keys import KeyProvider
from service.store import keyfile
from service.store.keyfile import KINDS, KeyFile
from service.store.keys import new_version

SETTLED = timedelta(hours=1)
"""A version is destroyed when its successor has been there for so long: every process has taken that up, or was
restarted, and nothing sealed under the old one is on its way to the database any more."""
NO_MASTER = "No master key is set. Set WISE_MASTER_KEY_FILE, WISE_MASTER_KEY_VAULT_URL or WISE_MASTER_KEY_KMS_KEY."


class KeyFolder:
    """The key files in a folder. Methods raise `Unavailable` for files or master keys that cannot be used."""

    def __init__(self, folder: Path, masters: Sequence[KeyProvider]) -> None:
        self._folder, self._masters = folder, tuple(masters)

    def authorities(self) -> list[str]:
        """Whose keys are here, in order."""
        return sorted(path.stem for path in self._folder.glob("*.json") if keyfile.is_authority(path.stem))

    def kinds(self, authority: str) -> list[str]:
        """Which of an authority's two files are here."""
        return [kind for kind in KINDS if keyfile.path_of(self._folder, authority, kind).exists()]

    def look(self, authority: str) -> list[KeyFile]:
        """The files, their keys as they are kept."""
        return [keyfile.read(self._folder, authority, kind) for kind in self.kinds(authority)]

    def newest(self, authority: str) -> int:
        """The greatest version that both files have. Raises `NotPossible` where a file is missing."""
        return min(max(each.id for each in file.versions) for file in self._whole(authority))

    def wrap(self) -> int:
        """Every plain file is wrapped. How many there were. Raises `NotPossible` without a master key."""
        return self._under_master(lambda file: file.under is None)

    def rotate_master(self) -> int:
        """Every file is wrapped anew by the master key that wraps now. How many were."""
        return self._under_master(lambda _file: True)

    def rotate(self, authority: str) -> int:
        """Adds a version, which seals from when processes see it. Its id."""
        with self._alone():
            files = [file.under_none(self._masters) for file in self._whole(authority)]
            number = max(each.id for file in files for each in file.versions) + 1
            if number > keyfile.LONGEST:
                raise NotPossible(f"{authority} has had {keyfile.LONGEST} versions, and can have no more.")
            for file in files:
                self._write(replace(file, versions=(*file.versions, new_version(number))))
        return number

    def require_old(self, authority: str, version: int, now: datetime | None = None) -> None:
        """Raises `NotPossible` unless the version is there, seals nothing, and has not for an hour."""
        now = now or datetime.now(UTC)
        versions = {each.id: each for file in self._whole(authority) for each in file.versions}
        newest = versions[max(versions)]
        if version not in versions:
            raise NotPossible(f"{authority} has no version {version}. It has {', '.join(map(str, sorted(versions)))}.")
        if version == newest.id:
            raise NotPossible(f"Version {version} of {authority} seals. Run `wise-bridge keys rotate` first.")
        if newest.made_at is None or now - newest.made_at < SETTLED:
            raise NotPossible(
                f"The newest version of {authority} is not an hour old: something may still be on its way under an "
                "older one. Try again later."
            )

    def retire(self, authority: str, version: int) -> None:
        """Destroys it in both files. What is still under it can never be opened again: count first."""
        with self._alone():
            self.require_old(authority, version)
            for file in self._whole(authority):
                left = tuple(each for each in file.versions if each.id != version)
                keyfile.write(self._folder, replace(file, versions=left))

    def _under_master(self, wanted: Callable[[KeyFile], bool]) -> int:
        if not self._masters:
            raise NotPossible(NO_MASTER)
        with self._alone():
            files = [file for authority in self.authorities() for file in self.look(authority) if wanted(file)]
            for plain in [file.under_none(self._masters) for file in files]:
                self._write(plain)
        return len(files)

    def _whole(self, authority: str) -> list[KeyFile]:
        if not keyfile.is_authority(authority) or set(self.kinds(authority)) != set(KINDS):
            raise NotPossible(f"The two key files of {authority} are not both in {self._folder}.")
        return self.look(authority)

    def _write(self, plain: KeyFile) -> None:
        """Wrapped, and tried: what cannot be opened again must not take the place of what can."""
        file = plain.wrapped_by(self._masters[0] if self._masters else None)
        if file.under_none(self._masters) != plain:
            raise NotPossible("The master key does not open what it wrapped. Nothing was changed.")
        keyfile.write(self._folder, file)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._folder.is_dir():
            raise NotPossible(f"There is no folder {self._folder}.")
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

"""An authority's key file: its keys plain (as first made without a master key) or wrapped by a master key.

    {"version": 1, "wrapping": "…", "index": "…"}
    {"version": 2, "under": "file:3f…", "index": "…", "wrapping": [{"id": 1, "made_at": "…", "key": "…"}, …]}

Keys are base64. `under` names the master key; null: they are plain. Each wrapped key is bound to its authority, its
kind and its own name, which come from the file's name and place: a file under another name opens nothing.
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from service.errors import Unavailable
from service.ports.keys import KeyProvider

RECORDS, APART = "records", "third-parties"
KINDS = (RECORDS, APART)
LONGEST = 0xFFFF
"""The greatest id of a version: it has two bytes in what is sealed."""
_AUTHORITY = re.compile(r"[EWSN][0-9]{8}")
_LENGTH = 32


@dataclass(frozen=True, repr=False)
class AuthorityKeys:
    """`wrappings` wrap record keys, by version; `index` keys the blind index and digests. 32 random bytes each."""

    wrappings: Mapping[int, bytes]
    index: bytes

    @property
    def newest(self) -> int:
        """The version that seals."""
        return max(self.wrappings)

    @property
    def wrapping(self) -> bytes:
        """The key that seals."""
        return self.wrappings[self.newest]


@dataclass(frozen=True, repr=False)
class Version:
    """One version as it stands in the file. `made_at` is not known of a file in the first form."""

    id: int
    key: bytes
    made_at: datetime | None


@dataclass(frozen=True, repr=False)
class KeyFile:
    """A file as it was read: its keys are wrapped unless `under` is None."""

    authority: str
    kind: str
    under: str | None
    index: bytes
    versions: tuple[Version, ...]

    def opened(self, masters: Sequence[KeyProvider]) -> AuthorityKeys:
        """The keys themselves. Raises `Unavailable` when none of the master keys is the one, or it is away."""
        file = self.under_none(masters)
        return AuthorityKeys({each.id: each.key for each in file.versions}, file.index)

    def under_none(self, masters: Sequence[KeyProvider]) -> KeyFile:
        """The same, plain. For memory only. Raises `Unavailable`."""
        plain = self if self.under is None else self._each(self._holder(masters).unwrap, under=None)
        if any(len(key) != _LENGTH for key in (plain.index, *(each.key for each in plain.versions))):
            raise no_keys()
        return plain

    def wrapped_by(self, master: KeyProvider | None) -> KeyFile:
        """A plain one, wrapped; without a master key it stays plain. Raises `Unavailable`."""
        return self if master is None else self._each(master.wrap, under=master.name)

    def _holder(self, masters: Sequence[KeyProvider]) -> KeyProvider:
        for each in masters:
            if each.name == self.under:
                return each
        raise no_keys()

    def _each(self, change: Any, *, under: str | None) -> KeyFile:
        index = change(self.index, _bound(self.authority, self.kind, "index"))
        versions = (
            replace(each, key=change(each.key, _bound(self.authority, self.kind, f"wrapping {each.id}")))
            for each in self.versions
        )
        return replace(self, under=under, index=index, versions=tuple(versions))


def no_keys() -> Unavailable:
    """One sentence, whatever is wrong with a file."""
    return Unavailable("No keys for this authority.", retry_after=60)


def is_authority(code: str) -> bool:
    """Whether a file may be named by it."""
    return _AUTHORITY.fullmatch(code) is not None


def path_of(folder: Path, authority: str, kind: str) -> Path:
    """`<authority>.json`, or `<authority>.third-parties.json`. Raises `Unavailable` for what is no ONS code."""
    if not is_authority(authority):
        raise no_keys()
    return folder / f"{authority}{'' if kind == RECORDS else f'.{kind}'}.json"


def read(folder: Path, authority: str, kind: str) -> KeyFile:
    """Raises `Unavailable` for a file that is missing or not whole."""
    try:
        content = json.loads(path_of(folder, authority, kind).read_text())
        under, listed = (None, [{"id": 1, "key": content["wrapping"]}])
        if content.get("version") == 2:
            under, listed = content["under"], content["wrapping"]
        return _checked(KeyFile(authority, kind, under, _bytes(content["index"]), tuple(map(_version, listed))))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise no_keys() from error


def write(folder: Path, file: KeyFile, *, new: bool = False) -> bool:
    """All of it or nothing, for its owner's eyes. `new`: False, and nothing written, where there is a file already."""
    path = path_of(folder, file.authority, file.kind)
    beside = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}.new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(_content(file), out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(beside, path) if new else beside.replace(path)
    except FileExistsError:
        return False
    finally:
        beside.unlink(missing_ok=True)
    _keep_names(folder)
    return True


def _keep_names(folder: Path) -> None:
    """The new name is on the disk, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _content(file: KeyFile) -> dict[str, Any]:
    versions = [
        {"id": each.id, "made_at": each.made_at.isoformat() if each.made_at else None, "key": _text(each.key)}
        for each in file.versions
    ]
    return {"version": 2, "under": file.under, "index": _text(file.index), "wrapping": versions}


def _version(entry: Mapping[str, Any]) -> Version:
    made = entry.get("made_at")
    return Version(entry["id"], _bytes(entry["key"]), datetime.fromisoformat(made).astimezone(UTC) if made else None)


def _checked(file: KeyFile) -> KeyFile:
    ids = [each.id for each in file.versions]
    if not ids or len(set(ids)) != len(ids) or not all(type(each) is int and 1 <= each <= LONGEST for each in ids):
        raise ValueError("versions")
    if file.under is not None and not isinstance(file.under, str):
        raise ValueError("under")
    return file


def _bound(authority: str, kind: str, name: str) -> bytes:
    return f"wise-bridge/keys|{authority}|{kind}|{name}".encode()


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)

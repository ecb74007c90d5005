"""Marks that are planted in what is sent, and every form in which one could turn up where it must not."""

from __future__ import annotations

import base64
import mmap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path


def _in_base64(stem: bytes) -> Iterator[tuple[str, bytes]]:
    """The letters that are the same whatever stands before and after, for each of the three beginnings."""
    for before in range(3):
        written = base64.b64encode(b"\0" * before + stem)
        begins, ends = -(-before * 8 // 6), (before + len(stem)) * 8 // 6
        yield f"base64, {before} before", written[begins:ends]


def forms(stem: str) -> Mapping[str, bytes]:
    """By name. `stem` is of ASCII letters and digits; a mark is it and a number behind it."""
    raw = stem.encode("ascii")
    escaped = "".join(f"\\u{ord(each):04x}" for each in stem)
    named = {
        "plain": raw,
        "lower case": raw.lower(),
        "upper case": raw.upper(),
        "backwards": raw[::-1],
        "hex": raw.hex().encode(),
        "HEX": raw.hex().upper().encode(),
        "UTF-16 little": stem.encode("utf-16-le"),
        "UTF-16 big": stem.encode("utf-16-be"),
        "per cent": "".join(f"%{each:02x}" for each in raw).encode(),
        "PER CENT": "".join(f"%{each:02X}" for each in raw).encode(),
        "JSON escapes": escaped.encode(),
        "character references": "".join(f"&#{each};" for each in raw).encode(),
    }
    return named | dict(_in_base64(raw))


@dataclass
class Found:
    """Where which form was found, in words; and how much was read."""

    places: list[str] = field(default_factory=list)
    read: int = 0
    looked_at: int = 0

    def add(self, other: Found) -> Found:
        """Both."""
        return Found(self.places + other.places, self.read + other.read, self.looked_at + other.looked_at)


@dataclass(frozen=True)
class Mark:
    """A stem to look for. `also` are texts of fixed form that came with it, such as a number for tests."""

    stem: str
    also: tuple[str, ...] = ()

    @cached_property
    def _all(self) -> list[tuple[str, bytes]]:
        return [(name, each) for stem in (self.stem, *self.also) for name, each in forms(stem).items()]

    def forms_in(self, content: bytes | mmap.mmap) -> list[str]:
        """The names of the forms that are in it."""
        return sorted({name for name, each in self._all if content.find(each) >= 0})

    def in_text(self, place: str, texts: Iterable[str | bytes]) -> Found:
        """In answers, rows or lines, as one place."""
        found = Found()
        for text in texts:
            content = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
            found.read += len(content)
            found.looked_at += 1
            found.places += [f"{place}: {name}" for name in self.forms_in(content)]
        return Found(sorted(set(found.places)), found.read, found.looked_at)

    def in_files(self, place: str, files: Iterable[Path]) -> Found:
        """In whole files; one that is gone meanwhile is passed by."""
        found = Found()
        for path in files:
            try:
                if not (path.is_file() and path.stat().st_size):
                    continue
                with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
                    found.read += len(content)
                    found.looked_at += 1
                    found.places += [f"{place}/{path.name}: {name}" for name in self.forms_in(content)]
            except (FileNotFoundError, ValueError):
                continue
        return found


def below(*folders: Path) -> Iterator[Path]:
    """Every file of these folders and those in them."""
    for folder in folders:
        if folder.is_dir():
            yield from (path for path in sorted(folder.rglob("*")) if not path.is_symlink())

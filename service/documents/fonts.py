"""The fonts of our documents, all of them from wheels, and which characters they can draw.

System fonts are ignored, so that a document looks the same, byte for byte, on every machine.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import typst

FAMILIES = (
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Bengali",
    "Noto Sans Devanagari",
    "Noto Sans Tamil",
    "Noto Sans Telugu",
)
_FOLDERS = (
    ("fontpkg_noto_sans", "files"),
    ("fontpkg_noto_sans_arabic", "files"),
    ("justmytype_intl_rtl", "fonts/ofl/notosanshebrew"),
    ("justmytype_intl_south_asia", "fonts"),
)
_FORBIDDEN = {0xFEFF, 0xFFFE}
"""PDF/UA-1, 7.21.7: a character may not be mapped to these, nor to U+0000."""


@cache
def loaded() -> typst.Fonts:
    """The fonts, read once for the whole process; compilers of all threads share them."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=_folders())


@cache
def drawable() -> frozenset[str]:
    """Every character that at least one upright font has a shape for, and that PDF/UA lets us draw."""
    paths = (path for folder in _folders() for path in Path(folder).rglob("*.ttf") if "Italic" not in path.name)
    points = {point for path in paths for point in _code_points(path.read_bytes())}
    return frozenset(char for char in map(chr, points - _FORBIDDEN) if unicodedata.category(char) != "Cc")


def _folders() -> list[str]:
    return [str(files(package).joinpath(folder)) for package, folder in _FOLDERS]


def _code_points(font: bytes) -> Iterator[int]:
    """The characters of an OpenType font: its `cmap` table, formats 4 and 12, which is all that Noto uses."""
    start = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", font, start + 2)
    for index in range(count):
        (offset,) = struct.unpack_from(">I", font, start + 4 + 8 * index + 4)
        (kind,) = struct.unpack_from(">H", font, start + offset)
        if kind == 4:
            yield from _format_4(font, start + offset)
        elif kind == 12:
            yield from _format_12(font, start + offset)


def _table(font: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    for index in range(count):
        name, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * index)
        if name == tag:
            return int(offset)
    raise ValueError("not a font with a character table")


def _format_4(font: bytes, at: int) -> Iterator[int]:
    segments = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends, starts, deltas, ranges = (at + 14, *(at + 16 + 2 * segments * step for step in (1, 2, 3)))
    for index in range(segments):
        end, first, delta, reach = (
            struct.unpack_from(">H", font, base + 2 * index)[0] for base in (ends, starts, deltas, ranges)
        )
        for point in range(first, min(end, 0xFFFE) + 1):
            slot = ranges + 2 * index + reach + 2 * (point - first)
            glyph = struct.unpack_from(">H", font, slot)[0] if reach else (point + delta) & 0xFFFF
            if glyph:
                yield point


def _format_12(font: bytes, at: int) -> Iterator[int]:
    (groups,) = struct.unpack_from(">I", font, at + 12)
    for index in range(groups):
        first, end, glyph = struct.unpack_from(">III", font, at + 16 + 12 * index)
        yield from range(first + (glyph == 0), end + 1)

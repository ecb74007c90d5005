"""The texts that bytes may hold, however they are written: what a reader, or a reader's program, would make of them."""

from __future__ import annotations

import binascii
import html
import re
import unicodedata
from base64 import b64decode
from collections.abc import Iterator
from urllib.parse import unquote, unquote_plus

_DEEPEST = 3
_LEGIBLE, _SHORT = 0.8, 16
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_HEX = re.compile(r"(?<![0-9A-Za-z-])(?:[0-9A-Fa-f]{2}){6,}(?![0-9A-Za-z-])")
_WRAPPED = re.compile(r"(?<=[A-Za-z0-9+/_-]{60})(?:\r?\n|\\r\\n|\\n)[ \t]{0,8}(?=[A-Za-z0-9+/_-])")
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\U000e0000-\U000e01ef]"
)
"""What takes no room on a page: soft hyphens, joiners, marks of direction, variants, tags."""


def readings(content: bytes) -> Iterator[str]:
    """Each text once: as written first, then what its parts say when they are read as another writing."""
    seen: set[str] = set()
    layer = set(_texts(content))
    for _ in range(_DEEPEST + 1):
        plain = {_plain(text) for text in layer} - seen
        yield from sorted(plain)
        seen |= plain
        layer = {other for text in plain for other in _otherwise(text)} - seen


def _texts(content: bytes) -> Iterator[str]:
    """The bytes as UTF-8, and where there are noughts among them, as UTF-16 of either order."""
    yield content.decode("utf-8", "replace")
    if b"\x00" in content:
        yield content.replace(b"\x00", b"").decode("utf-8", "replace")
    if b"\x00" in content or content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        yield from (part.decode(order, "replace") for order in _ORDERS for part in (content, content[1:]))


_ORDERS = ("utf-16-le", "utf-16-be")


def _plain(text: str) -> str:
    """Without what nobody sees, and with every digit and letter of Unicode's other sets as the plain one."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", text))


def _otherwise(text: str) -> Iterator[str]:
    if "%" in text:
        yield from (unquote(text, errors="replace"), unquote_plus(text, errors="replace"))
    if "\\u" in text:
        yield _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if "&" in text:
        yield html.unescape(text)
    joined = _WRAPPED.sub("", text)
    for token in set(_BASE64.findall(joined)):
        yield from _from_base64(token.rstrip("=").translate(_URL_SAFE))
    for token in set(_HEX.findall(text)):
        yield from _legible(bytes.fromhex(token))


_URL_SAFE = str.maketrans("-_", "+/")


def _from_base64(token: str) -> Iterator[str]:
    """What it says, wherever in a longer word it begins."""
    for begins in range(4):
        part = token[begins:]
        part = part[: len(part) - 1] if len(part) % 4 == 1 else part
        try:
            content = b64decode(part + "=" * (-len(part) % 4))
        except (binascii.Error, ValueError):
            continue
        yield from _legible(content)


def _legible(content: bytes) -> Iterator[str]:
    """Its texts that are ones: most of it is plain letters. A digest, a key or any word read as base64 is none."""
    for text in _texts(content):
        if text and sum(map(_is_print, text)) >= (_LEGIBLE if len(text) > _SHORT else 1) * len(text):
            yield text


def _is_print(sign: str) -> bool:
    return " " <= sign <= "~" or sign in "\r\n\t" or _UNSEEN.match(sign) is not None

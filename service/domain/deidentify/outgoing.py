"""A last look at bytes that are about to leave for everybody's eyes, for any direct identifier in them.

It knows shapes only, no names: a net under the rule that nothing but figures leaves, never a reason to let a thing go.
It reads no file, and knows no record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.domain.deidentify.disguises import readings
from service.domain.deidentify.finding import Kind
from service.domain.text.identifiers import find_identifiers

_SAID = frozenset({Kind.EMAIL, Kind.PHONE, Kind.NHS_NUMBER, Kind.NINO, Kind.POSTCODE})
"""Of the cheap look's kinds all but a web address, which a release may well name."""

_JSON_LD = (
    "base|container|context|direction|graph|id|import|included|index|json|language|list|nest|none|prefix|propagate"
    "|protected|reverse|set|type|value|version|vocab"
)
_SHAPES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.NHS_NUMBER, re.compile(r"(?<![\w.+-])999[ -]?[0-9]{3}[ -]?[0-9]{4}(?![\w-]|[.:][0-9])")),
    (Kind.UPN, re.compile(r"(?<![A-Za-z0-9])[A-HJ-NP-RT-Za-hj-np-rt-z][0-9]{11}[0-9A-HJ-NP-RT-Z](?![A-Za-z0-9])")),
    (Kind.VEHICLE, re.compile(r"(?<![A-Za-z0-9_-])[A-Z]{2}[0-9]{2}[ -]?[A-Z]{3}(?![A-Za-z0-9_-])")),
    (Kind.VEHICLE, re.compile(r"(?<![A-Za-z0-9_-])[a-z]{2}[0-9]{2} ?(?!and|the|for)[a-z]{3}(?![A-Za-z0-9_-])")),
    (Kind.VEHICLE, re.compile(r"(?<![A-Za-z0-9_-])[A-HJ-NP-TV-Y][0-9]{1,3} ?[A-Z]{3}(?![A-Za-z0-9_-])")),
    (Kind.HANDLE, re.compile(rf"(?<![\w@.])@(?!(?:{_JSON_LD})\b(?![.]\w))\w[\w.-]{{1,40}}")),
    (Kind.HANDLE, re.compile(r"(?<![\w/])(?![\w.-]{0,40}\.(?:json|csv)#)[\w.-]{2,40}#[0-9]{3,5}(?!\w)")),
)
"""An NHS number that begins with 999 is a test's, whatever its check digit: it must not leave either."""

_SIGNATURE = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{40,}={0,2}(?![A-Za-z0-9+/_-])")
_ONLY_DIGITS = frozenset({Kind.PHONE, Kind.NHS_NUMBER, Kind.UPN})
"""Chance puts a plate or a postcode into a long signature, but never ten digits in a row."""


def holds_marker(content: bytes) -> list[Kind]:
    """The kinds of direct identifiers that seem to stand in bytes, each once, in the order of `Kind`; none: empty.

    Looked for as written and in base64, hexadecimal, per cent, JSON and HTML writing, UTF-16, and with unseen signs
    between the letters, one within another up to three deep. A handle is seen by its @ or its # only.
    """
    found = {kind for text in readings(content) for kind in _kinds_in(text)}
    return [kind for kind in Kind if kind in found]


def _kinds_in(text: str) -> Iterator[Kind]:
    yield from _seen(_SIGNATURE.sub(" ", text))
    yield from (kind for token in _SIGNATURE.findall(text) for kind in _seen(token) if kind in _ONLY_DIGITS)


def _seen(text: str) -> Iterator[Kind]:
    yield from (found.kind for found in find_identifiers(text) if found.kind in _SAID)
    yield from (kind for kind, shape in _SHAPES if shape.search(text))

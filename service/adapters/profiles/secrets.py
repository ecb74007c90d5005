"""Noticing a password or key where none belongs: a profile is read by many, kept for long, and sent by e-mail.

It judges by looks, so it can be wrong. Whatever it refuses may be given as a reference, which is right for a secret
and harmless for anything else.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from math import log2
from urllib.parse import urlsplit

_KNOWN = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|^(Bearer|Basic) \S|\beyJ[\w-]{8,}\.|\b(hvs|hvb|s)\.[A-Za-z0-9]{20,}"
    r"|\b(sk|pk|rk)_(live|test)_|\bAKIA[0-9A-Z]{12,}|\bgh[pousr]_[A-Za-z0-9]{20,}|\bxox[abp]-"
)
"""Private keys, headers and tokens that say what they are."""

_PUBLIC = re.compile(
    r"SHA256:[A-Za-z0-9+/]{43}=?|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----",
    re.DOTALL,
)
"""Fingerprints of host keys, ids and certificates: long, random, and meant to be read."""

_RUN = re.compile(r"[A-Za-z0-9+/_=-]{16,}")
_PIECE = re.compile(r"[A-Za-z0-9]{4,}")
_SYMBOLS = frozenset("!$%^&*#~<>|\"'`£")
_SHORTEST = 6
_RANDOM_LENGTH, _RANDOM_BITS = 16, 3.0
"""Sixteen random letters and digits have 3.5 bits each, or a little less; a word repeated has far less."""


def looks_secret(value: str) -> bool:
    """Whether a literal looks like a key, a token or a password."""
    if _KNOWN.search(value) or _has_password(value):
        return True
    rest = _PUBLIC.sub(" ", value)
    return any(_is_random(run) for run in _RUN.findall(rest)) or _is_password(rest)


def _has_password(value: str) -> bool:
    """An address with `user:password@` in it."""
    try:
        return bool(urlsplit(value).password)
    except ValueError:
        return False


def _is_random(run: str) -> bool:
    """Enough of it in pieces where letters and digits alternate. Words, dates and numbered names hardly do."""
    pieces = "".join(piece for piece in _PIECE.findall(run) if _alternates(piece))
    return len(pieces) >= _RANDOM_LENGTH and _bits(pieces) >= _RANDOM_BITS


def _alternates(piece: str) -> bool:
    return sum(1 for before, after in pairwise(piece) if before.isdigit() != after.isdigit()) >= 3


def _bits(run: str) -> float:
    """Shannon's entropy, in bits per character."""
    return -sum(count / len(run) * log2(count / len(run)) for count in Counter(run).values())


def _is_password(value: str) -> bool:
    """Letters, digits and signs that no host, user, path or code has. Addresses may have them in a query."""
    if "://" in value or " " in value.strip() or len(value) < _SHORTEST:
        return False
    kinds = (any(map(str.isalpha, value)), any(map(str.isdigit, value)), bool(_SYMBOLS & set(value)))
    return all(kinds) or _is_mixed(value)


def _is_mixed(value: str) -> bool:
    """`hunter2X9q`-like: one piece in which small letters, capitals and digits all alternate."""
    if not value.isalnum():
        return False
    kinds = ["d" if each.isdigit() else "u" if each.isupper() else "l" for each in value]
    changes = sum(1 for before, after in pairwise(kinds) if before != after)
    return len(set(kinds)) == 3 and changes >= 4

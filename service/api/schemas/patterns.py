r"""Regular expressions that mean the same to every validator: in Python, in ECMA-262 with `u`, in Java and in PCRE.

So there is no `\d`, `\w` or `\s`, which each of them reads differently, and a pattern ends with `END`, not with `$`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from unicodedata import category

from service.domain import scores

END = r"$(?!\n)"
"""The end. `$` alone also matches before a last line break, everywhere but in ECMAScript."""

SPACE = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""Inside of a class: what `str.strip` takes away."""

NOT_ONLY_SPACE = f"[^{SPACE}]"

_YEAR_MONTH_DAY = (
    r"(?!0000)(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    r"|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)"
)
"""The days there are in the years 1 to 9999. The last line has the leap days; of centuries, every fourth has one."""

TIME = (
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
"""RFC 3339's time with its offset, as programs write it: Java leaves out seconds of zero, .NET writes seven digits."""


def whole(pattern: str) -> str:
    """The pattern, for all of a text instead of some part of it."""
    return f"^(?:{pattern}){END}"


DATE = whole(_YEAR_MONTH_DAY)
INSTANT = whole(f"(?:{_YEAR_MONTH_DAY}){TIME}")


def score_word() -> str:
    """What `is_band` finds: nothing but high, medium or low, however spaced, dotted or capitalised."""
    words = "|".join(_in_any_case(band) for band in sorted(scores.BANDS))
    around = f"[{SPACE}_.!-]*"
    return whole(f"{around}(?:{words}){around}")


def _in_any_case(words: str) -> str:
    return "".join(_letter(char) if char.isalpha() else char for char in words).replace(" ", f"[{SPACE}_-]+")


def _letter(char: str) -> str:
    kelvin = r"\u212a" if char == "k" else ""  # the only other sign that is an ASCII letter in lower case
    return f"[{char.upper()}{char}{kelvin}]"


@cache
def letter_or_digit() -> str:
    r"""One letter or number of any script, spelt out: Python has no `\p{L}`, and the versions of Unicode differ."""
    return f"[{''.join(f'{first}-{last}' for first, last in _runs())}]"


def _runs() -> Iterator[tuple[str, str]]:
    """The first and last of each unbroken row of letters and numbers."""
    found = [code for code in range(sys.maxunicode + 1) if category(chr(code))[0] in "LN"]
    breaks = [0, *(index for index, (one, two) in enumerate(pairwise(found), 1) if two != one + 1), len(found)]
    for start, stop in pairwise(breaks):
        yield chr(found[start]), chr(found[stop - 1])

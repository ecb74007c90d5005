"""What in a narrative looks like a telephone number, an NHS number and the like (rule X-8). It finds shapes, not names.

A hit says where and of which kind, and never repeats what stands there. Better one missed than a warning for every
date: a writer who is warned for nothing stops reading warnings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from service.domain.deidentify.finding import Finding, Kind

_GAP = "[ \u00a0\u2007\u2009\u202f]"
_DASH = "[-\u2010\u2011\u2012\u2013]"
_SEPARATOR = f"(?:{_GAP}|{_DASH})"

_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@(?:[^\W_](?:[\w-]{0,62})\.){1,8}[^\W\d_]{2,24}(?![\w-])")

_WEB = re.compile(
    r"(?<![\w@.-])(?:https?://|www\.)[^\s<>\"“”«»]*[^\s<>\"“”«».,;:!?')\]’]"
    r"|(?<![\w@./-])(?:[a-z0-9][a-z0-9-]{0,62}\.){1,8}(?:com|net|org|info|uk|example)(?![\w-]|\.\w)(?:/[^\s<>\"“”«».,;:!?')]*)?",
    re.IGNORECASE,
)
"""With a scheme or www, anything; without, only under endings that are no words: "home.He" is not an address."""

_ENDING = re.compile(r"\.(?:com|net|org|info|uk|example)", re.IGNORECASE)
_DIGITS = "0123456789"

_PHONE = re.compile(
    rf"(?<![\w+.])(?:(?:\+|00){_SEPARATOR}?44{_SEPARATOR}?(?:\(0\){_SEPARATOR}?)?0?|\(0(?=[0-9]{{2,5}}\))|0(?=[0-9]{{2}}))"
    rf"[1-35-9](?:\)?{_SEPARATOR}?[0-9]){{8,9}}(?!\w|[.:][0-9])"
)
"""Nine or ten digits after the nought or +44. A nought has two digits right after it, which that of a date has not."""

_NHS = re.compile(rf"(?<![\w+.-])[0-9]{{3}}{_SEPARATOR}?[0-9]{{3}}{_SEPARATOR}?[0-9]{{4}}(?![\w-]|[.:][0-9])")

_NI = re.compile(rf"(?<!\w)[a-z]{{2}}(?:{_SEPARATOR}?[0-9]{{2}}){{3}}{_SEPARATOR}?[a-d](?!\w)", re.IGNORECASE)

_POSTCODE = re.compile(
    rf"(?<![\w-])(?P<area>[A-Z]{{1,2}})[0-9][0-9A-Z]?{_GAP}{{0,2}}(?P<inward>[0-9][A-Z]{{2}})(?![\w-])", re.IGNORECASE
)
_AREAS = frozenset(
    re.findall(
        r"\w+",
        """
        AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX
        FK FY G GL GU GX GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG
        NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW
        UB W WA WC WD WF WN WR WS WV YO ZE ZZ
        """,
    )
)
"""The postcode areas there are, and the NHS's ZZ for no fixed address."""

_NEVER_INWARD = frozenset("CIKMOV")
_ORDINALS = frozenset({"1ST", "2ND", "3RD", "4TH", "5TH", "6TH", "7TH", "8TH", "9TH"})


def find_identifiers(text: str) -> tuple[Finding, ...]:
    """Everything in a text that looks like an identifier, in order of place and without overlaps.

    What could be two kinds is the first of `Kind`'s order: an address that holds a number is one address.
    """
    found: list[Finding] = []
    for kind in _worth_a_look(text):
        pattern, holds = _LOOKS[kind]
        found += _free(kind, (match.span() for match in pattern.finditer(text) if holds(match)), found)
    return tuple(sorted(found, key=lambda found: found.start))


def _worth_a_look(text: str) -> tuple[Kind, ...]:
    """The kinds that could stand in the text, in their order. Most texts have no digit, no @ and no address in them."""
    web = "://" in text or "www." in text.lower() or _ENDING.search(text)
    asked = ((Kind.EMAIL,) if "@" in text else ()) + ((Kind.WEB,) if web else ())
    return asked + (_NUMBERS if any(map(text.__contains__, _DIGITS)) else ())


def _free(kind: Kind, spans: Iterator[tuple[int, int]], taken: list[Finding]) -> list[Finding]:
    """Those of the spans, which come in order, that touch nothing that is taken."""
    ordered = iter(sorted(taken, key=lambda found: found.start))
    other = next(ordered, None)
    free = []
    for start, end in spans:
        while other and other.end <= start:
            other = next(ordered, None)
        if other is None or other.start >= end:
            free.append(Finding(kind, start, end))
    return free


def _always(_: re.Match[str]) -> bool:
    return True


def _is_nhs_number(match: re.Match[str]) -> bool:
    """Whether the tenth digit is the check digit of the other nine by modulus 11. Ten equal ones are a filler."""
    digits = [int(digit) for digit in _digits(match[0])]
    check = 11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check != 10 and check % 11 == digits[9] and len(set(digits)) > 1


def _is_postcode(match: re.Match[str]) -> bool:
    """Whether the area exists and the end can be one; "M6 3rd" and "M60 2nd" are roads."""
    area, inward = match["area"], match["inward"]
    ordinal = inward.upper() in _ORDINALS and not match[0].isupper()
    return area.upper() in _AREAS and not ordinal and _NEVER_INWARD.isdisjoint(inward.upper())


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


_LOOKS: dict[Kind, tuple[re.Pattern[str], Callable[[re.Match[str]], bool]]] = {
    Kind.EMAIL: (_EMAIL, _always),
    Kind.WEB: (_WEB, _always),
    Kind.PHONE: (_PHONE, _always),
    Kind.NHS_NUMBER: (_NHS, _is_nhs_number),
    Kind.NINO: (_NI, _always),
    Kind.POSTCODE: (_POSTCODE, _is_postcode),
}

_NUMBERS = (Kind.PHONE, Kind.NHS_NUMBER, Kind.NINO, Kind.POSTCODE)
"""What has a digit in it, always one of the ten that [0-9] means."""

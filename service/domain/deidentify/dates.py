"""Days and exact ages. A month, a weekday or a year alone is none, and neither is a plain age."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.domain.deidentify.finding import Kind
from service.domain.deidentify.looks import Look, exact, pattern, seen

_LONG = "january|february|march|april|june|july|august|september|october|november|december"
_SHORT = r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
_MONTH = rf"(?:{_LONG}|may|(?:{_SHORT})\b\.?)"
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_YEAR = (
    r"(?:[,\s]\s*(?:(?:19|20)[0-9]{2}|'[0-9]{2}|[0-9]{2}(?![0-9:.%]|\s*(?:years?|months?|weeks?|days?|hours?"
    r"|minutes?|am|pm))))?"
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes|s)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_WRITTEN = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth"
    r"|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth|(?:twenty|thirty)[ -](?:first|second"
    r"|third|fourth|fifth|sixth|seventh|eighth|ninth))"
)
_BEFORE = rf"(?<![\w/.-])(?:{_WEEKDAY},?\s+)?(?:the\s+)?"

_NUMERIC = pattern(
    r"(?<![\w/.-])(?:(?:mon|tues?|wed|thurs?|fri|sat|sun)\w{0,6}\s)?(?:[0-3]?[0-9]([/.-])[01]?[0-9]\1(?:[0-9]{4}"
    r"|[0-9]{2})"
    r"|[0-3]?[0-9] [01][0-9] (?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}([/.-])[01]?[0-9]\2[0-3]?[0-9])(?![\w/]|[.-][0-9])"
)
_WITH_MONTH = (
    pattern(
        rf"(?<![\w/.-])(?:the\s+)?{_DAY}(?:st|nd|rd|th)?(?:\s*(?:,|&|and|to|until|-|/)\s*(?:the\s+)?{_DAY}(?:st|nd"
        rf"|rd|th)?){{1,6}}"
        rf"\s+(?:of\s+)?(?!may\b|mar\b){_MONTH}(?!\w){_YEAR}"
    ),
    pattern(rf"{_BEFORE}{_DAY}\s*(?:st|nd|rd|th)\s+(?:of\s+)?(?:{_MONTH})(?!\w){_YEAR}"),
    pattern(rf"{_BEFORE}{_DAY}[ -]?(?:of )?(?!may\b|mar\b){_MONTH}(?!\w){_YEAR}"),
    exact(rf"{_BEFORE}{_DAY}[ -](?:of )?(?:May|MAY|Mar)\b{_YEAR}"),
    exact(rf"{_BEFORE}{_DAY}[ -](?:may|mar)[ -](?:20|19)?[0-9]{{2}}(?!\w)"),
    pattern(
        rf"(?<!\w)(?!may|mar\b){_MONTH}\s+(?:the\s+)?{_DAY}(?:st|nd|rd|th)?(?![\w:%])(?:,?\s+(?:19|20)[0-9]{{2}})?"
    ),
    exact(rf"(?<!\w)(?:May|MAY|March)\s+(?:the\s+)?{_DAY}(?:st|nd|rd|th)?(?![\w:%])(?:,?\s+(?:19|20)[0-9]{{2}})?"),
)
_WITH_WEEKDAY = (
    pattern(rf"(?<!\w){_WEEKDAY},?\s+(?:the\s+)?{_DAY}(?:st|nd|rd|th)(?!\w)"),
    pattern(rf"(?<!\w){_WEEKDAY}\s+{_DAY}[/.]{_DAY}(?![\w/])"),
)
_FEAST = pattern(
    r"(?<!\w)(?:christmas (?:eve|day)|boxing day|new year'?s? (?:eve|day)|valentine'?s? day|bonfire night"
    r"|hallowe'?en|good friday"
    r"|easter (?:sunday|monday)|st\.? \w{5,8}'?s? day)(?:\s+(?:19|20)[0-9]{2})?(?!\w)"
)
_SPELT = pattern(rf"(?<!\w){_WRITTEN}\s+(?:of\s+)?{_MONTH}(?!\w){_YEAR}")
_ORDINAL = pattern(
    r"(?<!\w)(?:on|since|until|till|from|by|dated)\s+the\s+([0-9]{1,2}(?:st|nd|rd|th))(?=\s*(?:[,.;:)]|and\b|when"
    r"|at\b|after|before|in\b|that|because|but|for\b|with|by|she|he\b|they|we\b|i\b|it\b|mum|dad|police|of (?:this"
    r"|last|next)|$))"
)
_BORN = pattern(
    r"\b(?:born|b\.|d\.?o\.?b\.?|date of birth|birthday|birth date|birthdate|b'day|bday)(?:\s*(?:is|was|on|in|of"
    r"|around|:|-|=|–|\(|the)){0,3}\s*"
    rf"([0-3]?[0-9](?:(?:st|nd|rd|th)\b)?(?:[\s/.-]{{1,2}}(?:[0-9]{{1,4}}|{_MONTH})){{1,2}}|{_MONTH},?\s*"
    rf"(?:the\s*)?'?[0-9]{{1,4}}(?:st|nd|rd|th)?|[0-9]{{1,2}}(?:st|nd|rd|th)|[0-3]?[0-9] ?[/.-] ?[01]?[0-9] ?[/.-]"
    rf" ?[0-9]{{2,4}}|(?:19|20)[0-9]{{2}}|[0-9]{{6,8}})(?!\w)"
)
_SHORTENED = exact(r"(?<![\w/.£-])([0-3]?[0-9])/([01]?[0-9])(?![\w/]|\.[0-9])")
_CUE = pattern(
    r"(?:\b(?:on|since|until|till|from|by|between|dated|date|dates|w/c|to|of|born|due|reviewed|seen|visit|held)|"
    r"(?:[0-9]/[0-9]{1,2}|january|february|march|april|may|june|july|august|september|october|november|december)"
    r"(?:,| and| &| to|-| -))\s*:?\s*$"
)
_LIST = exact(r"\s?(?:,|and|&|-|to)\s*[0-3]?[0-9]/[01]?[0-9](?![\w/])")
_AGE = pattern(
    r"(?<![\w.])[0-9]{1,2}\s?(?:years?|yrs?|y)\b(?:\s?old)?(?:\s*(?:,|and|&|\+))?\s*[0-9]{1,2}\s?(?:months?|mth?s?"
    r"|m)\b(?:\s*(?:,|and|&)?\s*[0-9]{1,2}\s?(?:days?|d|weeks?|wks?)\b)?"
    r"|(?<![\w.:])[0-9]{1,2};[0-9]{1,2}(?![\w:])|(?<![\w.:])1?[0-9] (?:and a half|½)(?= (?:years?|yrs?)\b)|(?<=aged"
    r" )[0-9]{1,2}\.[0-9]{1,2}\b"
    r"|(?<![\w.])[0-9]{1,2} and [0-9]{1,2} months?\b"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FEASTS = ("christmas", "boxing", "new year", "valentine", "bonfire", "hallow", "good friday", "easter", "day")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _is_day(match: re.Match[str]) -> bool:
    """Whether "1/2" is a day: after a word that days follow, or in a row of such, and never "24/7" or a share."""
    day, month, text = int(match[1]), int(match[2]), match.string
    if text[match.start() - 1 : match.start()] == "(" and text[match.end() : match.end() + 1] == ")":
        return day > 4 and month < 13
    if not (0 < day < 32 and 0 < month < 13) or (day, month) == (24, 7):
        return False
    return bool(_CUE.search(text, max(0, match.start() - 16), match.start()) or _LIST.match(text, match.end()))


_IN_DIGITS = (
    Look(Kind.DATE, _AGE, ("y", "month", ";", "aged", "half")),
    Look(Kind.BIRTH, _BORN, ("born", "b.", "dob", "d.o.b", "birth", "day"), 1),
    Look(Kind.DATE, _NUMERIC),
    Look(Kind.DATE, _ORDINAL, (" the ",), 1),
    Look(Kind.DATE, _SHORTENED, ("/",), holds=_is_day),
)
_MONTHLY = tuple(Look(Kind.DATE, each) for each in _WITH_MONTH)
_WEEKLY = tuple(Look(Kind.DATE, each) for each in _WITH_WEEKDAY)
_IN_WORDS = (Look(Kind.DATE, _FEAST, _FEASTS), Look(Kind.DATE, _SPELT, ("first", "second", "third", "th ")))


def dates(text: str, small: str, *, digits: bool) -> Iterator[tuple[Kind, int, int]]:
    """Where a day, a birthday or an age to the month stands. They may overlap; then the first is meant."""
    if digits:
        yield from seen(_IN_DIGITS, text, small)
        if any(map(small.__contains__, _MONTHS)):
            yield from seen(_MONTHLY, text, small)
        if any(map(small.__contains__, _WEEKDAYS)):
            yield from seen(_WEEKLY, text, small)
    yield from seen(_IN_WORDS, text, small)

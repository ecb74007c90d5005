"""Addresses that begin with a number: a house and its street, a flat, a pitch."""

from __future__ import annotations

from collections.abc import Iterator

from service.domain.deidentify.looks import exact, pattern

_STREET = (
    r"road|rd|street|st|avenue|ave|av|lane|ln|crescent|cres|terrace|terr|grove|gardens|gdns|mews|parade|cottages?"
    r"|towers?"
    r"|close|drive|dr|way|court|ct|place|pl|walk|square|sq|hill|row|rise|green|view|gate|bank|brow|fold|croft|park"
    r"|mount|yard|works|mill"
    r"|vale|wharf|house|lodge|villas?|buildings|estate|heights|point|farm|bridge|side|end|meadows?|fields?"
)
_SURE = (
    r"road|rd|street|avenue|ave|crescent|terrace|gardens|gdns|mews|towers"  # said in small letters as well
    r"|lane|grove|close(?= |,|\.|$)|drive|court"
)
_UNITS = (
    r"minutes?|mins?|hours?|hrs?|miles?|metres?|yards?|weeks?|days?|years?|yrs?|months?|more|other|different|of"
    r"|close|times?|at|in|on|and|or|to|the|a|an|is|was|by|from|for|with|as|who|when|but|his|her|their|my|our|he|she"
    r"|they|i|we|not|has|had|are|lads?|boys?|girls?|men|people"
)
_NUMBER = (
    r"(?:(?:flat|apartment|apt|unit|room|bedsit|plot|pitch|no\.?"
    r"|number)\s+(?:[0-9]{1,4}(?:[a-z]|/[0-9]{1,2})?,?\s+(?=[0-9]))?)?"
    r"[0-9]{1,4}\s?[a-zA-Z]?(?:\s?[-/&]\s?[0-9]{1,4}[a-z]?)?"
)
_NUMBERED = exact(
    rf"(?<![\w/£.:-])(?i:{_NUMBER}),?\s+(?:(?:[A-Z][\w'.-]{{0,30}}|of|the)\s+){{1,4}}?"
    rf"(?:{'|'.join(word.capitalize() for word in _STREET.split('|'))}|(?i:{_SURE}|st))\b"
)
_SMALL = pattern(
    rf"(?<![\w/£.:-])(?:{_NUMBER}),?\s+(?!(?:{_UNITS})\b)[a-z][a-z'-]{{1,30}}(?:\s+(?!"
    rf"(?:{_UNITS})\b)[a-z][a-z'-]{{1,30}})?\s+(?:{_SURE}|st\b(?!\.?\s+[A-Z]))(?!\w)"
)
_FLAT = exact(
    r"\b(?i:(?:(?:ground|first|second|third|fourth|top|basement|lower|upper|1st|2nd|3rd)[ -]floor\s+)?(?:flat"
    r"|apartment|apt\.?|bedsit|maisonette)|plot|pitch|caravan|bungalow)"
    r"\s*(?i:no\.?\s*|number\s*)?#?([0-9]{1,4}(?:/[0-9]{1,2}|[A-Za-z])?|[A-Z][0-9]{0,3})\b(?:,?\s+"
    r"(?:[0-9]{1,4}[a-z]?\s+)?[A-Z][\w'-]{1,30}(?:\s+[A-Z][\w'-]{1,30}){0,3})?",
)
_HOUSE = pattern(
    r"\b(?:at|from|near|opposite|outside|neighbours? (?:at|in)|next door at)\s+"
    r"((?:no|number)\b\.?\s?[0-9]{1,4}[a-z]?)(?![\w/%])"
)
_FLOOR = pattern(r"\b(?:ground|first|second|third|top|basement|lower|upper)[ -]floor\s+flat(?:,|\s+at|\s+of)?\s+$")
_TOWN_AFTER = exact(r",\s+[A-Z][a-z]+(?:[ -](?:[A-Z][a-z]+|in|on|under|upon|le)){0,3}(?=[,.;)\s]|$)")
_NOT_TOWN = exact(r",\s+(?:The|He|She|They|It|But|And|When|His|Her|Mum|Dad|Police|In|On|At|I|We|Who|Where|This|With)\b")


_DWELLINGS = ("flat", "ap", "bedsit", "maisonette", "plot", "pitch", "caravan", "bungalow")


def addresses(text: str, small: str) -> Iterator[tuple[int, int]]:
    """Where a number and a street, or a flat and its number, stand, with the town that follows."""
    if any(map(small.__contains__, _DWELLINGS)):
        for match in _FLAT.finditer(text):
            yield match.start(), _with_town(text, match.end())
    if " no" in small or " number" in small:
        yield from (match.span(1) for match in _HOUSE.finditer(text))
    for written in (_NUMBERED, _SMALL):
        for match in written.finditer(text):
            floor = _FLOOR.search(text, max(0, match.start() - 30), match.start())
            yield floor.start() if floor else match.start(), _with_town(text, match.end())


def _with_town(text: str, end: int) -> int:
    town = _TOWN_AFTER.match(text, end)
    return town.end() if town and not _NOT_TOWN.match(text, end) else end

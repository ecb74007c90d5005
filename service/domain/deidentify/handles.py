"""Names used online: what stands after an @, has a dot or a low line within, or follows the name of a platform."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.domain.deidentify.finding import Kind
from service.domain.deidentify.looks import Look, exact, pattern, seen
from service.domain.text.reading import read

_PLATFORM = (
    r"accounts|snap(?:chat)?|insta(?:gram)?|ig|sc|tik ?tok|tt|discord|telegram|whatsapp|twitter|facebook|fb|kik"
    r"|roblox|xbox|psn|steam|twitch"
    r"|youtube|yubo|wickr|goes by|online as|posts as|plays as|signal|onlyfans|reddit|gamertag|user ?name|handle"
    r"|account|fortnite|minecraft|screen ?name|tag|alias|user|profile"
)
_AT = exact(r"(?<![\w@.])@\s?[\w.][\w.-]{1,40}(?<![.-])")
_HASHED = exact(r"(?<!\w)[\w.-]{2,40}#[0-9]{3,5}(?!\w)")
_JOINED = exact(
    r"(?<![\w/@.'-])(?=[\w.-]{0,40}(?:_|[A-Za-z][0-9]))(?=[0-9_.-]{0,40}[A-Za-z])(?:[A-Za-z_][\w]{1,40}"
    r"(?:[.-]{1,2}\w{1,40}){0,4}_?)(?![\w@'])"
)
_ON = pattern(
    rf"\b(?:{_PLATFORM})\b(?:\s*(?:user ?names?|handles?|names?|accounts?|profiles?|tags?|ids?|is|was|as|called"
    rf"|under|named|:|=|-|\(|\"|'|,|-)){{1,5}}\s*"
    r"(?![A-Za-z]+[\s,.;:)]|[A-Za-z]+$|[A-Za-z]+'|[A-Za-z]+\")([\w][\w.-]{1,40}\w)"
)
_DOTTED = exact(
    r"(?<![\w@./'-])(?!(?:e\.g|i\.e|a\.m|p\.m|n\.b|t\.b\.c|a\.k\.a)\b)[a-z0-9]{1,30}(?:[._][a-z0-9_]{1,30}){1,6}_?"
    r"(?![\w@/-])"
)
_SAID_TO_BE = pattern(
    r"\b(?:user ?name|handle|gamer ?tag|screen ?name|psn|goes by|online as|posts as|plays as|under the name|uses"
    r" the name)\b"
    r"(?:\s*(?:is|was|of|:|=|-|\"|'|“)){0,3}\s*(?!(?:and|or|on|the|but|is|was|not|none|no|unknown|she|he|they|to"
    r"|for|in|if|with|by)\b)(\w[\w.-]{1,40})"
)
_ENTERED = pattern(
    r"\b(?:snap(?:chat)?|insta(?:gram)?|ig|tik ?tok|discord|telegram|kik|roblox|yubo)(?:\s*(?:name|user|id|tag|acc"
    r"(?:oun)?t))?\s*[:=]\s*(?!(?:none|no|yes|unknown|nil|not|n|refused|she|he|they|the|to|and|all|has"
    r"|uses)\b)(\w[\w.-]{1,40})"
)
_TWICE_DOTTED = exact(r"(?<![\w@./'-])[a-z0-9_]{1,30}(?:\.[a-z0-9_]{1,30}){2,6}(?![\w@/-])")
_PLATFORMS = frozenset(
    b"accounts account acct snap snapchat insta instagram ig sc tik tiktok tt discord telegram whatsapp twitter"
    b" facebook fb kik"
    b" roblox xbox psn steam twitch youtube yubo wickr goes online posts plays signal onlyfans reddit gamer"
    b" gamertag handle"
    b" fortnite minecraft tag alias user username profile screen under uses".split()
)
"""A text without one of these words names no platform."""

_SHORT = exact(
    r"[A-Za-z]{1,8}[0-9]{1,3}[a-z]{0,2}(?:-[A-Za-z0-9]+)?|[0-9]+[a-z]+|[A-Za-z]{1,3}-[0-9]+|(?i:sur)-ron|p_t|n_a"
)


def _is_long(match: re.Match[str]) -> bool:
    return len(match[0]) > 7 and not match[0].replace(".", "").isdigit()


def _is_joined(match: re.Match[str]) -> bool:
    return "_" in match[0] or not _SHORT.fullmatch(match[0])


_BY_FORM = (
    Look(Kind.HANDLE, _HASHED, ("#",)),
    Look(Kind.HANDLE, _AT, ("@",)),
    Look(Kind.HANDLE, _TWICE_DOTTED, (".",), holds=_is_long),
)
_BY_PLATFORM = (
    Look(Kind.HANDLE, _ON, group=1),
    Look(Kind.HANDLE, _SAID_TO_BE, group=1),
    Look(Kind.HANDLE, _ENTERED, group=1),
    Look(Kind.HANDLE, _DOTTED, (".", "_")),
)
_JOINS = (Look(Kind.HANDLE, _JOINED, holds=_is_joined),)


def handles(text: str, small: str, *, digits: bool) -> Iterator[tuple[Kind, int, int]]:
    """Names used online. They may overlap; then the first is meant."""
    yield from seen(_BY_FORM, text, small)
    if not _PLATFORMS.isdisjoint(read(text).words):
        yield from seen(_BY_PLATFORM, text, small)
    if digits or "_" in text:
        yield from seen(_JOINS, text, small)

"""The records in plain English: words for every code, a heading for every field.

One place, so that the document, the pages and the errors say the same thing. A code is looked up by its closed list
(`words(codes.EXPLOITATION, "at_risk")`, or `words(field.codes, value)`), because "other" means something else in each.
"""

from __future__ import annotations

from service.domain import codes
from service.domain.editions import read_authorities
from service.domain.words.headings import HEADINGS
from service.domain.words.values import VALUES

CODE_SETS: dict[str, tuple[str, ...]] = {
    name: value for name, value in vars(codes).items() if name.isupper() and isinstance(value, tuple)
}
"""Every closed list by its name. Two lists never hold the same values in the same order; a test keeps it so."""

_AUTHORITIES = read_authorities()
_BY_CODES = {CODE_SETS[name]: values for name, values in VALUES.items()}


class NoWords(LookupError):
    """Asked for a value or a path that the catalogue does not have. Never says which value: it may be somebody's."""


def words(code_set: tuple[str, ...], value: str) -> str:
    """What `value` means, in plain English. Raises `NoWords` for a value outside its list."""
    try:
        return _BY_CODES[code_set][value]
    except KeyError:
        raise NoWords("a value outside its closed list has no words") from None


def heading(path: str) -> str:
    """What the field at `path` is called; list positions are written `*`."""
    try:
        return HEADINGS[path]
    except KeyError:
        raise NoWords(f"{path} has no heading") from None


def authority_words(code: str) -> str:
    """An authority's name with its ONS code, or the code alone where we have no name for it."""
    name = _AUTHORITIES.get(code)
    return code if name is None else f"{name} ({code})"


__all__ = ["CODE_SETS", "NoWords", "authority_words", "heading", "words"]

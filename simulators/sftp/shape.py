"""Reads elements strictly: what the contract does not show is refused, not skipped.

A connector that sends something the real system would not understand should learn it
here and not from an authority.
"""

import re
from collections.abc import Collection
from datetime import date
from xml.etree.ElementTree import Element

from simulators.sftp.safe_xml import BadManifest

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def attributes(element: Element, required: Collection[str], optional: Collection[str] = ()) -> dict[str, str]:
    """The attributes, all required ones present and no unknown one."""
    found = dict(element.attrib)
    _exactly(f"attributes of {element.tag}", list(found), required, optional)
    return found


def children(element: Element, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Element]:
    """Child elements by name, each at most once."""
    names = [child.tag for child in element]
    if len(set(names)) != len(names):
        raise BadManifest(f"an element is repeated in {element.tag}")
    _exactly(f"elements of {element.tag}", names, required, optional)
    return {child.tag: child for child in element}


def _exactly(where: str, names: list[str], required: Collection[str], optional: Collection[str]) -> None:
    if missing := sorted(set(required) - set(names)):
        raise BadManifest(f"{where}: {', '.join(missing)} missing")
    if set(names) - set(required) - set(optional):
        raise BadManifest(f"{where}: one is not known")


def text(element: Element) -> str:
    """Text exactly as sent; an element with children inside is not text."""
    if len(element):
        raise BadManifest(f"{element.tag} must hold text only")
    return element.text or ""


def plain(element: Element) -> str:
    """Text of an element that takes no attributes."""
    attributes(element, [])
    return text(element)


def empty(element: Element, required: Collection[str]) -> dict[str, str]:
    """The attributes of an element that says everything in them."""
    found = attributes(element, required)
    if text(element).strip():
        raise BadManifest(f"{element.tag} must be empty")
    return found


def day(value: str, where: str) -> date:
    """YYYY-MM-DD only: `fromisoformat` alone would also take week dates."""
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise BadManifest(f"{where} is not a date")


def number(value: str, where: str, least: int) -> int:
    """A whole number in ASCII digits."""
    if not re.fullmatch(r"[0-9]{1,6}", value) or int(value) < least:
        raise BadManifest(f"{where} is not a number from {least}")
    return int(value)


def one_of(value: str, allowed: Collection[str], where: str) -> str:
    """A value from a closed list."""
    if value not in allowed:
        raise BadManifest(f"{where} must be one of {', '.join(allowed)}")
    return value

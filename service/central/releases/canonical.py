"""A release as bytes that are the same whenever they are made, and that say whether a single figure was changed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from service.central.published import Figure, PublishedTable, Release, Status
from service.domain.fact import FIELDS, Fact


class NotCanonical(ValueError):
    """These bytes are no release or no facts, or not in their one form."""


def canonical(document: Any) -> bytes:
    """JSON with sorted keys and without a space, in UTF-8."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def digest_of(content: bytes) -> str:
    """SHA-256 in 64 hex digits."""
    return sha256(content).hexdigest()


def to_bytes(release: Release) -> bytes:
    """The release's one form. Tables and figures keep their order, which is the catalogue's."""
    return canonical(asdict(release))


def from_bytes(content: bytes) -> Release:
    """The release again. Raises `NotCanonical` for anything that `to_bytes` would not have written."""
    try:
        release = _release(json.loads(content))
    except (ValueError, TypeError, KeyError) as error:
        raise NotCanonical("These bytes are no release.") from error
    if to_bytes(release) != content:
        raise NotCanonical("These bytes are a release, but not in its one form.")
    return release


def _release(read: Mapping[str, Any]) -> Release:
    tables = tuple(_table(each) for each in read["tables"])
    return Release(read["quarter"], read["catalogue"], tuple(read["missing"]), tables)


def _table(read: Mapping[str, Any]) -> PublishedTable:
    figures = tuple(_figure(each) for each in read["figures"])
    return PublishedTable(read["table"], tuple(read["axes"]), figures, tuple(read["reasons"]))


def _figure(read: Mapping[str, Any]) -> Figure:
    return Figure(tuple(read["at"]), Status(read["status"]), read["value"], read["as_of"])


def facts_to_bytes(facts: Counter[Fact]) -> bytes:
    """Each distinct fact as a list of its values in the order of its fields, and how many there are."""
    listed = sorted([*(getattr(fact, name) for name in FIELDS), number] for fact, number in facts.items())
    return canonical({"fields": FIELDS, "facts": listed})


def facts_from_bytes(content: bytes) -> Counter[Fact]:
    """The facts again. Raises `NotCanonical`."""
    try:
        read = json.loads(content)
        names = read["fields"]
        made = {Fact(**dict(zip(names, values, strict=True))): number for *values, number in read["facts"]}
    except (ValueError, TypeError, KeyError) as error:
        raise NotCanonical("These bytes are no facts.") from error
    return Counter(made)

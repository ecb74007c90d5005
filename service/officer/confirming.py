"""What a profile still has to be told: values that a new profile begins with."""

from __future__ import annotations

from collections.abc import Iterator

from service.adapters.profiles import Profile

TO_BE_CONFIRMED = "to be confirmed"
"""Stands where only the authority or its supplier knows the value."""

NUMBER = 1
"""Stands where that value is a number. It could be the right one, so it is asked about and not called wrong."""


def unfinished(profile: Profile) -> list[str]:
    """Keys whose value still is the placeholder."""
    return [key for key, value in _written(profile) if str(value).casefold() == TO_BE_CONFIRMED]


def doubtful(profile: Profile) -> list[str]:
    """Keys whose number a new profile begins with, unless somebody has confirmed it."""
    open_keys = frozenset(profile.to_confirm)
    return [key for key, value in _written(profile) if value == NUMBER and key in open_keys]


def _written(profile: Profile) -> Iterator[tuple[str, str | int]]:
    yield "case_system", profile.case_system
    for kind, record in profile.records.items():
        yield f"records.{kind}.label", record.label
        yield from ((f"records.{kind}.target.{name}", value) for name, value in record.target.items())
    yield from ((f"review.task.{name}", value) for name, value in profile.review.task.items())
    yield from ((f"connection.{name}", value) for name, value in profile.connection.items())
    yield from ((f"documents.target.{name}", value) for name, value in profile.documents.target.items())

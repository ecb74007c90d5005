"""Steps of protection that can be left out from outside, to see that the intruder then finds something.

Each names a module's attribute and what stands in its place. Protection's steps are left out together with the audit,
which would refuse to publish what they leave open; left out alone, they show that it does.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

PROTECTION = "service.central.protection"


@dataclass(frozen=True)
class Mutation:
    """`make` is given what stands there now, and gives its replacement."""

    name: str
    module: str
    attribute: str
    make: Callable[[Any], Any]


def _nothing(_: Any) -> Callable[..., dict[Any, Any]]:
    return lambda *_given, **_named: {}


def _idle(_: Any) -> Callable[..., None]:
    return lambda *_given, **_named: None


def _anew(_: Any) -> Callable[..., frozenset[Any]]:
    """No figure is repeated: each is made anew, however little has changed."""
    return lambda *_given, **_named: frozenset()


def _passing(audit: Callable[..., Any]) -> Callable[..., Any]:
    """The real report, with the verdict that it passed."""

    def passed(*given: Any, **named: Any) -> Any:
        report = audit(*given, **named)
        object.__setattr__(report, "passed", True)
        return report

    return passed


def _nobody(_: Any) -> Callable[..., list[Any]]:
    return lambda *_given, **_named: []


def _to_five(_: Any) -> Callable[[int], int]:
    """Rounds whatever it is given; the real one refuses a small count."""
    return lambda count: (count + 2) // 5 * 5


MUTATIONS = (
    Mutation("audit", "service.commands.release.composing", "audit", _passing),
    Mutation("small", f"{PROTECTION}.primary", "small", _nothing),
    Mutation("one_authority", f"{PROTECTION}.primary", "one_authority", _nothing),
    Mutation("certain", "service.central.releases.relations", "_breakdowns", _nothing),
    Mutation("secondary", f"{PROTECTION}.protecting", "hide_more", _idle),
    Mutation("quarter", "service.central.releases.building", "told_of_wholes", _nobody),
    Mutation("rounding", "service.central.releases.building", "rounded", _to_five),
    Mutation("history", "service.central.releases.building", "repeated", _anew),
)
"""`small` alone is caught before anything is released: protection finds figures that contradict its counts, and a count
under ten cannot be rounded. Left out with `secondary`, `rounding` and `audit` it is released, and found."""


def leave_out(names: Iterable[str]) -> None:
    """Takes the named steps out of this process. Raises `ValueError` for a name there is not, or a step that moved."""
    for name in names:
        found = next((each for each in MUTATIONS if each.name == name), None)
        if found is None:
            raise ValueError(f"There is no step {name}. There are: {', '.join(each.name for each in MUTATIONS)}.")
        module = importlib.import_module(found.module)
        if not hasattr(module, found.attribute):
            raise ValueError(f"{found.module} has no {found.attribute} any more. Correct tests/intruder/mutations.py.")
        setattr(module, found.attribute, found.make(getattr(module, found.attribute)))

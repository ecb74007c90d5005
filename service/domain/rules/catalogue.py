"""The catalogue of rules: each a function with its code, found here by everything that runs or lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from service.domain.codes import RECORD_TYPES
from service.domain.faults import Fault
from service.domain.rules.subject import Subject

Check = Callable[[Subject], Iterator[Fault]]


@dataclass(frozen=True)
class Rule:
    """One rule of the domain model, 3.15. `rejects` is false for rules that only warn."""

    code: str
    rejects: bool
    record_types: tuple[str, ...]
    check: Check


RULES: list[Rule] = []


def _register(code: str, record_types: tuple[str, ...], *, rejects: bool) -> Callable[[Check], Check]:
    def add(check: Check) -> Check:
        RULES.append(Rule(code, rejects, record_types, check))
        return check

    return add


def reject(code: str, *record_types: str) -> Callable[[Check], Check]:
    """A record that breaks this rule is refused."""
    return _register(code, record_types or RECORD_TYPES, rejects=True)


def warn(code: str, *record_types: str) -> Callable[[Check], Check]:
    """A record that trips this rule is accepted and its sender told."""
    return _register(code, record_types or RECORD_TYPES, rejects=False)

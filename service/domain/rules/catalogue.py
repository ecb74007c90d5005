"""The catalogue of rules: each a function with its code, its words and what follows from it; found here by all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from service.domain.codes import RECORD_TYPES
from service.domain.faults import Fault
from service.domain.policy import Policy, Result
from service.domain.rules.subject import Subject


class At:
    """A place where a rule is broken, the values its words take in, and where in the text it is, if it is in a text."""

    def __init__(self, pointer: str, *, span: tuple[int, int] | None = None, **values: object) -> None:
        self.pointer, self.span, self.values = pointer, span, values


Check = Callable[[Subject], Iterator[At]]
Choose = Callable[[Policy], Result]


@dataclass(frozen=True)
class Rule:
    """One rule of the domain model, 3.15. `detail` and `fix` may name values in braces, which the check gives."""

    code: str
    detail: str
    fix: str
    record_types: tuple[str, ...]
    check: Check
    result: Choose
    chosen_by_authority: bool = False

    def faults(self, subject: Subject) -> list[Fault]:
        """What the rule has to say about a record."""
        return [self._fault(at) for at in self.check(subject)]

    def _fault(self, at: At) -> Fault:
        detail, fix = self.detail.format(**at.values), self.fix.format(**at.values)
        return Fault(at.pointer, self.code, detail, fix, at.span)


RULES: list[Rule] = []
_PLACEHOLDER = re.compile(r" ?\(?\{\w+\}\)?")
"""A value in braces, with the space before it and brackets around it."""


def words_of(code: str) -> tuple[str, str]:
    """What a rule says and what to do, without the values of any one record. Of several of a code, the first speaks."""
    rule = next(each for each in RULES if each.code == code)
    return _PLACEHOLDER.sub("", rule.detail), _PLACEHOLDER.sub("", rule.fix)


def _register(
    code: str, detail: str, fix: str, record_types: tuple[str, ...], choose: Choose, *, chosen: bool = False
) -> Callable[[Check], Check]:
    def add(check: Check) -> Check:
        RULES.append(Rule(code, detail, fix, record_types or RECORD_TYPES, check, choose, chosen))
        return check

    return add


def reject(code: str, detail: str, fix: str, *record_types: str) -> Callable[[Check], Check]:
    """A record that breaks this rule is refused."""
    return _register(code, detail, fix, record_types, lambda _: Result.REJECT)


def warn(code: str, detail: str, fix: str, *record_types: str) -> Callable[[Check], Check]:
    """A record that trips this rule is accepted and its sender told."""
    return _register(code, detail, fix, record_types, lambda _: Result.WARN)


def hold(code: str, detail: str, fix: str, *record_types: str) -> Callable[[Check], Check]:
    """A record that trips this rule is accepted and kept; what the rule is about waits for a person."""
    return _register(code, detail, fix, record_types, lambda _: Result.HOLD)


def by_policy(code: str, choose: Choose, detail: str, fix: str, *record_types: str) -> Callable[[Check], Check]:
    """What follows is the authority's choice, in its profile."""
    return _register(code, detail, fix, record_types, choose, chosen=True)

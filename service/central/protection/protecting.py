"""The four steps: the small, the one-sided, the certain, and the least that would tell one of these."""

from __future__ import annotations

from service.central.protection import secondary
from service.central.protection.intruder import Intruder
from service.central.protection.optimum import FEW, hide_least
from service.central.protection.pattern import Pattern
from service.central.protection.primary import primary
from service.central.protection.problem import Problem, Protected, Reason


def protect(problem: Problem) -> Protected:
    """What is hidden, and why. Raises `ProtectionDoubt`, after which nothing may be released."""
    hidden = primary(problem)
    pattern = Pattern(problem, hidden)
    hide_more(secondary.intruders(problem, pattern), pattern)
    later = [key for key, is_hidden in zip(pattern.keys, pattern.is_hidden, strict=True) if is_hidden]
    return Protected({**dict.fromkeys(later, Reason.PROTECTS_ANOTHER), **hidden})


def hide_more(everybody: list[Intruder], pattern: Pattern) -> None:
    """The fourth step. Where the least is not found within a limit of work, it goes by a rule of thumb."""
    if len(pattern.keys) <= FEW and hide_least(everybody, pattern):
        return
    first = pattern.is_hidden.copy()
    secondary.hide_more(everybody, pattern)
    secondary.show_again(everybody, pattern, pattern.is_hidden & ~first)

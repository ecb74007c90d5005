"""The four steps: the small, the one-sided, the certain, and whatever would tell one of these."""

from __future__ import annotations

from service.central.protection.pattern import Pattern
from service.central.protection.primary import primary
from service.central.protection.problem import Problem, Protected, Reason
from service.central.protection.secondary import hide_more, intruders, show_again


def protect(problem: Problem) -> Protected:
    """What is hidden, and why. Raises `ProtectionDoubt`, after which nothing may be released."""
    hidden = primary(problem)
    pattern = Pattern(problem, hidden)
    everybody = intruders(problem, pattern)
    first = pattern.is_hidden.copy()
    hide_more(everybody, pattern)
    show_again(everybody, pattern, pattern.is_hidden & ~first)
    later = [key for key, is_hidden in zip(pattern.keys, pattern.is_hidden, strict=True) if is_hidden]
    return Protected({**dict.fromkeys(later, Reason.PROTECTS_ANOTHER), **hidden})

"""What is to be protected, as numbers and their relations; whose numbers they are does not matter here."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Key = Hashable
"""Names one count. The same count in two tables has one key."""


class ProtectionDoubt(Exception):
    """It is not certain that the release is safe, so nothing of it may be released. Names keys, never a count."""


class Reason(StrEnum):
    """Why a figure is hidden."""

    UNDER_TEN = "under_ten"
    PROTECTS_ANOTHER = "protects_another"
    """Ten or more; a small figure could be worked out from it."""
    ONE_AUTHORITY = "one_authority"
    """Ten or more; without the largest authority's part fewer than ten remain, which that authority could see."""
    CERTAIN = "certain"
    """A part of a group of which nine tenths or more have the same sensitive value."""
    UNPUBLISHED = "unpublished"
    """No table shows it."""


@dataclass(frozen=True)
class Problem:
    """Counts that an intruder would see together.

    `sums`: a count is the sum of others, which are disjoint parts of it. `at_most`: the first count cannot exceed the
    second. `shares`: how a count is spread over the authorities, where more than one may be in it. `certain`: a count
    and the parts of it among which the sensitive value divides it.

    A regional count is given as the sum of the authorities' counts. These are keys of their own, `unpublished` where no
    table shows them. That is how an insider's own part of a count is known here. How unpublished counts add up within
    an authority is best left out: for any one table it tells nobody anything, and it makes the attack very slow.
    """

    counts: Mapping[Key, int]
    sums: tuple[tuple[Key, tuple[Key, ...]], ...]
    at_most: tuple[tuple[Key, Key], ...] = ()
    shares: Mapping[Key, tuple[int, ...]] = field(default_factory=dict)
    certain: tuple[tuple[Key, tuple[Key, ...]], ...] = ()
    fixed: Mapping[Key, int | None] = field(default_factory=dict)
    """Of these it is settled what is shown: the rounded figure, or None for hidden.

    The figure was made from an older count, so it says nothing certain of the present one: the attack has it unbounded.
    """
    unpublished: frozenset[Key] = frozenset()
    """Counts that nobody is shown. They need no protection of their own, and may be known to an insider."""
    known: tuple[frozenset[Key], ...] = ()
    """For each insider, an authority or two together: the keys whose counts they know exactly."""
    figures: Mapping[Key, int] = field(default_factory=dict)
    """In how many places a count would be shown, where that is more than one: so much more is lost if it is hidden."""

    def __post_init__(self) -> None:
        """Raises `ProtectionDoubt` with every fault: relations that do not hold, or keys that are not there."""
        faults = _strangers(self) or [*_untrue(self), *_unfit(self)]
        if faults:
            raise ProtectionDoubt("The counts cannot be protected: " + "; ".join(faults) + ".")


@dataclass(frozen=True)
class Protected:
    """What is hidden and why. Every other count is shown rounded, or as it was `fixed`.

    Holds the settled and the unpublished ones too: whoever shows only what is not in it shows nothing by mistake.
    """

    hidden: Mapping[Key, Reason]


def _strangers(problem: Problem) -> list[str]:
    """The relations that name a key without a count."""
    related = [key for whole, parts in (*problem.sums, *problem.certain) for key in (whole, *parts)]
    pairs = [key for pair in problem.at_most for key in pair]
    insiders = [key for known in problem.known for key in known]
    named = {*related, *pairs, *insiders, *problem.shares, *problem.fixed, *problem.unpublished, *problem.figures}
    return [f"{key} has no count" for key in sorted(map(str, named - set(problem.counts)))]


def _untrue(problem: Problem) -> list[str]:
    """The relations that the counts do not fulfil."""
    counts = problem.counts
    sums = [f"{whole} is not the sum of its parts" for whole, parts in problem.sums if _differs(counts, whole, parts)]
    more = [f"{less} exceeds {most}" for less, most in problem.at_most if counts[less] > counts[most]]
    shares = [f"the shares of {key} do not add up" for key, each in problem.shares.items() if sum(each) != counts[key]]
    return [*sums, *more, *shares]


def _differs(counts: Mapping[Key, int], whole: Key, parts: tuple[Key, ...]) -> bool:
    return len(set(parts)) != len(parts) or counts[whole] != sum(counts[part] for part in parts)


def _unfit(problem: Problem) -> list[str]:
    """Counts below zero, and settled figures that the rule does not know."""
    below = [f"{key} is below zero" for key, count in problem.counts.items() if count < 0]
    below += [f"a share of {key} is below zero" for key, each in problem.shares.items() if min(each, default=0) < 0]
    odd = [key for key, figure in problem.fixed.items() if figure is not None and (figure < 10 or figure % 5)]
    both = [key for key in problem.fixed if key in problem.unpublished]
    return [*below, *(f"the settled figure of {key} is not one of the rule" for key in odd), *_settled_unseen(both)]


def _settled_unseen(keys: list[Key]) -> list[str]:
    return [f"{key} is settled, but no table shows it" for key in keys]

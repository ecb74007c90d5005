"""What was tried and found, and what a reader of the releases sees, by size of cohort."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from rich.table import Table

from tests.intruder.run import Result

TESTS = {
    "T1": "bounds of small counts, from all tables together",
    "T2": "the same by insiders of one authority, and of two",
    "T3": "what is certain of who joined, left or changed",
    "T4": "groups that are all, or nearly all, alike",
    "T5": "bandings, rows, order, symbols, repeats, files",
    "T6": "questions off the menu; the same bytes for all",
    "T7": "side channels, before and after an unreleased fact",
    "T8": "identifiers in any byte that is served",
    "T9": "facts that are no facts",
    "T10": "solvers that fail, and no facts at all",
    "T11": "publishing at once, again, and after a restart",
    "doubt": "figures that contradict each other",
    "wrong": "claims of the intruder that are not true",
}
SEEN = ("region, one way", "authority by statement", "all")
ALIKE = 0.01


def findings(results: Sequence[Result]) -> Table:
    """A row a test."""
    tried: Counter[str] = sum((each.tried for each in results), Counter())
    table = Table("test", "what", "tried", "tightest width, at least", "cohorts", "failures", title="Intruder")
    for test, what in TESTS.items():
        found = [sum(breach.test == test for breach in each.breaches) for each in results]
        how_often = ", ".join(f"{n:,} {name.split(' ', 1)[1]}" for name, n in tried.items() if name.split()[0] == test)
        width = min((each.tightest[test] for each in results if test in each.tightest), default=None)
        told = (how_often or "–", "–" if width is None else f"{width:.1f}")
        table.add_row(
            test, what, *told, str(sum(map(bool, found))), str(sum(found)), style="red" if any(found) else None
        )
    return table


def in_a_line(result: Result) -> str:
    """One cohort, or the drills."""
    name = f"seed {result.seed}" if result.seed >= 0 else "drills"
    refused = f", {len(result.refused)} releases refused" if result.refused else ""
    return f"{name}, {result.size} young people, {len(result.breaches)} findings{refused}"


def visibility(results: Sequence[Result]) -> Table:
    """Of the newest release: the share of groups' cells that show a figure. Without a release, nothing counts."""
    table = Table("people", "cohorts", "releases refused", *SEEN, title="Share of cells shown")
    for size, kinds in shares(results).items():
        of_size = [each for each in results if each.size == size and each.seed >= 0]
        refused = sum(len(each.refused) for each in of_size)
        table.add_row(str(size), str(len(of_size)), str(refused), *(f"{kinds[kind]:.0%}" for kind in SEEN))
    return table


def shares(results: Sequence[Result]) -> dict[int, dict[str, float]]:
    """By size of cohort and kind of table, between 0 and 1."""
    shown: dict[int, Counter[str]] = defaultdict(Counter)
    cells: dict[int, Counter[str]] = defaultdict(Counter)
    for each in (each for each in results if each.seed >= 0):  # the drills are no cohort
        shown[each.size].update(each.shown)
        cells[each.size].update(each.cells)
    return {size: {kind: shown[size][kind] / max(cells[size][kind], 1) for kind in SEEN} for size in sorted(cells)}


def remarks(results: Sequence[Result]) -> list[str]:
    """Breaches in words, the first of each test; refusals; and times that were not alike."""
    said = []
    for test in TESTS:
        found = [(each.seed, breach) for each in results for breach in each.breaches if breach.test == test]
        said += [f"{test} seed {seed}: {breach.place}: {breach.what}" for seed, breach in found[:3]]
    why: Counter[str] = Counter(reason for each in results for reason in each.refused.values())
    said += [f"{number} releases refused: {reason}" for reason, number in why.most_common(5)]
    times = [each.times_alike for each in results if each.times_alike is not None]
    if times:
        other = sum(each <= ALIKE for each in times)
        chance = sum((each.times_by_chance or 0) <= ALIKE for each in results if each.times_alike is not None)
        said.append(
            f"Times before and after an unreleased fact: {other} of {len(times)} pairs differ (p <= {ALIKE}); "
            f"with nothing between, {chance} of {len(times)}."
        )
    return said

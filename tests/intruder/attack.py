"""The attack on one release: T1 from outside, T2 by insiders of one authority or two, T4 on groups that are alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tests.intruder.claims import Bounds, Claims, Everybody, Knowledge
from tests.intruder.narrowing import Rows
from tests.intruder.own import known_to, own_counts
from tests.intruder.probing import Forms, Interval, Places, Prober
from tests.intruder.reading import TOTAL, SeenAxis
from tests.intruder.solver import MOST, Doubt, Numbers, Solver
from tests.intruder.view import View, column_of

SENSITIVE = ("exploitation",)
SHARES = ((1.0, 1.0), (0.9, 1e-4))
"""All of a group, or nine tenths, certainly have one value: unless the whole's share can exceed the part by so much."""
WHOLE_MAX = 6
"""So many near failures of a release are tried in whole numbers too, the narrowest first."""


Insiders = tuple[str, ...]
"""None of them: somebody outside."""


@dataclass(frozen=True)
class Division:
    """A count and its part with one sensitive value: columns, the axis and the part's group."""

    whole: int
    part: int
    axis: SeenAxis
    code: str


@dataclass(frozen=True)
class Attacked:
    """A release under attack: its view, the one solver, the insiders' own counts, and what could be all alike."""

    seen: View
    solver: Solver
    rows: Rows
    own: Mapping[str, Numbers]
    divisions: Sequence[Division]
    forms: Forms

    def known(self, insiders: Iterable[str]) -> Numbers:
        """The counts that these have among themselves."""
        return sum((self.own[who] for who in insiders), np.zeros(len(self.seen.low)))


def attack(seen: View, known: Knowledge, claims: Claims) -> None:
    """By each pair of insiders, each insider, and from outside: who knows most is first, and the others learn of it.

    What the solver doubts is noted, and fails the release.
    """
    divisions = list(_divided(seen))
    own = own_counts(seen, known)
    there = Attacked(seen, Solver(seen.low, seen.high, seen.rows), Rows(seen.rows), own, divisions, _forms(divisions))
    probers: dict[Insiders, Prober] = {}
    pairs = [pair for pair in known.pairs if own.keys() >= set(pair)]
    for insiders in (*pairs, *((who,) for who in own), ()):
        try:
            probers[insiders] = _as(insiders, there, probers, claims)
        except Doubt as doubt:
            claims.odd("doubt", f"{seen.release} {' and '.join(insiders) or 'outside'}", str(doubt))
    claims.tried["linear programs"] += there.solver.runs


def _as(insiders: Insiders, there: Attacked, earlier: Mapping[Insiders, Prober], claims: Claims) -> Prober:
    """The counts are those of all others: the insiders' own facts are taken off every bound. Raises `Doubt`."""
    seen, own = there.seen, there.known(insiders)
    low, high = np.maximum(seen.low - own, 0.0), seen.high - own
    known = known_to(insiders, seen)
    low[known], high[known] = 0.0, 0.0
    if (high < low).any():
        raise Doubt("the figures contradict what the insiders know")
    there.solver.bounds(low, high)
    prober = Prober(there.solver, there.rows.narrowed(low, high), there.forms)
    for more, other in earlier.items():
        if set(insiders) < set(more):
            prober.inherit(other, there.known(set(more) - set(insiders)))
    targets = _targets(insiders, own, seen, known)
    found = prober.intervals(targets, near=not insiders)
    whole = {} if insiders else _in_whole_numbers(there, found)
    _claim(insiders, seen, {column: whole.get(column, each) for column, each in found.items()}, claims)
    _alike(insiders, low, there, prober, claims)
    return prober


def _claim(insiders: Insiders, seen: View, found: Mapping[int, Interval], claims: Claims) -> None:
    """What is proved, for the judge; and of hidden counts the narrowest, which is at least so wide."""
    test = "T2" if insiders else "T1"
    claims.tried[f"{test} counts"] += len(found)
    for column, interval in found.items():
        is_shown = column in seen.shown
        if not is_shown:
            claims.tightest[test] = min(claims.tightest.get(test, MOST), interval.width)
        if interval.is_proved:
            unit, mask = seen.names[column]
            where = seen.book.where(mask)
            claims.bounds.append(
                Bounds(test, seen.release, unit, where, insiders, interval.low, interval.high, is_shown)
            )


def _targets(insiders: Insiders, own: Numbers, seen: View, known: Places) -> Places:
    """Hidden counts; for one insider alone also shown ones that are few without their own."""
    targets = np.array(seen.hidden, dtype=np.int64)
    if len(insiders) == 1:
        shown = np.array(sorted(seen.shown), dtype=np.int64)
        targets = np.concatenate((targets, shown[(own[shown] > 0) & (seen.low[shown] - own[shown] < 10)]))
    return targets[~np.isin(targets, known)]


def _in_whole_numbers(there: Attacked, found: Mapping[int, Interval]) -> dict[int, Interval]:
    """Bounds in whole numbers of those that came near; where that takes too long, they keep the others."""
    near = sorted((column for column, each in found.items() if each.is_proved), key=lambda column: found[column].width)
    if not near:
        return {}
    solver = Solver(there.seen.low, there.seen.high, there.seen.rows)
    solver.whole()
    whole = {}
    for column in near[:WHOLE_MAX]:
        cost = np.zeros(solver.columns)
        cost[column] = 1.0
        try:
            least, most = solver.minimise(cost)[column], solver.minimise(-cost)[column]
        except Doubt:
            continue
        whole[column] = Interval(float(least), float(most), is_proved=True)
    return whole


def _alike(insiders: Insiders, low: Numbers, there: Attacked, prober: Prober, claims: Claims) -> None:
    """Groups in which somebody certainly is, and of whom all, or nearly all, have the same sensitive value."""
    seen = there.seen
    asked = np.flatnonzero([low[each.whole] >= 1 for each in there.divisions for _ in SHARES])
    claims.tried["T4 groups"] += len(asked) // len(SHARES)
    for place in prober.impossible(asked):
        division, (share, _) = there.divisions[place // len(SHARES)], SHARES[place % len(SHARES)]
        unit, mask = seen.names[division.whole]
        values = division.axis.groups[division.code]
        where = seen.book.where(mask)
        claims.everybody.append(Everybody(seen.release, unit, where, insiders, division.axis.field, values, share))


def _forms(divisions: Sequence[Division]) -> Forms:
    """For each division and share: how much the whole's share exceeds the part."""
    asked = [(each, share, needed) for each in divisions for share, needed in SHARES]
    columns = np.array([(each.whole, each.part) for each, *_ in asked], dtype=np.int64).reshape(-1, 2)
    factors = np.array([(share, -1.0) for _, share, _ in asked]).reshape(-1, 2)
    return Forms(columns, factors, np.array([needed for *_, needed in asked]))


def _divided(seen: View) -> Iterable[Division]:
    """Each count with each of its parts by a sensitive field, once, wherever it is shown."""
    found: dict[tuple[int, int], Division] = {}
    for table in seen.tables:
        for place, axis in enumerate(table.axes):
            if axis.field not in SENSITIVE:
                continue
            by_at = {cell.at: column_of(seen.structure, seen.book, table, cell) for cell in table.cells}
            for at, part in by_at.items():
                whole = by_at.get((*at[:place], TOTAL, *at[place + 1 :]))
                if at[place] != TOTAL and part is not None and whole is not None and whole != part:
                    found.setdefault((whole, part), Division(whole, part, axis, at[place]))
    return found.values()

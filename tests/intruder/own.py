"""What insiders have: how many of an authority's own facts are in each count, and which counts are theirs alone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tests.intruder.claims import Knowledge, Row
from tests.intruder.codes import FIELDS, NOT_YET
from tests.intruder.solver import Numbers
from tests.intruder.view import View


def own_counts(seen: View, known: Knowledge) -> dict[str, Numbers]:
    """For each authority with facts in the release how many of them are in each column."""
    return {who: _counts(seen, facts) for (release, who), facts in sorted(known.own.items()) if release == seen.release}


def _counts(seen: View, facts: Mapping[Row, int]) -> Numbers:
    """A fact is in a count when all of its bits are the count's."""
    rows = seen.book.spread([seen.book.row(dict(zip(FIELDS, row, strict=True))) for row in facts])
    is_in = rows.astype(np.float32) @ seen.bits.T.astype(np.float32) == rows.sum(axis=1, keepdims=True)
    numbers = np.array(list(facts.values()), dtype=np.float64)
    standing = numbers * np.array([stands(row[-1], seen.release) for row in facts], dtype=np.float64)
    counts: Numbers = np.where(seen.counts_people, standing @ is_in, numbers @ is_in)
    return counts


def stands(succeeded_in: str, release: str) -> bool:
    """Whether a fact stands for its young person at the end of the release's quarter."""
    return succeeded_in == NOT_YET or succeeded_in > release


def known_to(insiders: tuple[str, ...], seen: View) -> NDArray[np.int64]:
    """The columns of counts that hold the insiders' authorities alone."""
    if not insiders:
        return np.array([], dtype=np.int64)
    everybody = frozenset(seen.book.values["authority"])
    others = seen.book.mask({"authority": everybody - frozenset(insiders)}) & seen.book.fields["authority"]
    holds_others = (seen.bits & seen.book.spread([others])).any(axis=1)
    return np.flatnonzero(~holds_others)

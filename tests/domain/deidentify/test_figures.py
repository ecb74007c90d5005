"""The figures that `python -m bench.deidentify` prints do not fall, on labelled texts and for any community's names."""

from __future__ import annotations

import pytest

from bench.deidentify import CORPUS, OWN, labelled, recall_by_group, scored

CORPUS_ROWS, OWN_ROWS = labelled(CORPUS), labelled(OWN)
HALF = len(CORPUS_ROWS) // 2


@pytest.mark.parametrize(
    "rows", [CORPUS_ROWS[:HALF], CORPUS_ROWS[HALF:], OWN_ROWS], ids=["first half", "second half", "own"]
)
def test_enough_is_found_and_little_of_it_wrongly(rows: list[dict[str, object]]) -> None:
    score = scored(rows)

    assert score.recall >= 0.97
    assert score.harmless <= 0.05


@pytest.mark.parametrize("change", ["title", "lower"])
def test_it_does_not_matter_whose_name_it_is(change: str) -> None:
    recalls = recall_by_group(change)

    assert len(recalls) == 8
    assert {group: recall for group, recall in recalls.items() if recall < 0.95} == {}


def test_the_measure_notices_what_is_missed_and_what_is_found_wrongly() -> None:
    span = {"start": 0, "end": 3, "label": "NAME_CHILD"}
    score = scored([{"text": "boy has met Keziah", "spans": [span]}])

    assert (score.recall, score.words, score.flagged) == (0.0, 3, 1)

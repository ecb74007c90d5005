"""Samples of every kind become documents: the case file, and each reader's copy or a reason why there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import pytest

from service.configuration import policies
from service.documents import TypstDocuments
from service.domain.audiences import Audience, Copy, CopyRefused, copy_for
from service.domain.records import RECORDS
from service.samples import Setting, samples
from service.settings import ROOT
from tests.documents.pdf_reader import letters, read

COUNT = 30
READ = 3
"""So many of each kind are read as well; reading takes far longer than rendering."""

TODAY = date(2026, 11, 22)
KNOWN: dict[str, Any] = {"authority_name": "Stockport Council", "reference": "WB-7F3K", "review_due_on": TODAY}
COPIES = [audience for audience in Audience if audience is not Audience.CASE_FILE]
NARRATIVE = {"nwg_assessment": "analysis"}

READ_OUT_WRONGLY = re.compile("[\u0600-\u06ff]")
"""Arabic letters: the one thing in samples for which a document does not claim PDF/UA."""


@cache
def made(record_type: str) -> tuple[dict[str, Any], ...]:
    policy = policies(ROOT / "config")["E08000007"]
    return tuple(samples(Setting(policy, "stk", TODAY), count=COUNT, seed=5, record_type=record_type))


def texts(value: Any) -> Iterator[str]:
    """Every text of a record."""
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    yield from [value] if isinstance(value, str) else ()
    for each in below:
        yield from texts(each)


@pytest.mark.parametrize("record_type", RECORDS)
def test_every_sample_has_its_case_file(record_type: str) -> None:
    for record in made(record_type):
        rendered = TypstDocuments().render(record, **KNOWN)
        assert rendered.claims_ua is not bool(READ_OUT_WRONGLY.search(" ".join(texts(record))))
        assert rendered.content.startswith(b"%PDF-")


@pytest.mark.parametrize("record_type", RECORDS)
def test_the_case_file_says_what_the_sample_says(record_type: str) -> None:
    for record in made(record_type)[:READ]:
        narrative = record[NARRATIVE.get(record_type, "analysis_narrative")]
        assert letters(narrative) in read(TypstDocuments().case_file(record, **KNOWN)).letters


@pytest.mark.parametrize("audience", COPIES)
@pytest.mark.parametrize("record_type", RECORDS)
def test_every_sample_has_its_readers_copy_or_a_reason_why_not(record_type: str, audience: Audience) -> None:
    results = [copy_for(record, audience) for record in made(record_type)]
    copies = [each for each in results if isinstance(each, Copy)]
    assert {each.code for each in results if isinstance(each, CopyRefused)} <= {"A1", "C1", "TP1"}
    assert len(copies) >= COUNT / 4
    for each in copies:
        assert TypstDocuments().copy_for(each, **KNOWN).startswith(b"%PDF-")

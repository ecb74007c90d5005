"""One release has one form in bytes, and other bytes are no release."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from service.central.releases.canonical import (
    NotCanonical,
    canonical,
    facts_from_bytes,
    facts_to_bytes,
    from_bytes,
    to_bytes,
)
from tests.central.releases.made import BURY, built, cohort, fact

RELEASE = built(cohort(), missing=())


def test_a_release_comes_back_as_it_was() -> None:
    assert from_bytes(to_bytes(RELEASE)) == RELEASE


def test_the_same_facts_in_any_order_make_the_same_bytes() -> None:
    turned = Counter(dict(reversed(cohort().items())))
    assert to_bytes(built(turned)) == to_bytes(RELEASE)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        json.dumps(json.loads(to_bytes(RELEASE))).encode(),
        to_bytes(RELEASE) + b"\n",
        canonical(json.loads(to_bytes(RELEASE)) | {"note": "more"}),
        to_bytes(RELEASE).replace(b"rounded", b"exact"),
    ],
)
def test_other_bytes_are_no_release(content: bytes) -> None:
    with pytest.raises(NotCanonical):
        from_bytes(content)


def test_facts_come_back_as_they_were() -> None:
    facts = Counter({fact(): 3, fact(authority=BURY): 1})
    assert facts_from_bytes(facts_to_bytes(facts)) == facts
    with pytest.raises(NotCanonical):
        facts_from_bytes(b'{"fields":["quarter"],"facts":[["x",1]]}')

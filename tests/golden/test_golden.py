"""What is sent is what was agreed to. When a difference is meant: `.venv/bin/python -m tests.golden`."""

from __future__ import annotations

from dataclasses import replace
from difflib import unified_diff

import pytest

from service.adapters.profiles import load_profile
from service.adapters.registry import document_schemas, schemas
from service.domain.records import RECORDS
from tests.golden.golden import CONFIG, OF, files, text_of, texts

MADE, AGREED = texts(), files()


def difference(before: str, after: str, name: str) -> str:
    lines = unified_diff(before.splitlines(), after.splitlines(), f"agreed/{name}", f"now/{name}", lineterm="", n=1)
    return "\n".join(lines)


@pytest.mark.parametrize("name", sorted(MADE.keys() | AGREED.keys()))
def test_what_is_sent_is_what_was_agreed_to(name: str) -> None:
    changed = difference(AGREED.get(name, ""), MADE.get(name, ""), name)
    assert not changed, f"\n{changed}\n\nWhen this is meant: .venv/bin/python -m tests.golden"


def test_every_authority_sample_and_record_is_there() -> None:
    places = {name.rsplit("/", 1)[0] for name in MADE}
    slugs = {f"authorities/{path.stem}" for path in (CONFIG / "authorities").glob("*.yaml")}
    assert places == slugs | {f"samples/{path.stem}" for path in (CONFIG / "samples").glob("*.yaml")}
    assert set(MADE) == {f"{place}/{record}.txt" for place in places for record in RECORDS}
    assert set(OF) == set(RECORDS)


def test_a_changed_word_is_shown_with_what_it_was() -> None:
    name = "authorities/oldham/nwg_assessment.txt"
    lines = AGREED[name].splitlines()
    shown = difference(AGREED[name], AGREED[name].replace(lines[8], f"{lines[8]}!"), name)
    assert f"-{lines[8]}" in shown
    assert f"+{lines[8]}!" in shown


def test_a_changed_profile_is_noticed() -> None:
    profile = load_profile(CONFIG, CONFIG / "authorities" / "bury.yaml", schemas(), document_schemas())
    record = profile.records["wise_assessment"]
    changed = replace(profile, records={"wise_assessment": replace(record, target={"form": "1"})})
    assert text_of(changed, "wise_assessment") != AGREED["authorities/bury/wise_assessment.txt"]

"""docs/audit.md says what the code does, to the last character."""

from __future__ import annotations

import json
import re
from hashlib import sha256

from service.domain.trail.entry import FIRST, canonical, digest, entry_of
from service.domain.trail.findings import SENTENCES, Wrong
from service.domain.trail.words import SAW
from tests.architecture.project import ROOT

PAGE = (ROOT / "docs" / "audit.md").read_text()


def test_the_example_gives_the_digest_beneath_it() -> None:
    written, stated = re.findall(r"^    (\{\"action\".*\})\n    ([0-9a-f]{64})$", PAGE, re.MULTILINE)[0]
    entry = entry_of(json.loads(written))
    assert canonical(entry.document()).decode() == written
    assert digest(FIRST, entry).hex() == stated == sha256(bytes(32) + written.encode()).hexdigest()


def test_the_eight_fields_are_those_of_the_table() -> None:
    written = re.findall(r"^    (\{\"action\".*\})$", PAGE, re.MULTILINE)[0]
    assert re.findall(r"^\| `(\w+)` \| (?:text|object|whole)", PAGE, re.MULTILINE) == list(json.loads(written))


def test_every_finding_and_every_read_is_named() -> None:
    assert set(SENTENCES) == set(Wrong)
    for wrong, sentence in SENTENCES.items():
        assert f"| `{wrong.value}` | {sentence} |" in PAGE
    for action in SAW:
        assert f"`{action}`" in PAGE


def test_what_must_be_escaped_is_written_as_rfc_8785_says() -> None:
    """Its section 3.2.2.2: short forms where JSON has them, else four digits in lower case; all else as it is."""
    assert canonical({"b": '\x00\x1f\b\t\n\f\r"\\/\x7f é\u2028', "a": 1}).decode() == (
        '{"a":1,"b":"\\u0000\\u001f\\b\\t\\n\\f\\r\\"\\\\/\x7f é\u2028"}'
    )

"""T8: identifiers in every text of posted records, through the real intake; then all that is served is searched."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.intruder.judge import Breach

CORPUS = Path(__file__).parents[1] / "domain" / "deidentify"
SHORTEST = 5
"""Shorter ones stand by chance in any text."""


def corpus() -> list[str]:
    """Every labelled identifier of the de-identifier's snippets, as written there."""
    found: set[str] = set()
    for file in sorted(CORPUS.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            found.update(_spans(json.loads(line)))
    return sorted(each for each in found if len(each) >= SHORTEST)


def _spans(given: dict[str, Any]) -> Iterator[str]:
    text = str(given.get("text", ""))
    for span in given.get("spans") or given.get("entities") or []:
        if isinstance(span, dict):
            yield str(span.get("text") or text[span.get("start", 0) : span.get("end", 0)])
        elif len(span) >= 2 and isinstance(span[0], int):
            yield text[span[0] : span[1]]


def forms(canary: str) -> tuple[bytes, ...]:
    """As it is, in capitals, and in the encodings in which something could be carried along."""
    plain = canary.encode()
    split = "\u200b".join(canary).encode()
    escaped = json.dumps(canary)[1:-1].encode()
    return (
        plain,
        canary.upper().encode(),
        escaped,
        quote(canary).encode(),
        canary.encode("utf-16-le"),
        base64.b64encode(plain).rstrip(b"="),
        plain.hex().encode(),
        split,
    )


def searched(served: Iterable[bytes], canaries: Iterable[str], allowed: bytes = b"") -> tuple[int, list[Breach]]:
    """How many forms were looked for, and where one was found that is not in `allowed`: bytes without them."""
    everything, tried, breaches = b"\n".join(served), 0, []
    for number, canary in enumerate(canaries):
        for form in forms(canary):
            tried += 1
            if form in everything and form not in allowed:
                breaches.append(Breach("T8", f"canary {number}", "an identifier was served"))
    return tried, breaches

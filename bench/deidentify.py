"""`python -m bench.deidentify`: how much the warning about identifiers finds, whom it misses, what it finds wrongly.

An identifier leaks when a letter or digit of it is in no finding of whatever kind; words like "of" in it do not count.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from service.domain.deidentify.shipped import find
from service.domain.deidentify.vocabulary import these
from service.settings import ROOT

FOLDER = ROOT / "tests" / "domain" / "deidentify"
CORPUS, OWN, BLIND, SECOND, NAMES = (
    FOLDER / name
    for name in ("identifiers-in-text.jsonl", "snippets.jsonl", "blind.jsonl", "blind-second.jsonl", "names.toml")
)
"""The blind ones were measured before any rule was changed by what they showed: see docs/deidentify.md."""

DIRECT = these(
    "NAME_CHILD NAME_PEER NAME_FAMILY NAME_WORKER NICKNAME INITIALS NHS_NUMBER UPN NINO LCS_ID CASE_REF PHONE EMAIL"
    " VEHICLE_REG STREET_ADDRESS POSTCODE SCHOOL ORG_LOCAL DOB SOCIAL_HANDLE"
)
"""What names somebody by itself. Places, days and traits only help to."""

WANTED = {"recall": 0.97, "worst group": 0.95, "harmless": 0.05, "texts/s": 2_000}

_PART, _WORD = re.compile(r"[^\W_]+"), re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LITTLE = these("the a an of and at on in to from for by is was with or")


@dataclass
class Score:
    """What was looked for and missed, by label, and how many words that identify nobody were found."""

    wanted: Counter[str] = field(default_factory=Counter)
    leaked: Counter[str] = field(default_factory=Counter)
    words: int = 0
    flagged: int = 0

    @property
    def recall(self) -> float:
        """The share of direct identifiers that were found whole."""
        return _recall(self, DIRECT)

    @property
    def direct(self) -> int:
        """How many direct identifiers were looked for."""
        return sum(self.wanted[label] for label in DIRECT)

    @property
    def indirect(self) -> float:
        """The same of what only helps to name somebody."""
        return _recall(self, self.wanted.keys() - DIRECT)

    @property
    def harmless(self) -> float:
        """The share of the words outside all identifiers that were found."""
        return self.flagged / max(self.words, 1)


def _recall(score: Score, labels: frozenset[str] | set[str]) -> float:
    return 1 - sum(score.leaked[label] for label in labels) / max(sum(score.wanted[label] for label in labels), 1)


def scored(rows: Sequence[dict[str, Any]]) -> Score:
    """Looks through labelled texts."""
    score = Score()
    for row in rows:
        found = {at for finding in find(row["text"]) for at in range(finding.start, finding.end)}
        meant: set[int] = set()
        for span in row["spans"]:
            meant.update(range(span["start"], span["end"]))
            score.wanted[span["label"]] += 1
            score.leaked[span["label"]] += not found.issuperset(_counting(row["text"], span["start"], span["end"]))
        for word in _WORD.finditer(row["text"]):
            if meant.isdisjoint(range(*word.span())):
                score.words += 1
                score.flagged += not found.isdisjoint(range(*word.span()))
    return score


def scored_by_group(rows: Sequence[dict[str, Any]]) -> dict[str, Score]:
    """The same for the texts of each community that names anybody."""
    groups = sorted({row["group"] for row in rows} - {"none"})
    return {group: scored([row for row in rows if row["group"] == group]) for group in groups}


def _counting(text: str, start: int, end: int) -> Iterator[int]:
    for part in _PART.finditer(text, start, end):
        if part[0].lower() not in _LITTLE:
            yield from range(*part.span())


def recall_by_group(change: str = "title") -> dict[str, float]:
    """The share of first names found, for each community, as they are written by `change`: "title" or "lower"."""
    names = tomllib.loads(NAMES.read_text("utf-8"))
    return {
        group: sum(_is_found(sentence, getattr(name, change)()) for name in given for sentence in names["sentences"])
        / (len(given) * len(names["sentences"]))
        for group, given in names["groups"].items()
    }


def _is_found(sentence: str, name: str) -> bool:
    text, start = sentence.format(name), sentence.index("{")
    found = {at for finding in find(text) for at in range(finding.start, finding.end)}
    return found.issuperset(range(start, start + len(name)))


def labelled(file: Path) -> list[dict[str, Any]]:
    """The texts of a file with their labels."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def main() -> None:
    """Measures and prints."""
    options = _options()
    corpus, own = labelled(CORPUS), labelled(OWN)
    blind, second = labelled(BLIND), labelled(SECOND)
    half = len(corpus) // 2
    scores = {"first half": scored(corpus[:half]), "second half": scored(corpus[half:]), "own": scored(own)}
    scores |= {"blind": scored(blind), "blind, 2nd": scored(second)}
    print(f"{platform.machine()}, one core, Python {platform.python_version()}; wanted: {WANTED}\n")
    print(f"{'':28}" + "".join(f"{name:>14}" for name in scores))
    for title in ("recall", "indirect", "harmless"):
        print(f"{title:28}" + "".join(f"{getattr(score, title):14.3f}" for score in scores.values()))
    for label in sorted({label for score in scores.values() for label in score.wanted}):
        cells = [f"{score.leaked[label]} of {score.wanted[label]}" for score in scores.values()]
        print(f"  leaked {label:19}" + "".join(f"{cell:>14}" for cell in cells))
    print(f"\n{'blind texts, by community':28}{'recall':>14}{'of':>14}")
    for group, score in scored_by_group([*blind, *second]).items():
        print(f"  {group:26}{score.recall:14.3f}{score.direct:14}")
    print(f"\n{'first names found':28}{'Title Case':>14}{'lower case':>14}")
    titled, lowered = recall_by_group("title"), recall_by_group("lower")
    for group, recall in titled.items():
        print(f"  {group:26}{recall:14.3f}{lowered[group]:14.3f}")
    texts = [row["text"] for row in corpus]
    print(f"\n{'texts/s':28}{median(_rates(texts, options.rounds)):14,.0f}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10, help="turns through the texts when time is taken")
    return parser.parse_args()


def _rates(texts: Sequence[str], rounds: int) -> Iterator[float]:
    for _ in range(rounds):
        began = time.process_time()
        for text in texts:
            find(text)
        yield len(texts) / (time.process_time() - began)


if __name__ == "__main__":
    main()

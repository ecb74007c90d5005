"""A catalogue of 2027 made from the shipped one, as a year's work on it might leave it; and cohorts around New Year."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from service.central.catalogue import Catalogue, read_all
from service.domain.fact import NOT_YET, Fact
from service.settings import ROOT
from tests.intruder.codes import FIELDS, quarter_after
from tests.intruder.cohort import cohort

LAST, FIRST = "2026Q4", "2027Q1"
"""The last release by the old catalogue, and the first by the new."""
SHIPPED = ROOT / "config" / "catalogue" / "2026.yaml"
BEGINS = 2
"""So many quarters later than the cohorts' own."""

_AGES = """\
      "10_13": {label: 10 to 13, values: ["10_13"]}
      "14_15": {label: 14 and 15, values: ["14_15"]}
      "16_17": {label: 16 and 17, values: ["16_17"]}
"""
_OTHER_AGES = """\
      "10_15": {label: 10 to 15, values: ["10_13", "14_15"]}
      "16_17": {label: 16 and 17, values: ["16_17"]}
"""
_THREE = """\
      under_14: {label: Under 14, values: [under_10, "10_13"]}
      "14_15": {label: 14 and 15, values: ["14_15"]}
"""
_OTHER_THREE = """\
      under_16: {label: Under 16, values: [under_10, "10_13", "14_15"]}
"""
_MORE = """
  statement-by-education:
    title: "Young people, by exploitation statement and education, training or work"
    question: "How does the exploitation statement differ by education?"
    unit: young_people
    universe: statement
    forms: [[education, statement], [education_in_two, statement_in_two], [statement_in_two]]
    notes:
      - Not in school takes in young people who are excluded or educated at home.
"""
_TOOK_PART = re.compile(r"(\n  took-part:\n(?:    .*\n){3}    universe: )all\n")
_LAST_TABLE = re.compile(r"\n  completeness:\n(?:    .*\n)+")
CHANGES: dict[str, Callable[[str], str]] = {
    "renamed": lambda text: _once(text, "\n  ethnic-group:\n", "\n  young-people-by-ethnic-group:\n"),
    "one less": lambda text: _LAST_TABLE.sub("\n", text),
    "one more": lambda text: text.rstrip("\n") + "\n" + _MORE,
    "other ages": lambda text: _once(_once(text, _AGES, _OTHER_AGES), _THREE, _OTHER_THREE),
    "another universe": lambda text: _TOOK_PART.sub(r"\1statement\n", text),
}


def _once(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, "the shipped catalogue has changed: correct this"
    return text.replace(old, new)


def two_catalogues(folder: Path, *changes: str) -> dict[str, Catalogue]:
    """The shipped one and that of 2027 with these changes, read from the folder; all rules of a catalogue hold."""
    old = SHIPPED.read_text("utf-8")
    new = _once(old, 'version: "2026"', 'version: "2027"')
    for each in changes:
        changed = CHANGES[each](new)
        assert changed != new, f"'{each}' changes nothing: correct it"
        new = changed
    (folder / "2026.yaml").write_text(old, "utf-8")
    (folder / "2027.yaml").write_text(new, "utf-8")
    return read_all(folder)


def around_new_year(seed: int, size: int) -> tuple[Counter[Fact], Counter[Fact]]:
    """What the two releases count of a cohort of nobody."""
    drawn = cohort(seed, size)
    last, first = (
        Counter({_fact(row): number for row, number in drawn.counted(quarter_after(each, -BEGINS)).items()})
        for each in (LAST, FIRST)
    )
    return last, first


def _fact(row: tuple[str, ...]) -> Fact:
    said = dict(zip(FIELDS, row, strict=True))
    said["quarter"] = quarter_after(said["quarter"], BEGINS)
    if said["succeeded_in"] != NOT_YET:
        said["succeeded_in"] = quarter_after(said["succeeded_in"], BEGINS)
    return Fact(**said)

"""The table of audiences as a page for people: docs/audiences.md is what this renders, and a test keeps it so."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from service.domain import codes
from service.domain.audiences.decisions import DECISIONS
from service.domain.audiences.table import row_of
from service.domain.audiences.treatments import MEANINGS, Audience, Row, Treatment
from service.domain.fields import leaves
from service.domain.records import RECORDS
from service.domain.words import heading, words

SECTION_WORDS: dict[str, str] = {
    **{section: words(codes.SHARING_SECTIONS, section) for section in ("own_words", *codes.SHARING_SECTIONS)},
    "contributions": "What people in the meeting added",
    "panel_referral": "Panel referral",
    "participation": "Taking part",
    "review": "Review",
    "meeting": "The meeting",
    "people": "Who worked on this",
    "details": "Details of the young person",
    "about": "About the record",
    "risk_subjects": "Restricted part",
}

_COLUMNS = ("case file", "young person", "family", "professionals", "supervision")
_TOP = """# Who gets what

Made from the table in `service/domain/audiences/` by `python -m service.domain.audiences > docs/audiences.md`; change
the table, not this page. A field that is in no row is in no copy, and the copy is refused.

Each of the five readers has a copy of their own. Nothing that follows depends on consent being a lawful basis: the
young person's choices decide what is handed to others on paper, and a reason of safety can override them.

"""


def page() -> str:
    """The whole page, as Markdown."""
    return "\n".join((_TOP.rstrip(), "", *_treatments(), *_decisions(), *_holds(), *_tables()))


def _treatments() -> Iterator[str]:
    yield from ("## What the words in the tables mean", "", "| in the tables | means |", "|---|---|")
    yield from (f"| {_mark(each)} | {MEANINGS[each]} |" for each in Treatment)
    yield ""


def _decisions() -> Iterator[str]:
    yield from ("## Decisions, and why", "")
    yield from (f"* **{what}** {why}" for what, why in DECISIONS)
    yield ""


def _holds() -> Iterator[str]:
    yield from (
        "## Sections that can be held back",
        "",
        "While somebody checks a section for other people's details it is left out of every copy but the case file.",
        "",
        "| section | called |",
        "|---|---|",
    )
    yield from (f"| {label} | `{section}` |" for section, label in SECTION_WORDS.items())
    yield ""


def _tables() -> Iterator[str]:
    for kind, record in RECORDS.items():
        yield from (f"## {words(codes.RECORD_TYPES, kind)}", "")
        for section, claimed in _by_section([path for path, _ in leaves(record)]):
            yield from (f"### {SECTION_WORDS[section]}", "", f"| field | {' | '.join(_COLUMNS)} | why |")
            yield "|---" * (len(_COLUMNS) + 2) + "|"
            yield from (_line(row, paths) for row, paths in claimed)
            yield ""


def _by_section(paths: list[str]) -> Iterator[tuple[str, list[tuple[Row, list[str]]]]]:
    order = list(SECTION_WORDS)
    ordered = sorted(paths, key=lambda path: order.index(row_of(path).section))
    for section, found in groupby(ordered, key=lambda path: row_of(path).section):
        rows: dict[tuple[tuple[Treatment, ...], str], tuple[Row, list[str]]] = {}
        for path in found:
            row = row_of(path)
            rows.setdefault((_treated(row), row.reason), (row, []))[1].append(path)
        yield section, list(rows.values())


def _treated(row: Row) -> tuple[Treatment, ...]:
    return tuple(row.treatments[audience] for audience in Audience)


def _line(row: Row, paths: list[str]) -> str:
    named = "; ".join(dict.fromkeys(heading(path) for path in paths))
    cells = " | ".join(_mark(treatment) for treatment in _treated(row))
    return f"| {named} | {cells} | {row.reason} |"


def _mark(treatment: Treatment) -> str:
    return f"**{treatment}**" if treatment is Treatment.SHOW else str(treatment)

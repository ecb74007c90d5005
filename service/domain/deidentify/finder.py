"""Looks through a text with all tiers: shapes, words, the names a record knows, and a model where there is one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from service.domain.deidentify.context import with_context
from service.domain.deidentify.finding import Finding, Kind, Taken
from service.domain.deidentify.known import Known
from service.domain.deidentify.names import suspicious
from service.domain.deidentify.plain import Plain, plain
from service.domain.deidentify.row import Row
from service.domain.deidentify.shapes import shapes
from service.domain.deidentify.spread import Stretch, spread
from service.domain.deidentify.vocabulary import Vocabulary


class Recogniser(Protocol):
    """A model that knows names by their sentence. An adapter implements it where an authority has one installed."""

    def findings(self, text: str) -> Iterable[Finding]:
        """What the model takes for names in the text as given. It may say anything again that is found already.

        It keeps nothing of the text. Whatever fails in it is its own to report: it then finds nothing.
        """


class Deidentifier:
    """One vocabulary, ready to look at texts. It keeps nothing of a text, and threads may share it."""

    def __init__(self, vocabulary: Vocabulary, recogniser: Recogniser | None = None) -> None:
        self._vocabulary, self._kinds = vocabulary, dict(with_context(vocabulary))
        self._recogniser = recogniser

    def find(self, text: str, known: Iterable[str] = ()) -> tuple[Finding, ...]:
        """All that may identify somebody, in order of place and without overlaps. It is a warning, never a proof.

        `known` are names that the record holds elsewhere. That nothing is found says nothing about the text.
        """
        given = plain(text)
        taken = shapes(given.text)
        row = Row(given.text, self._kinds)
        found = suspicious(row, self._vocabulary)
        knows = Known(known).words_of(row) if known else set()
        for stretch in sorted(spread(row, found | knows), key=_order):
            _take(taken, row, stretch, knows)
        whole = Taken()  # two stretches of the plain text may share one character as given, such as a half of "½"
        for each in _together(taken, given):
            whole.add(each.kind, *given.span(each.start, each.end))
        self._with_model(text, whole)
        return whole.findings()

    def _with_model(self, text: str, whole: Taken) -> None:
        """What a model adds comes last: it never takes a finding away, nor changes its kind."""
        if self._recogniser is None:
            return
        for finding in self._recogniser.findings(text):
            whole.add(finding.kind, max(finding.start, 0), min(finding.end, len(text)))


def _order(stretch: Stretch) -> tuple[bool, int]:
    return stretch.kind is Kind.PERSON, stretch.first


def _take(taken: Taken, row: Row, stretch: Stretch, knows: set[int]) -> None:
    words = range(stretch.first, stretch.last + 1)
    kind = Kind.KNOWN_NAME if not knows.isdisjoint(words) else stretch.kind
    taken.add(kind, row.start[stretch.first], row.end[stretch.last])


def _together(taken: Taken, given: Plain) -> list[Finding]:
    """First names and surnames that stand side by side are one finding."""
    found: list[Finding] = []
    for each in taken.findings():
        last = found[-1] if found else None
        if last and _is_same_person(last, each) and given.text[last.end : each.start] in {" ", "-", ". ", "  "}:
            kind = Kind.KNOWN_NAME if Kind.KNOWN_NAME in {last.kind, each.kind} else each.kind
            found[-1] = Finding(kind, last.start, each.end)
        else:
            found.append(each)
    return found


def _is_same_person(one: Finding, other: Finding) -> bool:
    people = {Kind.PERSON, Kind.KNOWN_NAME}
    return one.kind in people and other.kind in people

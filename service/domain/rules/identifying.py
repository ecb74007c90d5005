"""What in a text seems to name somebody or lead to them: a thorough look, for who checks a record before it is saved.

It advises only. It never says that a text names nobody, and nothing is opened or let through because it is silent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from service.domain.deidentify.finding import Finding, Kind
from service.domain.deidentify.shipped import find
from service.domain.narratives import short_words, telling_texts
from service.domain.records import RECORDS
from service.domain.rules.catalogue import At, warn
from service.domain.rules.subject import Subject
from service.domain.text.identifiers import find_identifiers

_PASSED = frozenset({Kind.DATE})
"""A story has its days, and who is warned for each stops reading. A date of birth is a kind of its own."""

_FIX = "If the record does not need it, say who or what it is instead: her aunt, his school, a phone number."


@warn("X-8", "This text seems to hold {kind} ({places}). The check can be wrong, and it can miss one.", _FIX)
def nobody_is_named_without_need(subject: Subject) -> Iterator[At]:
    """Asked before a record is saved: names and the like that need not travel with every copy, one line a kind."""
    if not subject.thorough:
        return
    names = [str(item["known_name"]) for _, item in subject.objects("/risk_subjects") if item.get("known_name")]
    for place, text in telling_texts(subject.record, RECORDS[subject.record_type]):
        said = find_identifiers(text)
        yield from _by_kind(place, (each for each in find(text, names) if not _is_said(each, said)))


@warn("X-8", "This field looks like it contains {kind}.", "It takes a word from your form. Choose that instead.")
def short_fields_hold_no_identifiers(subject: Subject) -> Iterator[At]:
    """Asked before a record is saved: a field for a short word of the form is no place for a number of somebody's."""
    if not subject.thorough:
        return
    for place, text in short_words(subject.record, RECORDS[subject.record_type]):
        for found in find_identifiers(text):
            yield At(place, span=(found.start, found.end), kind=found.kind.value)


def _is_said(finding: Finding, said: Iterable[Finding]) -> bool:
    """Whether the cheap check of every record speaks about the place already."""
    return any(each.start < finding.end and finding.start < each.end for each in said)


def _by_kind(place: str, findings: Iterable[Finding]) -> Iterator[At]:
    kinds: dict[Kind, list[Finding]] = {}
    for finding in findings:
        if finding.kind not in _PASSED:
            kinds.setdefault(finding.kind, []).append(finding)
    for kind, found in kinds.items():
        places = "1 place" if len(found) == 1 else f"{len(found)} places, the first is marked"
        yield At(place, span=(found[0].start, found[0].end), kind=kind.value, places=places)

"""Whether an evaluation may use somebody's words, and which of two answers holds (domain model, 3.9 and rule V6).

This is agreement to take part in an evaluation. It is neither the ground on which a record is kept and shared, nor
agreeing to a service, nor being open with a family, and it decides about nothing but the evaluation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from service.domain import codes
from service.domain.faults import Fault, pointer
from service.domain.fields import Group, Klass
from service.domain.london import as_date
from service.domain.records.shorthand import coded, group, on, ref

GIVEN = "given"

EVALUATION_CONSENT: Group = group(
    decision=coded(codes.CONSENT, required=True),
    assent_or_consent=coded(codes.ASSENT_OR_CONSENT),
    by_whom=ref(klass=Klass.PROFESSIONAL),
    form_version=ref(),
    on=on(),
    withdrawn_on=on(),
)
"""What was answered, and how it was asked. Left out altogether, nothing is known, and that is not a yes."""


@dataclass(frozen=True)
class Consent:
    """An answer with its days. Without a decision nobody has said anything; a withdrawn answer was given first."""

    decision: str | None = None
    on: date | None = None
    withdrawn_on: date | None = None

    @property
    def allows(self) -> bool:
        """Whether an evaluation may use the words."""
        return self.decision == GIVEN and self.withdrawn_on is None

    @property
    def said_on(self) -> date:
        """The day that counts when two answers are compared; an answer without a day gives way to any with one."""
        return self.withdrawn_on or self.on or date.min


def consent_of(said: Mapping[str, Any] | None) -> Consent:
    """The answer in `evaluation_consent`, which may be left out."""
    given = said or {}
    return Consent(given.get("decision"), as_date(given.get("on")), as_date(given.get("withdrawn_on")))


def latest(held: Consent, said: Consent) -> Consent:
    """Which one holds: that of the later day, whenever it arrives. Of one day, the one that keeps the words back.

    So a yes that is sent twice, or late from paper, never undoes a no.
    """
    if said.said_on < held.said_on or (said.said_on == held.said_on and said.allows):
        return held
    if said.withdrawn_on and said.on is None and held.decision == GIVEN:
        return replace(said, on=held.on)
    return said


def consent_faults(said: Mapping[str, Any], today: date, *, at: str = "", changes: bool = False) -> Iterator[Fault]:
    """What is wrong with an answer's days, as far as they can be read. `changes`: it takes an earlier one's place."""
    on, withdrawn = as_date(said.get("on")), as_date(said.get("withdrawn_on"))
    for name, day in (("on", on), ("withdrawn_on", withdrawn)):
        if day and day > today:
            yield in_future(at + pointer(name))
    if "withdrawn_on" in said and said.get("decision") in codes.CONSENT and said["decision"] != GIVEN:
        words = "Only what was given can be withdrawn."
        yield Fault(at + "/withdrawn_on", "FB-3", words, "Send `given` with `withdrawn_on`, or leave the day out.")
    elif on and withdrawn and withdrawn < on:
        yield Fault(at + "/withdrawn_on", "FB-4", "This is before the day it was given.", "Check both dates.")
    if _needs_day(said, changes=changes):
        fix = "Add `on`, or `withdrawn_on` if it was taken back."
        yield Fault(at + "/on", "FB-5", "Without its day, nobody can tell which answer is the latest.", fix)


def in_future(place: str) -> Fault:
    """A day that has not come yet."""
    return Fault(place, "FB-1", "This date is in the future.", "Check the date; send it once it has happened.")


def _needs_day(said: Mapping[str, Any], *, changes: bool) -> bool:
    answered = codes.CONSENT if changes else tuple(code for code in codes.CONSENT if code != "not_asked")
    return said.get("decision") in answered and "on" not in said and "withdrawn_on" not in said

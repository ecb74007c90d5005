"""Core questions and feedback: what a young person, a parent or a carer says of the work with them (model 1.7, 3.9).

Own words are taken as they are: they are never judged, corrected or translated. Nothing here goes into a record, a case
system or to the Hub.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from service.domain import codes
from service.domain.faults import Fault
from service.domain.fields import Field, Group, Klass, Text
from service.domain.london import as_date
from service.domain.participation.consent import EVALUATION_CONSENT, consent_faults, in_future
from service.domain.records.common import YOUNG_PERSON
from service.domain.records.shorthand import authority, coded, group, many, on, ref

GIVEN_BY = ("young_person", "parent", "carer")


def _own_words(*, required: bool = False) -> Text:
    return Text(klass=Klass.NARRATIVE, words=True, required=required)


_CHILD: Field = YOUNG_PERSON.fields["la_child_id"]

FEEDBACK: Group = group(
    authority=authority(required=True),
    feedback_id=ref(required=True),
    la_child_id=_CHILD,
    given_by=coded(GIVEN_BY, required=True),
    given_on=on(required=True),
    method=coded(codes.OWN_WORDS_METHODS, required=True),
    captured_by_ref=ref(required=True, klass=Klass.PROFESSIONAL),
    about_submission_id=ref(),
    answers=many(group(question_key=ref(required=True), answer_text=_own_words(required=True))),
    process=group(how_it_was=_own_words(), difference_made=_own_words()),
    evaluation_consent=EVALUATION_CONSENT,
)
"""Who it is about is asked for, so that the authority can find it again; no answer of the bridge repeats it."""


def feedback_faults(sent: Mapping[str, Any], today: date) -> Iterator[Fault]:
    """What is wrong beyond the shape of the fields, as far as they can be read. `today` is London's."""
    given_on = as_date(sent.get("given_on"))
    if given_on and given_on > today:
        yield in_future("/given_on")
    if sent.get("answers", []) == [] and sent.get("process", {}) == {}:
        yield Fault("", "FB-2", "Nobody's words are in this.", "Add an answer, or something about the process.")
    said = sent.get("evaluation_consent")
    if isinstance(said, Mapping):
        yield from consent_faults(said, today, at="/evaluation_consent")

"""The blank WISE assessment: at most seven pages, the length of the source's own form (domain model, G5)."""

from __future__ import annotations

from service.documents.forms import shared
from service.documents.forms.assessment import judgement, other_areas, own_words, support_plan, young_person
from service.documents.forms.vocabulary import Box, Section, Table, rows

_EVENT = "/significant_events/*"

_HEAD = Section(
    "",
    (
        rows(
            (
                Box("/young_person/la_child_id", label="Young person's reference", note="never a name", width=1.5),
                Box("/completed_on", width=1),
            ),
        ),
    ),
)

_WHY_NOW = Section(
    "Why now",
    (
        rows(
            (Box("/first_or_review"),),
            (Box("/review_trigger"),),
            (
                Box("/change_in_circumstances", width=1.3),
                Box("/significant_event_ref", label="or an earlier event", note="its reference"),
            ),
            (Box(f"{_EVENT}/event_type", width=1.4), Box(f"{_EVENT}/ref", label="Its reference")),
            (Box(f"{_EVENT}/happened_on"), Box(f"{_EVENT}/known_on")),
            (Box(f"{_EVENT}/summary"),),
            (
                Box(f"{_EVENT}/reported_by_ref", note="reference"),
                Box(f"{_EVENT}/makes_review_due", width=1.1),
                Box(f"{_EVENT}/reason", width=0.8),
            ),
        ),
    ),
)

_PEOPLE = Section(
    "Who worked on this",
    (
        Table(
            (
                ("Assessor", "/assessor"),
                ("Supporting", "/supporting/*"),
                ("Authorised by", "/authorised_by"),
            ),
            shared.PEOPLE,
        ),
        rows((Box("/authorised_on"), Box("/young_person/responsible_authority", width=1.5))),
    ),
    note="References of the authority's own, never names.",
)

WISE = (
    _HEAD,
    own_words(times=3, lines=5),
    young_person(),
    *other_areas(lines=2),
    *judgement(analysis=5),
    support_plan(),
    shared.panel(),
    shared.review(),
    shared.taking_part(Box("/evaluation_outcome/young_person_feedback_given")),
    _WHY_NOW,
    _PEOPLE,
    shared.details(),
    shared.typing_in(),
    shared.key(),
    shared.restricted(),
)

"""The blank RISE form: what a multi-agency meeting captures about one young person (domain model, 3.4)."""

from __future__ import annotations

from service.documents.forms import shared
from service.documents.forms.assessment import judgement, other_areas, own_words, support_plan, young_person
from service.documents.forms.vocabulary import Box, Section, Table, rows

ATTENDEES = 7

_HEAD = Section(
    "",
    (
        rows(
            (
                Box("/young_person/la_child_id", label="Young person's reference", note="never a name", width=1.5),
                Box("/meeting_on", width=1),
            ),
        ),
    ),
    note="One form for one young person: a meeting about two has two forms.",
)

_MEETING = Section(
    "The meeting",
    (
        rows(
            (Box("/format", width=1.35), Box("/secure_format_confirmed")),
            (Box("/attached_to/process"),),
            (Box("/attached_to/process_other"),),
            (Box("/attached_to/process_ref"), Box("/meeting_ref")),
        ),
        Table(
            (
                ("Facilitator", "/facilitator"),
                ("Captured by", "/data_capture_by"),
                *(("Attendee", "/attendees/*") for _ in range(ATTENDEES)),
            ),
            shared.PEOPLE,
        ),
        rows(
            (Box("/invited_absent/*/agency", label="Invited, not there", width=1.4), Box("/invited_absent/*/reason")),
            (Box("/capture_agreed_on", width=1.2), Box("/young_person/responsible_authority")),
        ),
    ),
    note="People from at least two agencies. References of the authority's own, never names.",
)

_CONTRIBUTIONS = Section(
    "What people in the meeting added",
    (
        rows(
            (Box("/contributions/*/area", label="Area"),),
            (Box("/contributions/*/text", lines=2, width=3), Box("/contributions/*/attendee_ref")),
            times=2,
        ),
    ),
)

RISE = (
    _HEAD,
    own_words(times=2, lines=5),
    young_person(lines=2),
    *other_areas(lines=2),
    _CONTRIBUTIONS,
    *judgement(analysis=4),
    support_plan(),
    shared.panel(),
    shared.review(),
    shared.taking_part(Box("/evaluation_outcome/young_person_feedback_given")),
    _MEETING,
    shared.details(),
    shared.typing_in(),
    shared.key(),
    shared.restricted(),
)

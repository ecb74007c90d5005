"""What goes where in the three documents: sections in reading order, each claiming paths of the record.

The young person is first in all three. A path claims everything below it; a test shows that every field is claimed
once, and a record with a field that has no place is refused rather than printed without it.
"""

from __future__ import annotations

from dataclasses import dataclass

OMITTED = {
    "/schema_version": "says how the message was written; nothing about the young person",
    "/submitted_at": "the sender's clock when sending; kept with the record, relied on by nobody",
    "/areas/professional_contexts/bias_reflection": "belongs on the worker's supervision file, not the young person's",
    "/reflection_in_meeting": "belongs on the workers' supervision file, not the young person's",
}
"""The only fields of a record that its document leaves out, and why."""


@dataclass(frozen=True)
class Part:
    """Paths that belong together in a section, under a heading of their own if `title` says so."""

    paths: tuple[str, ...]
    title: str = ""
    people: bool = False


@dataclass(frozen=True)
class Section:
    """One chapter. It is left out when the record has nothing for it."""

    title: str
    parts: tuple[Part, ...]
    restricted: bool = False


def _section(title: str, *paths: str) -> Section:
    return Section(title, (Part(paths),))


_AREAS = (
    _section("The young person", "/areas/young_person"),
    _section("Family and friends", "/areas/family_friends"),
    _section("People and places", "/areas/people_places"),
    _section(
        "Professional contexts",
        "/areas/professional_contexts/resources",
        "/areas/professional_contexts/professionals_count",
        "/areas/professional_contexts/appropriateness",
        "/areas/professional_contexts/skills_gaps",
    ),
)
_JUDGEMENT = (
    _section("Analysis", "/analysis_narrative"),
    _section("Exploitation statement", "/exploitation"),
    _section("Stability statement", "/stability"),
    _section("Support plan", "/support_plan"),
    _section("Education, training and feedback", "/evaluation_outcome"),
)
_PANEL = _section("Panel referral", "/panel_referral")
_PARTICIPATION = _section("Taking part", "/participation")
_DETAILS = _section("Details of the young person", "/young_person")
_ABOUT = _section(
    "About this record",
    "/record_type",
    "/authority",
    "/submission_id",
    "/supersedes_submission_id",
    "/submission_kind",
    "/capture_mode",
    "/template_version",
    "/entered_on",
    "/entered_by_ref",
    "/training_exception",
)
_RESTRICTED = Section("Restricted part: social work only", (Part(("/risk_subjects",)),), restricted=True)
_END = (_DETAILS, _ABOUT, _RESTRICTED)


def _people(*paths: str) -> Part:
    return Part(paths, people=True)


SECTIONS: dict[str, tuple[Section, ...]] = {
    "wise_assessment": (
        *_AREAS,
        *_JUDGEMENT,
        _PANEL,
        _PARTICIPATION,
        _section(
            "Review",
            "/review",
            "/completed_on",
            "/first_or_review",
            "/review_trigger",
            "/significant_event_ref",
            "/significant_events",
            "/change_in_circumstances",
        ),
        Section(
            "Who worked on this", (_people("/assessor", "/supporting", "/authorised_by"), Part(("/authorised_on",)))
        ),
        *_END,
    ),
    "rise_meeting_output": (
        *_AREAS,
        _section("What people in the meeting added", "/contributions"),
        *_JUDGEMENT,
        _PANEL,
        _PARTICIPATION,
        Section(
            "The meeting",
            (
                Part(
                    (
                        "/meeting_on",
                        "/format",
                        "/secure_format_confirmed",
                        "/meeting_ref",
                        "/attached_to",
                        "/capture_agreed_on",
                    )
                ),
                Part(("/facilitator", "/data_capture_by", "/attendees"), title="Who was there", people=True),
                Part(("/invited_absent",), title="Invited, and not there"),
            ),
        ),
        _section("Review", "/review"),
        *_END,
    ),
    "nwg_assessment": (
        _section("The child's views", "/child_views"),
        _section("Parents' and carers' views", "/carer_views"),
        _section("Strengths and what protects the child", "/strengths_and_protective"),
        _section("Analysis", "/analysis"),
        _section("Professional opinion", "/professional_opinion", "/on_balance_of_probability", "/other_forms_noted"),
        _section("Five questions", "/questions"),
        _section("Plan", "/plan"),
        _section("Actions", "/actions"),
        _section("What was explained to the child", "/explained_to_child"),
        _PANEL,
        _PARTICIPATION,
        _section("Review", "/review", "/completed_on"),
        Section("Who worked on this", (_people("/assessor", "/supporting"),)),
        *_END,
    ),
}

GROUPS: dict[str, str] = {
    "/stability/home": "Home",
    "/stability/school_or_learning": "School or learning",
    "/stability/professionals": "Professionals",
    "/areas/young_person/identities": "Identity",
    "/areas/family_friends/carer_involvement": "Involving parents and carers",
    "/participation/young_person": "The young person",
    "/participation/core_questions": "Core questions",
    "/participation/parent_carer": "Parents and carers",
    "/participation/evaluation_consent": "Evaluation",
    "/participation/sharing": "What may be shared",
    "/exploitation/dissent": "Other views",
    "/significant_events": "Significant events",
}
"""Groups with a heading of their own. Where one heads a list, it heads the whole of it."""

PARTS: dict[str, str] = {
    "/assessor": "Assessor",
    "/supporting": "Supporting",
    "/authorised_by": "Authorised by",
    "/facilitator": "Facilitator",
    "/data_capture_by": "Captured the meeting",
    "/attendees": "Attendee",
}
"""What somebody did, from where the record names them."""

NO_CONTACT = "This service does not contact the police or MASH."
NO_CONTACT_ACTIONS = frozenset({"emergency_999", "mash_or_social_care"})
"""An action is a record that somebody acted, or a plan to. Nobody may take it for a call that was made by us."""

"""What goes where in each copy, and what its reader finds above it. Professionals read the case file's own order.

Every path that the table of audiences allows in a copy has its place here, once; a test keeps it so.
"""

from __future__ import annotations

from dataclasses import replace

from service.documents.layout import SECTIONS, Part, Section
from service.domain.audiences import Audience

REVIEW = "review"
"""Stands for the section that says when the next review is."""

_FOR_PROFESSIONALS = {"Five questions": "Questions"}
"""Their copy doesn't have all five."""

Layout = tuple[Section | str, ...]


def _open(sections: tuple[Section, ...]) -> Layout:
    """The case file's order without its restricted part and what a copy's beginning says already."""
    kept = (section for section in sections if not section.restricted and section.title != "About this record")
    return tuple(replace(section, title=_FOR_PROFESSIONALS.get(section.title, section.title)) for section in kept)


def _section(title: str, *paths: str) -> Section:
    return Section(title, (Part(paths),))


_AREA = "/areas/young_person"
_CONTEXTS = "/areas/professional_contexts"
_EXPLAINED = "/participation/young_person"
_SAID = tuple(f"{_AREA}/{name}" for name in ("own_words", "good_day", "hopes", "interests"))
_TELLING = ("/participation/friends_invited", "/participation/interpreter_used", "/participation/communication_needs")
_ASKED = (f"{_EXPLAINED}/views_of_process", "/participation/core_questions", "/participation/evaluation_consent")
_SHARING = _section("Who may see what", "/participation/sharing")

_YOU = _section("About you", f"{_AREA}/strengths", f"{_AREA}/identities", f"{_AREA}/identity_influence_on_response")
_THINK = _section("What we think", "/exploitation", "/analysis_narrative")
_ARE = _section("How things are", "/stability")
_HELP = _section("What happens next", "/support_plan", f"{_CONTEXTS}/resources", "/panel_referral")
_TOLD = _section("What we told you", f"{_EXPLAINED}/told_worried", f"{_EXPLAINED}/told_how_information_used", *_TELLING)
_MORE = _section("What you told us about how we work", *_ASKED)

_TO_THE_YOUNG_PERSON: dict[str, Layout] = {
    "wise_assessment": (
        _section("What you told us", *_SAID),
        _YOU,
        _THINK,
        _ARE,
        _HELP,
        _section("Who you can talk to", "/assessor"),
        _section("Who else helped with this", "/supporting"),
        REVIEW,
        _TOLD,
        _MORE,
        _SHARING,
    ),
    "rise_meeting_output": (
        _section("What you told us", *_SAID),
        _YOU,
        _THINK,
        _ARE,
        _HELP,
        _section("Who you can talk to", "/data_capture_by"),
        _section("Who was at the meeting", "/facilitator", "/attendees"),
        REVIEW,
        _TOLD,
        _MORE,
        _SHARING,
    ),
    "nwg_assessment": (
        _section("What you told us", "/child_views"),
        _section("About you", "/strengths_and_protective"),
        _section("What we think", "/professional_opinion", "/analysis"),
        _section("What happens next", "/plan", "/actions", "/panel_referral"),
        _section("Who you can talk to", "/assessor"),
        _section("Who else helped with this", "/supporting"),
        REVIEW,
        _section(
            "What we told you",
            "/explained_to_child",
            f"{_EXPLAINED}/told_worried",
            f"{_EXPLAINED}/told_how_information_used",
            *_TELLING,
        ),
        _MORE,
        _SHARING,
    ),
}

_OWN_WORDS = "In the young person's own words"
_TO_THE_FAMILY: dict[str, Layout] = {
    "wise_assessment": (
        _section(_OWN_WORDS, *_SAID),
        _section("Strengths", f"{_AREA}/strengths"),
        _THINK,
        _ARE,
        _section("What happens next", "/support_plan"),
        _section("Who you can talk to", "/assessor"),
        REVIEW,
    ),
    "rise_meeting_output": (
        _section(_OWN_WORDS, *_SAID),
        _section("Strengths", f"{_AREA}/strengths"),
        _THINK,
        _ARE,
        _section("What happens next", "/support_plan"),
        _section("Who you can talk to", "/data_capture_by"),
        REVIEW,
    ),
    "nwg_assessment": (
        _section(_OWN_WORDS, "/child_views"),
        _section("Strengths", "/strengths_and_protective"),
        _section("What we think", "/professional_opinion", "/analysis"),
        _section("What happens next", "/plan"),
        _section("Who you can talk to", "/assessor"),
        REVIEW,
    ),
}

_WORK = tuple(f"{_CONTEXTS}/{name}" for name in ("resources", "professionals_count", "appropriateness", "skills_gaps"))
_TO_SUPERVISION: dict[str, Layout] = {
    "wise_assessment": (
        _section("Reflection on bias", f"{_CONTEXTS}/bias_reflection"),
        _section("Professional contexts", *_WORK),
        Section("Who wrote this", (Part(("/assessor",), people=True),)),
    ),
    "rise_meeting_output": (
        _section("Reflection on bias", f"{_CONTEXTS}/bias_reflection"),
        _section("Reflection in the meeting", "/reflection_in_meeting"),
        _section("Professional contexts", *_WORK),
        Section("Who wrote this", (Part(("/data_capture_by",), people=True),)),
    ),
    "nwg_assessment": (
        _section("Support the professional needs", "/plan"),
        Section("Who wrote this", (Part(("/assessor",), people=True),)),
    ),
}

LAYOUTS: dict[Audience, dict[str, Layout]] = {
    Audience.YOUNG_PERSON: _TO_THE_YOUNG_PERSON,
    Audience.FAMILY: _TO_THE_FAMILY,
    Audience.PROFESSIONALS: {kind: _open(each) for kind, each in SECTIONS.items()},
    Audience.SUPERVISION: _TO_SUPERVISION,
}

ELSEWHERE = ("/authority", "/completed_on", "/meeting_on", "/record_type")
"""What a copy says at its beginning, or by its title."""

"""The RISE meeting output: who met, for which process, and what was captured about one young person."""

from __future__ import annotations

from typing import Any

from service.domain import codes
from service.samples import participation, statements
from service.samples.areas import areas
from service.samples.dice import known
from service.samples.draft import Draft
from service.samples.envelope import envelope, training_exception
from service.samples.people import young_person
from service.samples.professionals import KINDS
from service.samples.risk import risk_subjects

_EXPECTED = ({"police"}, {"health_icb_community", "health_acute", "health_camhs", "sexual_health"}, {"third_sector"})
"""Of each of these somebody is there, or was asked and is listed as absent (rule M3)."""

_PREFIXES = {"strategy_meeting": "STR", "cin_meeting": "CIN", "core_group": "CG", "cp_conference": "CPC",
             "child_looked_after_review": "LACR", "mash": "MASH", "youth_justice": "YJ", "other": "OTH"}  # fmt: skip


def rise_meeting_output(draft: Draft) -> dict[str, Any]:
    """One record."""
    dice = draft.dice
    draft.young_person = young_person(draft)
    safe = participation.carers(draft)
    risk = dice.perhaps(1 / 3, lambda: risk_subjects(draft, safe))
    attendees = _attendees(draft)
    looked_at = areas(draft, safe, risk or [])
    agencies = [each["agency"] for each in attendees[1:]]
    return {
        **envelope(draft),
        "young_person": draft.young_person,
        **_meeting(draft),
        "facilitator": {**dice.choice((attendees[0], draft.team.manager())), "contribution": "facilitator"},
        "data_capture_by": draft.assessor,
        "attendees": attendees,
        **known(
            invited_absent=_absent(draft, set(agencies)),
            capture_agreed_on=dice.perhaps(0.5, lambda: draft.after(6)),
            contributions=dice.perhaps(0.6, lambda: _contributions(draft, attendees)),
        ),
        "areas": looked_at,
        "analysis_narrative": statements.analysis(draft),
        "exploitation": statements.exploitation(draft, agencies),
        "stability": statements.stability(draft),
        **known(
            support_plan=statements.support_plan(draft),
            panel_referral=dice.perhaps(0.8, lambda: participation.panel_referral(draft)),
            reflection_in_meeting=dice.perhaps(0.5, lambda: draft.teller.text("support.meeting.reflection")),
        ),
        "participation": participation.participation(draft, safe, looked_at["young_person"]),
        "review": participation.review(draft, "three_monthly" if draft.is_review else "initial"),
        **known(
            risk_subjects=risk,
            evaluation_outcome=statements.evaluation_outcome(draft),
            training_exception=training_exception(draft),
        ),
    }


def _meeting(draft: Draft) -> dict[str, Any]:
    dice, process = draft.dice, draft.dice.choice(codes.RISE_PROCESSES)
    number = dice.randrange(10**4)
    told = draft.teller.line("support.meeting.process_other") if process == "other" else None
    return known(
        meeting_on=draft.completed_on.isoformat(),
        format=dice.choice(codes.RISE_FORMATS),
        secure_format_confirmed=True,
        meeting_ref=dice.perhaps(0.6, lambda: f"RISE-{draft.submission_id}"),
        attached_to=known(
            process=process,
            process_ref=dice.perhaps(0.8, lambda: f"{_PREFIXES[process]}-{number:04}"),
            process_other=told,
        ),
    )


def _attendees(draft: Draft) -> list[dict[str, Any]]:
    """The social worker and one to five others, each of an agency of their own: two to six agencies."""
    agencies = draft.dice.sample(sorted({agency for _, agency in KINDS.values()} - {"childrens_social_care"}), 5)
    kinds = [
        draft.dice.choice([kind for kind in KINDS if KINDS[kind][1] == agency])
        for agency in agencies[: draft.dice.randint(1, 5)]
    ]
    social_worker = {name: value for name, value in draft.assessor.items() if name != "contribution"}
    others = [draft.team.colleague(kind, draft.dice.choice(("attendee", None))) for kind in kinds]
    clerk = [draft.team.colleague("mt")] if draft.dice.happens(0.2) else []
    return [social_worker, *others, *clerk]


def _absent(draft: Draft, there: set[str]) -> list[dict[str, Any]] | None:
    missing = [sorted(group) for group in _EXPECTED if not group & there]
    if "education" not in there and draft.dice.happens(0.6):
        missing.append(["education"])
    listed = [
        known(
            agency=draft.dice.choice(group),
            reason=draft.dice.perhaps(0.85, lambda: draft.teller.line("support.meeting.absent")),
        )
        for group in missing
    ]
    return listed or None


def _contributions(draft: Draft, attendees: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "attendee_ref": who["professional_ref"],
            "area": draft.dice.choice(codes.AREAS),
            "text": draft.teller.text("support.meeting.contributions"),
        }
        for who in draft.dice.some(attendees, 1, 3)
    ]

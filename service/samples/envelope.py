"""What every submission begins with, and when it was typed in and sent."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from service.domain.london import LONDON
from service.samples.dice import known
from service.samples.draft import Draft

TEMPLATES = {
    "wise_assessment": "pen-picture-passport/2026.2",
    "rise_meeting_output": "rise/2026.1",
    "nwg_assessment": "nwg/2017.12",
}
"""The edition of the form, where the authority lists none of its own."""

_MODES = {
    "wise_assessment": ("paper", "electronic"),
    "rise_meeting_output": ("meeting_capture", "meeting_capture", "paper"),
    "nwg_assessment": ("paper", "electronic", "electronic"),
}


def envelope(draft: Draft) -> dict[str, Any]:
    """The envelope's fields. `supersedes_submission_id` is empty where it is there: these are no corrections."""
    mode = draft.dice.choice(_MODES[draft.record_type])
    typed_in = draft.after(9) if mode == "paper" or draft.dice.happens(0.3) else None
    empty = {"supersedes_submission_id": None} if draft.dice.happens(0.3) else {}
    templates = draft.setting.policy.templates.get(draft.record_type) or (TEMPLATES[draft.record_type],)
    return {
        "schema_version": draft.edition,
        "record_type": draft.record_type,
        "authority": draft.setting.policy.authority,
        "submission_id": draft.submission_id,
        "submission_kind": "review" if draft.is_review else "new",
        **empty,
        "capture_mode": mode,
        "template_version": draft.dice.choice(templates),
        **known(
            entered_on=typed_in,
            entered_by_ref=f"{draft.team.prefix}-clerk-{draft.dice.randint(1, 9):02}" if typed_in else None,
            submitted_at=draft.dice.perhaps(0.9, lambda: _sent(draft, typed_in)),
        ),
    }


def _sent(draft: Draft, typed_in: str | None) -> str:
    """Office hours of the day it was typed in, or of a day soon after completion; winter or summer time as it was."""
    day = datetime.fromisoformat(typed_in or draft.after(4)).date()
    return datetime.combine(day, time(draft.dice.randint(8, 17), draft.dice.randrange(60)), LONDON).isoformat()


def training_exception(draft: Draft) -> dict[str, Any] | None:
    """Why an urgent record by somebody not yet trained goes on all the same."""
    if not draft.is_exception:
        return None
    return {
        "reason": draft.teller.line("support.exception.reason"),
        "approved_by": draft.team.manager()["professional_ref"],
    }

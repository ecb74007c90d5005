"""What is not written by hand on the blank forms, and why. A test shows that every other field has its place."""

from __future__ import annotations

from fnmatch import fnmatchcase

PRINTED = ("/record_type", "/authority", "/submission_id", "/template_version")
"""The form says these itself: its name, whose it is, the reference of this copy, and its edition."""

_HELD = "the case system holds it; a sheet that is lost should say as little as possible about whose it is"
_ASKED = "the case system holds it, and nobody is asked for it twice"
_OWN_PAPER = "the evaluation has a paper of its own for it"
_ROW = "the row of the table says it"

NOT_ON_PAPER = {
    "/schema_version": "says how the message was written; nothing about the young person",
    "/submitted_at": "the sender's clock when sending",
    "/capture_mode": "what is typed in from this form was on paper",
    "/young_person/nhs_number": _HELD,
    "/young_person/identifier_withheld_reason": "chosen where the NHS number is typed in or left out",
    "/young_person/dob_accuracy": _ASKED,
    "/young_person/sex": _ASKED,
    "/young_person/looked_after": _ASKED,
    "/young_person/placing_authority": _ASKED,
    "/young_person/host_authority": _ASKED,
    "/young_person/involvement_started_on": _ASKED,
    "/young_person/involvement_ended_on": _ASKED,
    "/young_person/ended_reason": _ASKED,
    "/young_person/upn": _HELD,
    "/young_person/upn_unknown": "chosen where the unique pupil number is typed in or left out",
    "/young_person/legal_status": _HELD,
    "/young_person/school_urn": _HELD,
    "/areas/professional_contexts/bias_reflection": "belongs on the worker's supervision file, not on this paper",
    "/reflection_in_meeting": "belongs on the workers' supervision file, not on this paper",
    "/support_plan/items/*/item_ref": "given by the system that the form is typed into",
    "/support_plan/items/*/term": "the day it is to be done by says it",
    "/support_plan/items/*/action_code": "the words of the plan say it; the code is chosen when they are typed in",
    "/significant_events/*/recorded_on": "the day it is typed in",
    "/participation/evaluation_consent/by_whom": _OWN_PAPER,
    "/participation/evaluation_consent/form_version": _OWN_PAPER,
    "/participation/evaluation_consent/withdrawn_on": _OWN_PAPER,
    "/evaluation_outcome/education_training_employment": "the case system holds it for the statutory return",
    "/training_exception/*": "decided when the record is sent, once the register of training has been asked",
    "/assessor/contribution": _ROW,
    "/supporting/*/contribution": _ROW,
    "/authorised_by/contribution": _ROW,
    "/facilitator/contribution": _ROW,
    "/data_capture_by/contribution": _ROW,
    "/attendees/*/contribution": _ROW,
}
"""By path; a `*` also stands for everything below."""


def why_left_out(path: str) -> str | None:
    """Why the field at `path` has no place on paper, or None when it must have one."""
    return next((reason for left, reason in NOT_ON_PAPER.items() if path == left or _below(path, left)), None)


def _below(path: str, left: str) -> bool:
    return left.endswith("/*") and fnmatchcase(path, left)

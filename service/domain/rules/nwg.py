"""What the NWG assessment asks besides (rules N4, N5; N1, N2 and N3 are worded with the structure)."""

from collections.abc import Iterator

from service.domain.faults import pointer
from service.domain.rules.catalogue import At, reject, warn
from service.domain.rules.subject import Subject

ANSWER = "/questions/alleged_perpetrators"
REFERRAL = "nrm_first_responder"
FIRST_RESPONDERS = frozenset({"childrens_social_care", "police", "other_local_authority"})
"""Agencies among ours that are First Responder Organisations for the National Referral Mechanism."""


@reject(
    "N4",
    "People who may pose risk don't belong in this answer.",
    "Put people in `risk_subjects`, not here.",
    "nwg_assessment",
)
def perpetrators_are_named_apart(subject: Subject) -> Iterator[At]:
    """No pattern tells a name from other words, so with a yes the detail has to stand apart, all of it."""
    if subject.text(f"{ANSWER}/answer") == "yes" and subject.text(f"{ANSWER}/detail"):
        yield At(f"{ANSWER}/detail")


@warn(
    "N5", "The NRM referral is made by a First Responder.", "Say who made it; they are not among the people named here."
)
def a_first_responder_refers(subject: Subject) -> Iterator[At]:
    """Only certain organisations can refer to the National Referral Mechanism."""
    if _agencies(subject) & FIRST_RESPONDERS:
        return
    for index, action in subject.objects("/actions"):
        if action.get("code") == REFERRAL and action.get("status") == "done":
            yield At(pointer("actions", index))
    for index, item in subject.objects("/support_plan/items"):
        if item.get("action_code") == REFERRAL and item.get("status") == "done":
            yield At(pointer("support_plan", "items", index))


def _agencies(subject: Subject) -> set[str]:
    alone = [subject.text(f"/{name}/agency") for name in ("assessor", "data_capture_by", "facilitator")]
    listed = [item.get("agency") for name in ("attendees", "supporting") for _, item in subject.objects(f"/{name}")]
    return {agency for agency in [*alone, *listed] if isinstance(agency, str)}

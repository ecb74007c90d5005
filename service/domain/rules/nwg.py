"""What the NWG assessment asks besides (rules N2, N4, N5; N1, N3 and half of N2 are worded with the structure)."""

from collections.abc import Iterator

from service.domain.faults import pointer
from service.domain.rules.catalogue import At, reject, warn
from service.domain.rules.subject import Subject

ANSWER = "/questions/alleged_perpetrators"
REFERRAL = "nrm_first_responder"
FIRST_RESPONDERS = frozenset(
    {"childrens_social_care", "youth_justice", "police", "other_local_authority", "third_sector"}
)
"""Agencies among ours that are, or may be, First Responder Organisations for the National Referral Mechanism: local
authorities, the police, and some charities. Which charities, no code tells, so nobody is told that one is not.
"""


@reject(
    "N2",
    "The plan has neither a short term nor a long term yet.",
    "Say at least one of them: what will make the young person safer, and meet what they need.",
    "nwg_assessment",
)
def the_plan_says_what_will_happen(subject: Subject) -> Iterator[At]:
    """A plan of nothing but how one will know helps nobody."""
    plan = subject.at("/plan")
    if isinstance(plan, dict) and not {"short_term", "long_term"} & plan.keys():
        yield At("/plan/short_term")


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
    if any(_may_refer(person) for person in _people(subject)):
        return
    for index, action in subject.objects("/actions"):
        if action.get("code") == REFERRAL and action.get("status") == "done":
            yield At(pointer("actions", index))
    for index, item in subject.objects("/support_plan/items"):
        done = item.get("action_code") == REFERRAL and item.get("status") == "done"
        if done and str(item.get("who_will")) not in FIRST_RESPONDERS:
            yield At(pointer("support_plan", "items", index))


def _people(subject: Subject) -> list[dict[str, object]]:
    alone = [subject.at(f"/{name}") for name in ("assessor", "authorised_by", "data_capture_by", "facilitator")]
    listed = [person for name in ("attendees", "supporting") for _, person in subject.objects(f"/{name}")]
    return [person for person in [*alone, *listed] if isinstance(person, dict)]


def _may_refer(person: dict[str, object]) -> bool:
    return str(person.get("agency")) in FIRST_RESPONDERS or person.get("role") == "police"

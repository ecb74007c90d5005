"""Who assessed, and who was there (rules W1, W2, W3, M3, M5, M6, M7)."""

from collections.abc import Iterator

from service.domain.codes import ROLES
from service.domain.faults import pointer
from service.domain.policy import Policy
from service.domain.rules.catalogue import At, reject, warn
from service.domain.rules.subject import Subject

RISE = "rise_meeting_output"
EXPECTED = {
    "police": (frozenset({"police"}), "the police"),
    "health": (frozenset({"health_icb_community", "health_acute", "health_camhs", "sexual_health"}), "health"),
    "third_sector": (frozenset({"third_sector"}), "the third sector"),
}
"""Who a RISE brings together beside children's social care. Education joins where possible, and is never missed."""


def _may_not_assess(role: object, policy: Policy) -> bool:
    """Only of a role that is on the list: another is the structure's affair."""
    return role in ROLES and role not in ("social_worker", *policy.deputies)


def _unconfirmed(subject: Subject, place: str) -> Iterator[At]:
    """Where the confirmation should be; not given is not confirmed."""
    person = subject.at(place)
    if isinstance(person, dict) and person.get("experienced_confirmed") in (None, False):
        yield At(f"{place}/experienced_confirmed")


@reject(
    "W1",
    "A social worker completes WISE.",
    "Other professionals can be listed in `/supporting`.",
    "wise_assessment",
)
def a_social_worker_assesses(subject: Subject) -> Iterator[At]:
    """It takes knowledge of trauma, adolescence, exploitation and context. Deputies: by the profile only."""
    if _may_not_assess(subject.at("/assessor/role"), subject.policy):
        yield At("/assessor/role")


@reject(
    "W2",
    "Confirm the assessor is an experienced social worker.",
    "Send `experienced_confirmed` as true once it is so.",
    "wise_assessment",
)
def the_assessor_is_experienced(subject: Subject) -> Iterator[At]:
    """Completed by experienced social workers; others may support."""
    yield from _unconfirmed(subject, "/assessor")


@reject(
    "W2",
    "Confirm the assessor has experience or a good understanding of exploitation.",
    "Send `experienced_confirmed` as true once it is so.",
    "nwg_assessment",
)
def the_nwg_assessor_is_experienced(subject: Subject) -> Iterator[At]:
    """The tool is not for somebody new to child sexual exploitation."""
    yield from _unconfirmed(subject, "/assessor")


@warn(
    "W3",
    "Usually the allocated social worker completes this.",
    "If somebody else had good reason to, there is nothing to do.",
    "wise_assessment",
)
def the_allocated_worker_assesses(subject: Subject) -> Iterator[At]:
    """The written form is the allocated social worker's. Not said is not no."""
    if subject.at("/assessor/is_allocated_worker") is False:
        yield At("/assessor/is_allocated_worker")


@reject(
    "M6",
    "A social worker captures what a RISE meeting says.",
    "Others can be listed in `/attendees`.",
    RISE,
)
def a_social_worker_captures(subject: Subject) -> Iterator[At]:
    """The data capture is the product of the meeting, by a social worker."""
    if _may_not_assess(subject.at("/data_capture_by/role"), subject.policy):
        yield At("/data_capture_by/role")


@reject(
    "M6",
    "Confirm that whoever captured the meeting is an experienced social worker.",
    "Send `experienced_confirmed` as true once it is so.",
    RISE,
)
def the_capture_is_experienced(subject: Subject) -> Iterator[At]:
    """An experienced, trained social worker captures."""
    yield from _unconfirmed(subject, "/data_capture_by")


@warn(
    "M3",
    "No-one from {group} is listed.",
    "If they were invited, add them to absent (`/invited_absent`).",
    RISE,
)
def the_usual_agencies_were_asked(subject: Subject) -> Iterator[At]:
    """Police, health and the third sector belong to a RISE; education where possible, so it is never asked for."""
    named = [*subject.objects("/attendees"), *subject.objects("/invited_absent")]
    agencies = {item.get("agency") for _, item in named if isinstance(item.get("agency"), str)}
    if agencies:
        for wanted, words in EXPECTED.values():
            if not agencies & wanted:
                yield At("/attendees", group=words)


@reject("M5", "The same person is listed twice.", "Remove one of the two entries.", RISE)
def nobody_attends_twice(subject: Subject) -> Iterator[At]:
    """Two people of one agency are two people; one person listed twice is one."""
    seen: set[str] = set()
    for index, person in subject.objects("/attendees"):
        ref = person.get("professional_ref")
        if isinstance(ref, str) and ref in seen:
            yield At(pointer("attendees", index, "professional_ref"))
        elif isinstance(ref, str):
            seen.add(ref)


@reject(
    "M7",
    "A RISE record for this meeting is already here.",
    "To change it, send a correction; for another young person, use their own reference.",
    RISE,
)
def the_meeting_is_new(subject: Subject) -> Iterator[At]:
    """One meeting, one young person, one record."""
    if subject.known.same_meeting:
        yield At("/attached_to/process_ref")

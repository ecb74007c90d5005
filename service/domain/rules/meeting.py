"""Who met, and for which process (rules M1, M2, M4)."""

from collections.abc import Iterator

from service.domain.codes import AGENCIES
from service.domain.rules.catalogue import At, reject
from service.domain.rules.subject import Subject

AGENCY_WORDS = {
    "childrens_social_care": "children's social care",
    "health_icb_community": "community health",
    "health_acute": "hospital health",
    "health_camhs": "child and adolescent mental health",
    "third_sector": "the third sector",
    "other_local_authority": "another local authority",
    "other": "another agency",
}


def _agencies(subject: Subject) -> set[str]:
    """Those that met; none while one of them is not known, because that one could be any."""
    named = [item.get("agency") for _, item in subject.objects("/attendees")]
    return {str(agency) for agency in named} if all(agency in AGENCIES for agency in named) else set()


@reject(
    "M1",
    "A RISE meeting needs people from at least two agencies. We can see only {only}.",
    "Add everyone who was there.",
    "rise_meeting_output",
)
def two_agencies_met(subject: Subject) -> Iterator[At]:
    """A RISE is multi-agency; two people of one agency are one agency."""
    agencies = _agencies(subject)
    if len(agencies) == 1:
        only = next(iter(agencies))
        yield At("/attendees", only=AGENCY_WORDS.get(only, only.replace("_", " ")))


@reject(
    "M2",
    "Someone from children's social care must be at a RISE meeting.",
    "Add them to `/attendees`.",
    "rise_meeting_output",
)
def social_care_was_there(subject: Subject) -> Iterator[At]:
    """The data capture is a social worker's."""
    agencies = _agencies(subject)
    if len(agencies) > 1 and "childrens_social_care" not in agencies:
        yield At("/attendees")


@reject("M4", "Say which existing meeting or process this RISE is part of.", "Name the process.", "rise_meeting_output")
def attached_to_a_process(subject: Subject) -> Iterator[At]:
    """A RISE is attached to an existing process, not another meeting on top."""
    attached = subject.at("/attached_to")
    if isinstance(attached, dict) and attached.get("process") == "other" and attached.get("process_other") is None:
        yield At("/attached_to/process_other")

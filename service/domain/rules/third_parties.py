"""People, groups and places that may pose risk: apart from everybody's eyes (rules TP2 to TP6)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.domain.faults import pointer
from service.domain.narratives import narratives
from service.domain.records import RECORDS
from service.domain.rules.catalogue import At, hold, reject, warn
from service.domain.rules.subject import Subject

SUBJECTS = "/risk_subjects"
NAME_MIN = 3
PEOPLE = ("attendees", "supporting")
ALONE = ("assessor", "authorised_by", "facilitator", "data_capture_by")
_CHECKED = "Check with the worker before any copy goes out. The case file has it."
_POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}\b", re.IGNORECASE)
_STREET = re.compile(
    r"\b(flat|apartment|unit)?\s*[0-9]+[a-z]?,?\s+([\w'’-]+\s+){1,3}"
    r"(street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|crescent|terrace|way|grove|place|square|walk)\b",
    re.IGNORECASE,
)


@hold("TP2", "A name from the restricted part stands in this text.", _CHECKED)
def names_stay_apart(subject: Subject) -> Iterator[At]:
    """Whoever reads the text would learn who may pose a risk, or that somebody has said so."""
    names = [item.get("known_name") for _, item in subject.objects(SUBJECTS)]
    said = [name.strip() for name in names if isinstance(name, str) and len(name.strip()) >= NAME_MIN]
    if not said:
        return
    named = re.compile(r"\b(?:" + "|".join(map(re.escape, said)) + r")\b", re.IGNORECASE)
    for place, text in narratives(subject.record, RECORDS[subject.record_type]):
        if named.search(text):
            yield At(place)


@hold("TP3", "Somebody here must not see a part of this record.", _CHECKED)
def nobody_reads_of_themselves(subject: Subject) -> Iterator[At]:
    """The person posing risk may be in the room, or somebody who would tell them."""
    kept_from = _kept_from(subject)
    for place, ref in _people(subject):
        if ref in kept_from:
            yield At(place)


@hold("TP4", "A parent or carer takes part, and one stands in the restricted part.", _CHECKED)
def the_carer_is_not_the_risk(subject: Subject) -> Iterator[At]:
    """Carers are involved where it is safe; a person looks before anything is handed to them."""
    if any(_is_carer(item) for _, item in subject.objects(SUBJECTS)):
        yield from _taking_part(subject)


@reject("TP5", "This looks like somebody's address.", "Give the district or the kind of place.")
def places_stay_coarse(subject: Subject) -> Iterator[At]:
    """A flat on a street is somebody's home."""
    for index, item in subject.objects(SUBJECTS):
        place = item.get("place_reference")
        if isinstance(place, str) and (_POSTCODE.search(place) or _STREET.search(place)):
            yield At(pointer("risk_subjects", index, "place_reference"))


@warn(
    "TP6",
    "A concern about a professional goes to the designated officer (LADO), as Working Together says.",
    "Follow that route as well; this record does not start it.",
)
def professionals_go_to_the_lado(subject: Subject) -> Iterator[At]:
    """This form is not the allegation route."""
    for index, item in subject.objects(SUBJECTS):
        if item.get("relationship_to_young_person") == "professional":
            yield At(pointer("risk_subjects", index, "relationship_to_young_person"))


def _kept_from(subject: Subject) -> set[str]:
    refs: set[str] = set()
    for index, item in subject.objects(SUBJECTS):
        refs.update(subject.texts(f"{SUBJECTS}/{index}/do_not_show_to"))
        if isinstance(item.get("professional_ref"), str):
            refs.add(item["professional_ref"])
    return refs


def _people(subject: Subject) -> Iterator[tuple[str, str]]:
    for name in ALONE:
        if ref := subject.text(f"/{name}/professional_ref"):
            yield f"/{name}", ref
    for name in PEOPLE:
        for index, person in subject.objects(f"/{name}"):
            if isinstance(person.get("professional_ref"), str):
                yield pointer(name, index), person["professional_ref"]
    for index, item in subject.objects("/contributions"):
        if isinstance(item.get("attendee_ref"), str):
            yield pointer("contributions", index), item["attendee_ref"]


def _is_carer(item: dict[str, object]) -> bool:
    relationship = item.get("relationship_to_young_person")
    attends = item.get("may_attend_meetings_or_hold_role") is True
    return relationship == "carer" or (relationship == "family_member" and attends)


def _taking_part(subject: Subject) -> Iterator[At]:
    carer, area = "/participation/parent_carer", "/areas/family_friends/carer_involvement"
    method = subject.text(f"{carer}/method")
    if method not in (None, "none") or subject.text(f"{carer}/safe_to_involve") == "yes":
        yield At(carer)
    if subject.text(f"{area}/done") == "yes" or subject.text(f"{area}/safe_to_involve") == "yes":
        yield At(area)

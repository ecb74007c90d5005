"""People, groups and places that may pose risk: apart from everybody's eyes (rules TP2 to TP6)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from service.domain.deidentify.finding import Kind
from service.domain.faults import pointer
from service.domain.narratives import every_text
from service.domain.records import RECORDS
from service.domain.rules.catalogue import At, hold, reject, warn
from service.domain.rules.subject import Subject
from service.domain.text.identifiers import find_identifiers

SUBJECTS = "/risk_subjects"
NAME_MIN = 3
_PEOPLE = ("assessor", "supporting", "authorised_by", "facilitator", "data_capture_by", "attendees")
_REFERENCES = (
    *((f"/{name}", "professional_ref") for name in _PEOPLE),
    ("/contributions", "attendee_ref"),
    ("/support_plan/items", "who_will"),
)
_CHECKED = "Check with the worker before any copy goes out. The case file has it."
_HOME = re.compile(
    r"\b(?:flat|apartment|apt)\.? +[0-9]"
    r"|\b[0-9]+[a-z]?,? +(?:(?!(?:and|at|by|from|in|near|of|off|on|or|to)\b)[\w'’-]+ +){1,3}"
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|crescent|terrace|way|grove|place|square|walk|gardens"
    r"|mews|row)\b",
    re.IGNORECASE,
)
"""A numbered flat, or a number with a street; "10 minutes from Mill Lane" is neither."""


@hold("TP2", "A name from the restricted part stands in this text.", _CHECKED)
def names_stay_apart(subject: Subject) -> Iterator[At]:
    """Whoever reads the text would learn who may pose a risk. A young person's own words are read by others, too."""
    names = [_plain(str(item.get("known_name") or "")) for _, item in subject.objects(SUBJECTS)]
    said = [re.escape(name) for name in names if sum(map(str.isalpha, name)) >= NAME_MIN]
    if not said:
        return
    named = re.compile(rf"(?<!\w)(?:{'|'.join(said)})(?!\w)")
    for place, text in every_text(subject.record, RECORDS[subject.record_type]):
        if named.search(_plain(text)):
            yield At(place)


def _plain(text: str) -> str:
    """Without the differences that two spellings of one name may have: capitals, accents as one sign or two, spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("’", "'").split())


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
        if isinstance(place, str) and _is_an_address(place):
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


def _is_an_address(place: str) -> bool:
    postcode = any(found.kind is Kind.POSTCODE for found in find_identifiers(place))
    return postcode or _HOME.search(" ".join(place.split())) is not None


def _kept_from(subject: Subject) -> set[str]:
    refs: set[str] = set()
    for index, item in subject.objects(SUBJECTS):
        refs.update(subject.texts(f"{SUBJECTS}/{index}/do_not_show_to"))
        if isinstance(item.get("professional_ref"), str):
            refs.add(item["professional_ref"])
    return refs


def _people(subject: Subject) -> Iterator[tuple[str, str]]:
    """(place, reference) of everybody who worked on the record, spoke in the meeting or does something in the plan."""
    for path, name in _REFERENCES:
        held = subject.at(path)
        alone = [(path, held)] if isinstance(held, dict) else []
        for place, item in alone or [(f"{path}/{index}", item) for index, item in subject.objects(path)]:
            if isinstance(item.get(name), str):
                yield place, item[name]


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

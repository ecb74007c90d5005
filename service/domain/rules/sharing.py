"""What may be shared with whom, and reasons where somebody decides otherwise (rules V3, V4, V5; V6 is no rule)."""

from collections.abc import Iterator

from service.domain.faults import pointer
from service.domain.rules.catalogue import At, reject
from service.domain.rules.subject import Subject

SHARING = "/participation/sharing"
SAFE = ("/areas/family_friends/carer_involvement", "/participation/parent_carer")
OPEN = ("young_person", "own_words")
"""Sections in which own words would be read. Our own copies keep them out of the area, but a case system may print it
whole. Where only some words are to stay between us, the choice of the others says so: `ok_with_family`.
"""


@reject(
    "V3",
    "They asked for this to stay between you.",
    "Give a safety reason or take it out of the family copy.",
)
def what_stays_between_us_is_not_shared(subject: Subject) -> Iterator[At]:
    """A young person's words go to their family only with their say-so (Data Protection Act 2018, schedule 3)."""
    kept = any(item.get("sharing") == "keep_between_us" for _, item in subject.objects("/areas/young_person/own_words"))
    if not kept:
        return
    for index, item in subject.objects(SHARING):
        if item.get("section") in OPEN and item.get("audience") == "parent_carer" and item.get("decision") == "agreed":
            yield At(pointer("participation", "sharing", index))


@reject("V4", "This is shared for safety without a reason.", "Record why.")
def an_override_says_why(subject: Subject) -> Iterator[At]:
    """Going against a young person's wish is sometimes right and always explained."""
    for index, item in subject.objects(SHARING):
        if item.get("decision") == "overridden_for_safety" and "reason" not in item:
            yield At(pointer("participation", "sharing", index, "reason"))


@reject(
    "V5", "Parents or carers are not involved, and it isn't said why.", "Say why it isn't safe, even in a few words."
)
def not_involving_says_why(subject: Subject) -> Iterator[At]:
    """Parents and carers are involved wherever it is safe; the reason stays in the authority."""
    for place in SAFE:
        judged = subject.at(place)
        if isinstance(judged, dict) and judged.get("safe_to_involve") == "no" and "reason" not in judged:
            yield At(f"{place}/reason")

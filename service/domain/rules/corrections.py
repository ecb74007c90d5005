"""Corrections and withdrawals name a record that is there, of the same young person, and the newest (rule K-5)."""

from collections.abc import Iterator

from service.domain.rules.catalogue import At, reject
from service.domain.rules.known import Earlier
from service.domain.rules.subject import Subject

NAMED = "/supersedes_submission_id"
NAMING = ("correction", "withdrawal")


def _named(subject: Subject) -> Earlier | None:
    """The record that is named, if there is one and the naming is this record's business."""
    return subject.known.named if subject.text("/submission_kind") in NAMING else None


@reject("K-5", "A correction says which record it corrects.", "Give the `submission_id` of that record.")
def a_correction_names_a_record(subject: Subject) -> Iterator[At]:
    """Without it nothing could be replaced, and a young person would be counted twice."""
    if subject.text("/submission_kind") == "correction" and subject.at(NAMED) is None:
        yield At(NAMED)


@reject(
    "K-5",
    "Only a correction or a withdrawal names an earlier record.",
    "Leave this out, or send the record as a correction.",
)
def others_name_none(subject: Subject) -> Iterator[At]:
    """A review is a new look; it replaces nothing."""
    if subject.text("/submission_kind") in ("new", "review") and subject.at(NAMED) is not None:
        yield At(NAMED)


@reject("K-5", "There is no such record here.", "Check the id; it is the `submission_id` the record was sent under.")
def the_record_is_here(subject: Subject) -> Iterator[At]:
    """The same answer for what never was and for what is another authority's."""
    asked = subject.text("/submission_kind") in NAMING and subject.text(NAMED) is not None
    if asked and subject.known.looked_up and subject.known.named is None:
        yield At(NAMED)


@reject(
    "K-5",
    "The record this names is of another kind, or of another young person.",
    "Check the id and the young person's reference. A record of the wrong young person is withdrawn, not corrected; "
    "the right one is sent as new.",
)
def the_record_is_the_same_young_persons(subject: Subject) -> Iterator[At]:
    """Correcting the young person's reference would move one child's record onto another's file."""
    named = _named(subject)
    if named and not (named.same_young_person and named.record_type == subject.record_type):
        yield At(NAMED)


@reject(
    "K-5", "The record this names was withdrawn.", "There is nothing more to take back; send a right record as new."
)
def the_record_stands(subject: Subject) -> Iterator[At]:
    """What was taken back is not corrected."""
    named = _named(subject)
    if named and named.withdrawn and named.same_young_person:
        yield At(NAMED)


@reject("K-5", "The record this names was corrected since.", "Name its newest version.")
def the_record_is_the_newest(subject: Subject) -> Iterator[At]:
    """Versions form one line, not a tree."""
    named = _named(subject)
    if named and not named.newest and not named.withdrawn and named.same_young_person:
        yield At(NAMED)

"""What kind of submission this is, and whether this authority takes this record (rules K-1, K-2)."""

from collections.abc import Iterator

from service.domain.faults import Fault
from service.domain.rules.catalogue import reject
from service.domain.rules.subject import Subject


@reject("K-1")
def kind_is_taken_yet(subject: Subject) -> Iterator[Fault]:
    """Taking a correction as if it were new would count a young person twice and restart the review clock."""
    if subject.at("/submission_kind") in ("correction", "withdrawal"):
        yield Fault(
            "/submission_kind",
            "K-1",
            "This version of the bridge takes new records and reviews, not yet corrections or withdrawals.",
            "Correct it in your case system for now. Nothing was stored here.",
        )


@reject("K-2")
def instrument_is_in_use(subject: Subject) -> Iterator[Fault]:
    """Which instruments an authority uses is its own choice, in its profile."""
    instruments = subject.policy.instruments
    if instruments and subject.record_type not in instruments:
        yield Fault(
            "/record_type",
            "K-2",
            f"{subject.policy.name}'s profile has no place for this kind of record.",
            "Ask your integration officer to add it to the profile.",
        )

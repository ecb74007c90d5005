"""Whether this authority takes this record, and in which edition of its form (rules K-2, K-3)."""

from collections.abc import Iterator

from service.domain.rules.catalogue import At, reject
from service.domain.rules.subject import Subject


@reject(
    "K-2",
    "{authority}'s profile has no place for this kind of record.",
    "Ask your integration officer to add it to the profile.",
)
def instrument_is_in_use(subject: Subject) -> Iterator[At]:
    """Which instruments an authority uses is its own choice, in its profile."""
    instruments = subject.policy.instruments
    if instruments and subject.record_type not in instruments:
        yield At("/record_type", authority=subject.policy.name)


@reject("K-3", "This edition of the form isn't one {authority} uses.", "Choose one of: {known}.")
def template_is_known(subject: Subject) -> Iterator[At]:
    """The form changes while it is piloted; a record says which one was in front of the worker."""
    known = subject.policy.templates.get(subject.record_type, ())
    given = subject.text("/template_version")
    if known and given is not None and given not in known:
        yield At("/template_version", authority=subject.policy.name, known=", ".join(known))

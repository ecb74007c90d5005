"""What the sender says of the next review, and why there is one now (rules R1, R2, R3, R4; R5 and R6 are computed)."""

from collections.abc import Iterator
from datetime import date, timedelta

from service.domain.london import add_months, in_words
from service.domain.rules.catalogue import At, reject, warn
from service.domain.rules.subject import Subject

DUE = "/review/due_on"
EVENT_BASES = {"event", "change"}


def _asked(subject: Subject) -> date | None:
    """The date the sender gives, where there will be a review: once involvement has ended, none is planned (R5)."""
    return None if subject.at("/young_person/involvement_ended_on") is not None else subject.date_at(DUE)


def _latest(subject: Subject, completed: date) -> date:
    return add_months(completed, subject.policy.review_months)


@reject(
    "R1",
    "Review is due by {latest} (about {months}).",
    "Give an earlier date, or leave it out and we compute it.",
)
def the_review_is_soon_enough(subject: Subject) -> Iterator[At]:
    """About every three months after completion; the window allows for "about"."""
    due, completed = _asked(subject), subject.completed_on
    if due and completed and completed <= subject.today:
        latest = _latest(subject, completed)
        if due > latest + timedelta(days=subject.policy.review_window_days):
            yield At(DUE, latest=in_words(latest), months=_months(subject.policy.review_months))


@warn(
    "R2",
    "The review date given is in the past, so the review is due now.",
    "If this was typed in late, plan the review with the team.",
)
def the_review_lies_ahead(subject: Subject) -> Iterator[At]:
    """A backlog of paper must not hide that the young person has not been looked at since."""
    due = _asked(subject)
    if due and due < subject.today and subject.text("/submission_kind") == "new":
        yield At(DUE)


@reject(
    "R3",
    "Say which event this is about.",
    "Put the event into `/significant_events` and its `ref` here.",
    "wise_assessment",
)
def the_event_is_named(subject: Subject) -> Iterator[At]:
    """A review because of an event, held now or still to come, says because of which; the reference leads somewhere."""
    ref = subject.text("/significant_event_ref")
    known = [event.get("ref") for _, event in subject.objects("/significant_events")]
    wanted = _because_of(subject, "significant_event", "event")
    if (wanted and subject.at("/significant_event_ref") is None) or (ref is not None and ref not in known):
        yield At("/significant_event_ref")


@reject(
    "R3",
    "Say which change in circumstances this is about.",
    "Describe it here, or name an event in `/significant_event_ref`.",
    "wise_assessment",
)
def the_change_is_told(subject: Subject) -> Iterator[At]:
    """A change is a statement, not a type of event; either will do."""
    changed = _because_of(subject, "change_in_circumstances", "change")
    told = subject.at("/change_in_circumstances") is not None or subject.at("/significant_event_ref") is not None
    if changed and not told:
        yield At("/change_in_circumstances")


@reject(
    "R4",
    "After an event or a change, the next review can't be later than the one already planned ({planned}).",
    "Give that date or an earlier one.",
)
def an_event_brings_the_review_forward(subject: Subject) -> Iterator[At]:
    """Events bring a review forward, never back. A correction moves no clock, so it can't move it back either."""
    due, planned = _asked(subject), subject.known.review_due_on
    after_event = subject.text("/review/basis") in EVENT_BASES and subject.text("/submission_kind") != "correction"
    if after_event and due and planned and subject.today <= planned < due:
        yield At(DUE, planned=in_words(planned))


def _because_of(subject: Subject, trigger: str, basis: str) -> bool:
    return subject.text("/review_trigger") == trigger or subject.text("/review/basis") == basis


def _months(count: int) -> str:
    words = {1: "one month", 2: "two months", 3: "three months", 6: "six months", 12: "a year"}
    return words.get(count, f"{count} months")

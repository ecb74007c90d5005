"""When things happened and when they were typed in (rules E1, E2, M8)."""

from collections.abc import Iterator

from service.domain.london import add_months
from service.domain.rules.catalogue import At, reject, warn
from service.domain.rules.subject import Subject


@reject("E1", "This was on paper.", "Give the date it was typed in.")
def paper_needs_entry_date(subject: Subject) -> Iterator[At]:
    """A paper form has two dates: made and typed in."""
    if subject.at("/capture_mode") == "paper" and "entered_on" not in subject.record:
        yield At("/entered_on")


@reject("E2", "The {what} date is in the future.", "Check the date.")
def not_completed_in_the_future(subject: Subject) -> Iterator[At]:
    """Completion lies in the past or today, in London."""
    completed = subject.completed_on
    if completed and completed > subject.today:
        yield At(subject.completed_field, what="meeting" if subject.completed_field == "/meeting_on" else "completed")


@reject(
    "E2",
    "The date it was typed in is before the date it was completed.",
    "Check both dates.",
    "wise_assessment",
    "nwg_assessment",
)
def not_entered_before_completed(subject: Subject) -> Iterator[At]:
    """Nobody types in a form before it is made."""
    entered, completed = subject.date_at("/entered_on"), subject.completed_on
    if entered and completed and entered < completed:
        yield At("/entered_on")


@reject("M8", "The meeting is after the date it was typed in.", "Check both dates.", "rise_meeting_output")
def meeting_not_after_entry(subject: Subject) -> Iterator[At]:
    """The output of a meeting is written after the meeting."""
    entered, met = subject.date_at("/entered_on"), subject.completed_on
    if entered and met and met > entered:
        yield At("/meeting_on")


@warn("E2", "This is more than twelve months before involvement started.", "Check both dates.")
def completed_long_before_involvement(subject: Subject) -> Iterator[At]:
    """More than a year before the service was involved is more often a slip than a fact."""
    started, completed = subject.date_at("/young_person/involvement_started_on"), subject.completed_on
    if started and completed and completed <= subject.today and add_months(completed, 12) < started:
        yield At(subject.completed_field)

"""When things happened and when they were typed in (rules E1, E2, M8)."""

from collections.abc import Iterator

from service.domain.faults import Fault
from service.domain.rules.catalogue import reject, warn
from service.domain.rules.subject import Subject


@reject("E1")
def paper_needs_entry_date(subject: Subject) -> Iterator[Fault]:
    """A paper form has two dates: made and typed in."""
    if subject.at("/capture_mode") == "paper" and "entered_on" not in subject.record:
        yield Fault("/entered_on", "E1", "This was on paper.", "Give the date it was typed in.")


@reject("E2")
def not_completed_in_the_future(subject: Subject) -> Iterator[Fault]:
    """Completion lies in the past or today, in London."""
    completed = subject.completed_on
    if completed and completed > subject.today:
        what = "meeting" if subject.completed_field == "/meeting_on" else "completed"
        yield Fault(subject.completed_field, "E2", f"The {what} date is in the future.", "Check the date.")


@reject("E2", "wise_assessment", "nwg_assessment")
def not_entered_before_completed(subject: Subject) -> Iterator[Fault]:
    """Nobody types in a form before it is made."""
    entered, completed = subject.date_at("/entered_on"), subject.completed_on
    if entered and completed and entered < completed:
        yield Fault(
            "/entered_on", "E2", "The date it was typed in is before the date it was completed.", "Check both dates."
        )


@reject("M8", "rise_meeting_output")
def meeting_not_after_entry(subject: Subject) -> Iterator[Fault]:
    """The output of a meeting is written after the meeting."""
    entered, met = subject.date_at("/entered_on"), subject.completed_on
    if entered and met and met > entered:
        yield Fault("/meeting_on", "M8", "The meeting is after the date it was typed in.", "Check both dates.")


@warn("E2")
def completed_long_before_involvement(subject: Subject) -> Iterator[Fault]:
    """More than a year before the service was involved is more often a slip than a fact."""
    started, completed = subject.date_at("/young_person/involvement_started_on"), subject.completed_on
    if started and completed and (completed.year + 1, completed.month, completed.day) < started.timetuple()[:3]:
        yield Fault(
            subject.completed_field,
            "E2",
            "This is more than twelve months before involvement started.",
            "Check both dates.",
        )

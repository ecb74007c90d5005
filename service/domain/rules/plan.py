"""The support plan: there when it is needed, short enough to act on, and ahead of us (rules P1, P2, P3)."""

from collections.abc import Iterator

from service.domain.faults import pointer
from service.domain.rules.catalogue import At, reject
from service.domain.rules.statements import ASSESSMENTS
from service.domain.rules.subject import Subject

ENDED = ("done", "not_taken_forward")
ITEMS = "/support_plan/items"
_COUNT_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@reject(
    "P1",
    "There is no support plan yet.",
    "Add what will happen next, or say when a plan will follow (`/support_plan/follows_on`).",
    *ASSESSMENTS,
)
def a_plan_follows(subject: Subject) -> Iterator[At]:
    """Somebody who is or may be exploited is not left with a description."""
    needed = subject.text("/exploitation/category") in ("experiencing", "at_risk")
    if needed and not subject.items_at(ITEMS) and subject.at("/support_plan/follows_on") is None:
        yield At("/support_plan")


@reject(
    "P2",
    "A WISE support plan holds up to {cap} things so people can concentrate.",
    "Finish or merge one, or put the rest in the statutory plan.",
    *ASSESSMENTS,
)
def plan_is_within_its_cap(subject: Subject) -> Iterator[At]:
    """Counts items still to be done. The cap is the authority's (default four, as practitioners asked for)."""
    active = [item for _, item in subject.objects(ITEMS) if item.get("status") not in ENDED]
    cap = subject.policy.plan_items_max
    if len(active) > cap:
        yield At(ITEMS, cap=_COUNT_WORDS[cap] if cap < len(_COUNT_WORDS) else cap)


@reject("P3", "This is before the date of the assessment.", "Check both dates, or leave this out.", *ASSESSMENTS)
def plans_lie_ahead(subject: Subject) -> Iterator[At]:
    """A plan made in an assessment cannot be due before it."""
    completed = subject.completed_on
    for index, _ in subject.objects(ITEMS):
        due = subject.date_at(f"{ITEMS}/{index}/by_when")
        if due and completed and due < completed:
            yield At(pointer("support_plan", "items", index, "by_when"))

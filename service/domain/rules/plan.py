"""The support plan: there when needed, short enough to act on, ahead of us; and the panel (rules P1 to P4)."""

from collections.abc import Iterator

from service.domain.faults import pointer
from service.domain.rules.catalogue import At, reject
from service.domain.rules.statements import ASSESSMENTS
from service.domain.rules.subject import Subject

ENDED = ("done", "not_taken_forward")
ITEMS, FOLLOWS = "/support_plan/items", "/support_plan/follows_on"
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
    readable = isinstance(subject.at("/support_plan"), dict | None) and subject.at(ITEMS) in (None, [])
    if needed and readable and subject.at(FOLLOWS) is None:
        yield At("/support_plan")


@reject(
    "P2",
    "A WISE support plan holds up to {cap} things so people can concentrate.",
    "Finish or merge one, or put the rest in the statutory plan.",
    *ASSESSMENTS,
)
def plan_is_within_its_cap(subject: Subject) -> Iterator[At]:
    """Few things are done, many are listed. Counts what is still to be done; the cap is the authority's."""
    active = [item for _, item in subject.objects(ITEMS) if item.get("status") not in ENDED]
    cap = subject.policy.plan_items_max
    if len(active) > cap:
        yield At(ITEMS, cap=_COUNT_WORDS[cap] if cap < len(_COUNT_WORDS) else cap)


@reject("P3", "This is before the date of the assessment.", "Check both dates, or leave this out.", *ASSESSMENTS)
def plans_lie_ahead(subject: Subject) -> Iterator[At]:
    """A plan made in an assessment cannot be due before it. What is over may stay in it with the date it had."""
    ahead = [index for index, item in subject.objects(ITEMS) if item.get("status") not in ENDED]
    for place in (FOLLOWS, *(pointer("support_plan", "items", index, "by_when") for index in ahead)):
        due, completed = subject.date_at(place), subject.completed_on
        if due and completed and due < completed:
            yield At(place)


@reject("P4", "That isn't the name of a panel of {authority}.", "Choose one of: {panels}.")
def the_panel_is_one_of_theirs(subject: Subject) -> Iterator[At]:
    """The panel's name becomes a code in the case system; a slip would refer a young person to nobody."""
    name, panels = subject.text("/panel_referral/panel_name"), subject.policy.panels
    if name is not None and panels and name not in panels:
        yield At("/panel_referral/panel_name", authority=subject.policy.name, panels=", ".join(panels))

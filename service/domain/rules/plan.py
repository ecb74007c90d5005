"""The support plan stays short enough to act on (rule P2)."""

from collections.abc import Iterator

from service.domain.faults import Fault
from service.domain.rules.catalogue import reject
from service.domain.rules.statements import ASSESSMENTS
from service.domain.rules.subject import Subject

ENDED = ("done", "not_taken_forward")
_COUNT_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@reject("P2", *ASSESSMENTS)
def plan_is_within_its_cap(subject: Subject) -> Iterator[Fault]:
    """Counts items still to be done. The cap is the authority's (default four, as practitioners asked for)."""
    active = [item for _, item in subject.objects("/support_plan/items") if item.get("status") not in ENDED]
    cap = subject.policy.plan_items_max
    if len(active) > cap:
        words = _COUNT_WORDS[cap] if cap < len(_COUNT_WORDS) else str(cap)
        yield Fault(
            "/support_plan/items",
            "P2",
            f"A WISE support plan holds up to {words} things so people can concentrate.",
            "Finish or merge one, or put the rest in the statutory plan.",
        )

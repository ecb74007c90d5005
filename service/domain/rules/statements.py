"""The exploitation statement and the stability narratives (rules X-3, X-4, X-5, X-9)."""

from collections.abc import Iterator

from service.domain.faults import Fault
from service.domain.rules.catalogue import reject
from service.domain.rules.subject import Subject

ASSESSMENTS = ("wise_assessment", "rise_meeting_output")
DOMAINS = {"home": "at home", "school_or_learning": "in learning", "professionals": "with professionals"}


@reject("X-3", *ASSESSMENTS)
def a_statement_is_chosen(subject: Subject) -> Iterator[Fault]:
    """No default, no guess: a missing statement is a missing statement."""
    statement = subject.at("/exploitation")
    if statement is None or (isinstance(statement, dict) and "category" not in statement):
        yield Fault(
            "/exploitation/category",
            "X-3",
            "Choose one statement: experiencing, at_risk, or no_known_risk_or_manageable.",
            "We don't choose for you.",
        )


@reject("X-4", *ASSESSMENTS)
def basis_only_with_the_third(subject: Subject) -> Iterator[Fault]:
    """The sub-flag tells apart what the third statement merges; with another it would contradict."""
    category = subject.text("/exploitation/category")
    if category in ("experiencing", "at_risk") and subject.at("/exploitation/basis") is not None:
        yield Fault(
            "/exploitation/basis",
            "X-4",
            "`/exploitation/basis` only applies when the statement is no known risk or manageable.",
            "Remove it, or choose that statement.",
        )


@reject("X-5", *ASSESSMENTS)
def forms_are_named(subject: Subject) -> Iterator[Fault]:
    """Which form of exploitation is feared or happening; not yet known is an answer."""
    category = subject.text("/exploitation/category")
    if category in ("experiencing", "at_risk") and not subject.items_at("/exploitation/forms"):
        yield Fault(
            "/exploitation/forms", "X-5", "Say which form(s) of exploitation, or 'not_yet_known'.", "Add at least one."
        )


@reject("X-9", *ASSESSMENTS)
def stability_is_told(subject: Subject) -> Iterator[Fault]:
    """Three narratives; a domain may not apply, and then says why."""
    if not isinstance(subject.at("/stability"), dict | None):
        return
    for name, where in DOMAINS.items():
        domain = subject.at(f"/stability/{name}")
        if domain is None or isinstance(domain, dict):
            yield from _domain_faults(name, where, domain or {})


def _domain_faults(name: str, where: str, domain: dict[str, object]) -> Iterator[Fault]:
    if domain.get("applicable") == "not_applicable":
        if "not_applicable_reason" not in domain:
            yield Fault(
                f"/stability/{name}/not_applicable_reason",
                "X-9",
                f"Stability {where} is marked not applicable without a reason.",
                "Say why it doesn't apply.",
            )
    elif "narrative" not in domain:
        yield Fault(
            f"/stability/{name}/narrative",
            "X-9",
            f"Say something about stability {where}, or mark it not applicable and why.",
            "A sentence or two is enough.",
        )

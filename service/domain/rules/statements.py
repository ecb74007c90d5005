"""The exploitation statement and the stability narratives (rules X-3, X-4, X-5, X-9)."""

from collections.abc import Iterator

from service.domain.rules.catalogue import At, reject
from service.domain.rules.subject import Subject

ASSESSMENTS = ("wise_assessment", "rise_meeting_output")
DOMAINS = {"home": "at home", "school_or_learning": "in learning", "professionals": "with professionals"}


@reject(
    "X-3",
    "Choose one statement: experiencing, at_risk, or no_known_risk_or_manageable.",
    "We don't choose for you.",
    *ASSESSMENTS,
)
def a_statement_is_chosen(subject: Subject) -> Iterator[At]:
    """No default, no guess: a missing statement is a missing statement."""
    statement = subject.at("/exploitation")
    if statement is None or (isinstance(statement, dict) and statement.get("category") is None):
        yield At("/exploitation/category")


@reject(
    "X-4",
    "`/exploitation/basis` only applies when the statement is no known risk or manageable.",
    "Remove it, or choose that statement.",
    *ASSESSMENTS,
)
def basis_only_with_the_third(subject: Subject) -> Iterator[At]:
    """The sub-flag tells apart what the third statement merges; with another it would contradict."""
    category = subject.text("/exploitation/category")
    if category in ("experiencing", "at_risk") and subject.at("/exploitation/basis") is not None:
        yield At("/exploitation/basis")


@reject("X-5", "Say which form(s) of exploitation, or 'not_yet_known'.", "Add at least one.", *ASSESSMENTS)
def forms_are_named(subject: Subject) -> Iterator[At]:
    """Which form of exploitation is feared or happening; not yet known is an answer."""
    category = subject.text("/exploitation/category")
    if category in ("experiencing", "at_risk") and subject.at("/exploitation/forms") in (None, []):
        yield At("/exploitation/forms")


@reject(
    "X-9",
    "Say something about stability {where}, or mark it not applicable and why.",
    "A sentence or two is enough.",
    *ASSESSMENTS,
)
def stability_is_told(subject: Subject) -> Iterator[At]:
    """Three narratives, one for each domain."""
    for name, domain in _domains(subject):
        if domain.get("applicable") != "not_applicable" and "narrative" not in domain:
            yield At(f"/stability/{name}/narrative", where=DOMAINS[name])


@reject(
    "X-9",
    "Stability {where} is marked not applicable without a reason.",
    "Say why it doesn't apply.",
    *ASSESSMENTS,
)
def not_applicable_says_why(subject: Subject) -> Iterator[At]:
    """A domain may not apply, and then says why."""
    for name, domain in _domains(subject):
        if domain.get("applicable") == "not_applicable" and "not_applicable_reason" not in domain:
            yield At(f"/stability/{name}/not_applicable_reason", where=DOMAINS[name])


def _domains(subject: Subject) -> Iterator[tuple[str, dict[str, object]]]:
    """Each domain as far as it is there; a mistyped one is the structure's affair."""
    if not isinstance(subject.at("/stability"), dict | None):
        return
    for name in DOMAINS:
        domain = subject.at(f"/stability/{name}")
        if domain is None or isinstance(domain, dict):
            yield name, domain or {}

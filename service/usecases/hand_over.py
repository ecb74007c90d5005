"""One package into a case system, by what its link can do; what it cannot is for a person, before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from service.domain.delivery import Reason
from service.errors import NeedsHuman, NothingSent
from service.ports import Ability, Awaiting, CaseSystem, Container, DocumentSink, Filing, Receipt
from service.usecases.package import Package


def require_able(package: Package, case_system: CaseSystem) -> None:
    """Everything that can be known before "sending" is noted."""
    able = case_system.abilities
    if package.filing and package.filing.restricted and Ability.RESTRICTS not in able:
        raise NeedsHuman(Reason.RESTRICTION_NOT_CARRIED)  # rule C1: kept from some eyes, so not sent to lie open
    missing = [ability for ability in _needed(package) if ability not in able]
    if missing:
        raise NeedsHuman(Reason.NOT_SUPPORTED, missing[0].value)


def _needed(package: Package) -> tuple[Ability, ...]:
    if package.task:
        return (Ability.RAISES_TASKS,)
    if package.retraction:
        return (Ability.RETRACTS,)
    return (Ability.CORRECTS,) if package.filing and package.filing.replaces else ()


def hand_over(
    package: Package, case_system: CaseSystem, documents: DocumentSink | None, go_on: Callable[[], None] = lambda: None
) -> Receipt | Awaiting:
    """Send the package. Raises what the port raises, and what `go_on` does, which is asked before every further step.

    Nobody may go on who has lost the delivery to another worker: that one may be filing it at this moment.
    """
    if package.filing:
        return put_on_file(package.filing, case_system, documents, go_on)
    if package.task:
        return case_system.raise_task(package.task)
    if package.retraction:
        return case_system.retract(package.retraction)
    raise NeedsHuman(Reason.INTERNAL_FAULT, "nothing to deliver")


def put_on_file(
    filing: Filing, case_system: CaseSystem, documents: DocumentSink | None, go_on: Callable[[], None] = lambda: None
) -> Receipt | Awaiting:
    """Container, document, answers: the record is finished last, so nobody reads one without its document."""
    if Ability.TAKES_ANSWERS not in case_system.abilities:
        filing = replace(filing, answers=())
    container = case_system.open_container(filing)
    if container.done is not None:
        return container.done
    try:
        return _finished(filing, container, case_system, documents, go_on)
    except NothingSent as problem:
        problem.begun = problem.begun or container.number != filing.reference  # a number of its own: it is there
        raise


def _finished(
    filing: Filing,
    container: Container,
    case_system: CaseSystem,
    documents: DocumentSink | None,
    go_on: Callable[[], None],
) -> Receipt | Awaiting:
    document = None
    if documents:
        go_on()
        document = documents.file_document(filing, container)
    go_on()
    return case_system.submit(filing, container, document)

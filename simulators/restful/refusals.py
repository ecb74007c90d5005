"""Why a request is refused, the same in both dialects; how it is written is theirs."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the content: a code, and the property or `answers[i]` it is about."""

    code: str
    target: str


@dataclass(eq=False)
class Refusal(Exception):
    """A refusal; nothing of the request is stored. `more` holds lockedBy, lockedUntil, mergedTo or state."""

    status: int
    code: str
    message: str
    faults: tuple[Fault, ...] = ()
    more: dict[str, str | None] = field(default_factory=dict)


def bad_request(message: str) -> Refusal:
    return Refusal(400, "BAD_REQUEST", message)


def not_found() -> Refusal:
    """One answer for unknown and hidden, so that nobody learns of a person from the difference."""
    return Refusal(404, "NOT_FOUND", "There is no such entry.")


def invalid(faults: Sequence[Fault]) -> Refusal:
    return Refusal(422, "INVALID", "The content was refused.", tuple(faults))


def refused(code: str, target: str) -> Refusal:
    """A single fault of the content."""
    return invalid([Fault(code, target)])


def wrong_state(state: str) -> Refusal:
    return Refusal(409, "STATE", "The record's state does not allow it.", more={"state": state})


def merged(survivor: str) -> Refusal:
    return Refusal(409, "PERSON_MERGED", "The person was merged.", more={"mergedTo": survivor})


def locked(by: str, until: str | None) -> Refusal:
    """Written as 423 here; OData has no such status and makes it 409."""
    return Refusal(423, "LOCKED", "Somebody has it open.", more={"lockedBy": by, "lockedUntil": until})

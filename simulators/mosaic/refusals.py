"""Every way the simulated Mosaic says no, in one place so that codes and bodies stay uniform.

Rules return lists of `Fault`; the operations turn them into a `Refusal`; only the transport
knows how a refusal looks as HTTP.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the content of a request."""

    code: str
    field: str | None = None
    question: str | None = None
    detail: str | None = None

    def wire(self) -> dict[str, str]:
        """The fault as the protocol writes it, leaving out what does not apply."""
        pairs = {
            "questionUserCode": self.question,
            "field": self.field,
            "code": self.code,
            "detail": self.detail,
        }
        return {name: value for name, value in pairs.items() if value is not None}


@dataclass
class Refusal(Exception):
    """A request that is turned down; nothing of it is stored."""

    status: int
    code: str
    message: str
    extra: dict[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The JSON object sent with the refusal."""
        return {"code": self.code, "message": self.message, **self.extra}


def not_found() -> Refusal:
    """Unknown and hidden share this one constructor, so the two cannot come to look different."""
    return Refusal(404, "NOT_FOUND", "There is no such record.")


def no_permission() -> Refusal:
    """The role behind the key is not allowed this action on this step type."""
    return Refusal(403, "NO_PERMISSION", "The role may not do this with this step type.")


def step_locked(locked_by: str, locked_until: str | None) -> Refusal:
    """Somebody has the form open; without an end time it is checked out."""
    extra = {"lockedBy": locked_by, "lockedUntil": locked_until}
    return Refusal(409, "STEP_LOCKED", "The step is locked by somebody else.", extra)


def wrong_state(status: str) -> Refusal:
    """The step is in a state that does not allow the change."""
    return Refusal(409, "STEP_STATE", "The state of the step does not allow this.", {"status": status})


def step_withdrawn() -> Refusal:
    """A step is withdrawn once."""
    return Refusal(409, "STEP_WITHDRAWN", "The step was withdrawn before.")


def person_merged(merged_to: int) -> Refusal:
    """The subject lives on under another number."""
    return Refusal(409, "PERSON_MERGED", "The person was merged.", {"mergedTo": merged_to})


def invalid(faults: Sequence[Fault]) -> Refusal:
    """The content is refused, with every fault found rather than only the first."""
    errors = [fault.wire() for fault in faults]
    return Refusal(422, "INVALID", "The content was refused; nothing was stored.", {"errors": errors})


def refuse_if_any(faults: Sequence[Fault]) -> None:
    """Raise when a rule found something wrong."""
    if faults:
        raise invalid(faults)

"""Everything the protocol can say no with. No message repeats a value that was sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One thing wrong with content: its code and where it is."""

    code: str
    field: str | None = None
    control: str | None = None
    row: int | None = None

    def wire(self) -> dict[str, Any]:
        """The fault as the protocol writes it; what does not apply is left out."""
        parts = {"code": self.code, "field": self.field, "controlName": self.control, "row": self.row}
        return {name: part for name, part in parts.items() if part is not None}


class Refusal(Exception):
    """An answer that is not success. Raised before anything is stored."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(code)
        self.status, self.code = status, code
        self._message, self._more = message, more

    def body(self) -> dict[str, Any]:
        """The body of the answer."""
        return {"_type": "RestError", "code": self.code, "message": self._message, **self._more}


def malformed(field: str | None = None) -> Refusal:
    """Not the JSON object that the route takes."""
    return Refusal(
        400, "MALFORMED", "The body is not what this route takes.", **({} if field is None else {"field": field})
    )


def not_authenticated() -> Refusal:
    return Refusal(401, "NOT_AUTHENTICATED", "Sign in, or sign in again.")


def not_permitted(permission: str) -> Refusal:
    return Refusal(403, "NOT_PERMITTED", "This sign-in may not do that.", permission=permission)


def restricted() -> Refusal:
    return Refusal(403, "PERSON_RESTRICTED", "This person's record is closed to this sign-in.")


def not_found() -> Refusal:
    """One wording for unknown and for hidden, so that nobody can tell them apart."""
    return Refusal(404, "NOT_FOUND", "There is nothing here that this sign-in may see.")


def duplicate(of: int | None) -> Refusal:
    return Refusal(409, "PERSON_DUPLICATE", "This person was marked as a duplicate.", duplicateOf=of)


def locked(by: str, until: int | None) -> Refusal:
    return Refusal(409, "RECORD_LOCKED", "Somebody has this person's forms open.", lockedBy=by, lockedUntil=until)


def no_open_episode() -> Refusal:
    return Refusal(409, "NO_OPEN_EPISODE", "This form needs an open episode, and there is none.")


def wrong_state(state: str) -> Refusal:
    return Refusal(409, "FORM_STATE", "The state of the form does not allow that.", state=state)


def withdrawn() -> Refusal:
    return Refusal(409, "FORM_WITHDRAWN", "The form is withdrawn already.")


def stale(version: int) -> Refusal:
    return Refusal(409, "STALE_VERSION", "The form was changed in the meantime.", objectVersion=version)


def too_large(limit: int) -> Refusal:
    return Refusal(413, "TOO_LARGE", "The attachment is too large.", limit=limit)


def refuse_if_any(faults: Iterable[Fault]) -> None:
    """Every fault at once, so that a person mends the content once."""
    found = list(faults)
    if found:
        raise Refusal(422, "INVALID", "The content was refused.", errors=[fault.wire() for fault in found])

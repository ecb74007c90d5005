"""What can go wrong, named by what happens next.

    WiseBridgeError
    ├── ConfigurationFault      an officer or operator corrects a file or a setting; carries every fault at once
    ├── Refused                 the sender changes the request; becomes a problem document
    │   ├── Malformed           400  not JSON as we take it
    │   ├── NotSignedIn         401
    │   ├── NotAllowed          403
    │   ├── NotThere            404  also for what is another authority's
    │   ├── Conflict            409  this id already names other content
    │   ├── CopyWithheld        403  a rule says that this reader gets no copy
    │   ├── Gone                410  withdrawn, or corrected by a newer version
    │   ├── TooLarge            413
    │   ├── WrongMediaType      415
    │   ├── Invalid             422  carries every fault of the record at once
    │   └── TooManyRequests     429  says when to come back
    ├── NotPossible             an officer's command does not fit where things stand; nothing was changed
    ├── Unavailable             the sender comes back later; nothing was kept
    │   └── StaleKey            this process has an old copy of a key file; its operator restarts it
    └── DeliveryProblem         the delivery's state changes; carries a `Reason`, never the other system's text
        ├── NothingSent         proven not processed: try again
        ├── OutcomeUnknown      something may have arrived: look up by our reference
        └── NeedsHuman          only a person can say

Messages carry ids and field names, never a value of a record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.delivery import Reason
from service.domain.faults import Fault


class WiseBridgeError(Exception):
    """The root of everything this service raises on purpose."""


@dataclass(frozen=True)
class ConfigFault:
    """One thing wrong in a configuration file or in the environment. Lines and columns count from 1."""

    file: str
    line: int | None
    field: str
    detail: str
    fix: str
    column: int | None = None

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return f"{where}: {self.field}: {self.detail} {self.fix}".rstrip()


class ConfigurationFault(WiseBridgeError):
    """Start-up stops here. `faults` holds all of them, so that one round of corrections is enough."""

    def __init__(self, faults: Sequence[ConfigFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class Refused(WiseBridgeError):
    """The request cannot be taken as it is."""

    status = 400
    type = "malformed"
    title = "The request could not be read"

    def __init__(self, detail: str, *, faults: Sequence[Fault] = ()) -> None:
        self.detail = detail
        self.faults = tuple(faults)
        super().__init__(detail)


class Malformed(Refused):
    """Not JSON as we take it."""


class NotSignedIn(Refused):
    """No token, or one that is not valid now."""

    status, type, title = 401, "not-signed-in", "Sign in first"


class NotAllowed(Refused):
    """The token does not allow this."""

    status, type, title = 403, "not-allowed", "This client may not do this"


class NotThere(Refused):
    """There is nothing here for this client; the same answer whether it is missing or another authority's."""

    status, type, title = 404, "not-found", "Nothing found"


class Conflict(Refused):
    """The same submission id with other content."""

    status, type, title = 409, "conflict", "That id was used for different content"


class CopyWithheld(Refused):
    """No copy for this reader; `faults` names the rule and what can be done."""

    status, type, title = 403, "copy-withheld", "There is no copy for this reader"


class Gone(Refused):
    """It was here, and stands no longer."""

    status, type, title = 410, "gone", "This record stands no longer"


class TooLarge(Refused):
    """More bytes than one record can need."""

    status, type, title = 413, "too-large", "The request is too large"


class WrongMediaType(Refused):
    """Another content type, charset or encoding than we take."""

    status, type, title = 415, "wrong-media-type", "Send JSON in UTF-8"


class Invalid(Refused):
    """The record was read and breaks rules; `faults` says each of them."""

    status, type, title = 422, "invalid-record", "The record needs correcting"


class TooManyRequests(Refused):
    """One client asks more often than it may. `retry_after` in whole seconds, at least 1."""

    status, type, title = 429, "too-many-requests", "Asked too often"

    def __init__(self, detail: str, *, retry_after: int) -> None:
        self.retry_after = max(1, retry_after)
        super().__init__(detail)


class NotPossible(WiseBridgeError):
    """A command of an officer does not fit where things stand. Its text is a sentence; nothing was changed."""


class Unavailable(WiseBridgeError):
    """Something we cannot do without is away. Nothing was acknowledged."""

    def __init__(self, detail: str, *, retry_after: int = 5) -> None:
        self.detail = detail
        self.retry_after = retry_after
        super().__init__(detail)


class StaleKey(Unavailable):
    """The database took nothing: it was sealed under a version of the authority's key that is not taken any more."""

    def __init__(self) -> None:
        super().__init__(
            "This process holds an old copy of this authority's key file. Its operator has to restart it.",
            retry_after=60,
        )


class DeliveryProblem(WiseBridgeError):
    """A delivery did not end in a receipt. `note` is one of our own words or codes, never remote text."""

    def __init__(self, reason: Reason, note: str = "") -> None:
        self.reason = reason
        self.note = note
        super().__init__(f"{reason.value} {note}".rstrip())


class NothingSent(DeliveryProblem):
    """Proven not processed by the case system: try again later, under the same reference.

    `begun` is set when this call had no effect, but one before it in the same attempt had: then something is there.
    """

    def __init__(self, reason: Reason, note: str = "", *, retry_after: int | None = None) -> None:
        super().__init__(reason, note)
        self.retry_after = retry_after
        self.begun = False


class OutcomeUnknown(DeliveryProblem):
    """A byte may have arrived. Never answered by a blind resend."""


class NeedsHuman(DeliveryProblem):
    """The case system, or our own check, says no in a way that trying again will not change."""

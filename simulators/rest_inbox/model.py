"""What the platform holds, and how the protocol writes it. Dates are `YYYY-MM-DD`; a change is a new value."""

from dataclasses import dataclass
from typing import Any

Wire = dict[str, Any]

RECORD, REVIEW_TASK, WITHDRAWAL = "record", "review_task", "withdrawal"
RECEIVED, FILED, REFUSED = "received", "filed", "refused"


@dataclass(frozen=True)
class Person:
    """One person of the case system behind. No name is kept: nothing here needs one, so none can leak.

    `episodes` is how many are open; a `locked` file is open on somebody's screen.
    """

    child_id: str
    date_of_birth: str | None = "2010-05-02"
    estimated: bool = False
    merged: bool = False
    restricted: bool = False
    hidden: bool = False
    episodes: int = 1
    locked: bool = False


@dataclass(frozen=True)
class Item:
    """One item: what was sent, without the bytes of its document, which are `content`; and what became of it.

    `number` is the case system's own: of the record, of the task, or of the record that was withdrawn. `code` says why
    it was refused. `due` is the moment at which an item that was only received is filed, on the clock of the process.
    """

    sent: Wire
    content: bytes | None = None
    state: str = RECEIVED
    number: str | None = None
    document_number: str | None = None
    code: str | None = None
    due: float = 0.0

    @property
    def reference(self) -> str:
        return str(self.sent["reference"])

    @property
    def kind(self) -> str:
        return str(self.sent["kind"])

    @property
    def child_id(self) -> str:
        return str(self.sent["child_id"])

    def wire(self) -> Wire:
        """ITEM of the page."""
        return {
            "reference": self.reference,
            "kind": self.kind,
            "state": self.state,
            "number": self.number,
            "document_number": self.document_number,
            "replaces": self.sent.get("replaces"),
            "content_sha256": self.sent["content_sha256"],
            "code": self.code,
        }

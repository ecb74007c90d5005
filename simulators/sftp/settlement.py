"""What a simulator remembers between deciding about a set and having answered it."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Settlement:
    """A decided set that still has to be cleared away, answered, or both."""

    id: int
    answer_name: str
    answer: bytes
    files: dict[str, str]
    """Identity on disk by file name, as `Mailbox` gives it."""
    settled_at: float
    tidied: bool


class Settlements(Protocol):
    """The to-do list of an importer."""

    def unfinished(self) -> list[Settlement]:
        """Oldest first, so that a later answer to a reference replaces an earlier one."""

    def mark_tidied(self, settlement: Settlement) -> None:
        """The set's files are out of the way."""

    def mark_answered(self, settlement: Settlement) -> None:
        """Nothing is left to do."""

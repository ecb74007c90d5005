"""Placing and lifting a legal hold, each by two people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from service.domain.legal_holds import Because, Event, same_person
from service.errors import NotPossible
from service.ports.retention import HoldAsked, HoldStep, LegalHold, LegalHolds

NO_HOLD = "There is no such hold of this authority. `wise-bridge legal-hold list` shows them."


@dataclass(frozen=True)
class LegalHoldDesk:
    """For one authority at a time."""

    holds: LegalHolds

    def place(self, authority: str, asked: HoldAsked) -> UUID:
        """In force at once; a second person approves it. Raises `NotThere` for a receipt that is not there."""
        return self.holds.ask(authority, asked)

    def approve(self, authority: str, hold: UUID, by: str) -> Event:
        """A second person says yes to what was asked for last: to place it, or to lift it. Says which it was.

        Raises `NotPossible` when there is nothing to approve, or the same person asked.
        """
        found = self._found(authority, hold)
        lifting = found.by(Event.LIFT_ASKED)
        if not found.in_force:
            raise NotPossible("This hold was lifted before.")
        if lifting is None and found.by(Event.APPROVED):
            raise NotPossible("This hold was approved before, and nobody has asked for it to be lifted.")
        asked = lifting or found.by(Event.ASKED) or ""
        if same_person(asked, by):
            raise NotPossible("Who asked for it cannot approve it. Another person does.")
        event = Event.LIFTED if lifting else Event.APPROVED
        self.holds.add(authority, hold, HoldStep(event, by))
        return event

    def lift(self, authority: str, hold: UUID, *, because: Because, ticket: str | None, by: str) -> None:
        """Asked for; the hold stays in force until a second person approves. Raises `NotPossible`."""
        found = self._found(authority, hold)
        if not found.in_force:
            raise NotPossible("This hold was lifted before.")
        if found.by(Event.LIFT_ASKED):
            raise NotPossible("Somebody has asked for this already. Another person approves it.")
        self.holds.add(authority, hold, HoldStep(Event.LIFT_ASKED, by, because, ticket))

    def every(self, authority: str) -> Sequence[LegalHold]:
        """Oldest first, also those that were lifted."""
        return self.holds.every(authority)

    def _found(self, authority: str, hold: UUID) -> LegalHold:
        for each in self.holds.every(authority):
            if each.id == hold:
                return each
        raise NotPossible(NO_HOLD)

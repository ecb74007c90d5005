"""What the connector asks of a Mosaic, whichever way it is asked: `rest` and `soap` are the two ways.

Everything else here is written once, against this.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from service.adapters.mosaic.shapes import Note, Step, StoredDocument
from service.adapters.shared.identity import Known

Body = Mapping[str, object]
"""A request in the words of the protocol page `mosaic-steps`; null where there is nothing."""


class Wire(Protocol):
    """One conversation with a Mosaic.

    Every method raises `DeliveryProblem`: for a refusal, for an answer that is not the protocol's, and for none.
    """

    def person(self, number: int) -> Known:
        """A person by number; one that is hidden from our role looks like one that does not exist."""

    def steps(self, reference: str) -> tuple[Step, ...]:
        """Every step under our reference."""

    def step(self, number: int) -> Step:
        """The step of a record by the number we were once given; hidden from our role looks like gone."""

    def notes(self, reference: str) -> tuple[Note, ...]:
        """Every note under our reference."""

    def open_step(self, body: Body) -> Step:
        """A new step."""

    def put_answers(self, step: Step, body: Body) -> Step:
        """All answers of a step, replacing what was there."""

    def add_document(self, step: Step, name: str, content: bytes, fields: Mapping[str, str]) -> StoredDocument:
        """One more document on a step."""

    def complete(self, step: Step, body: Body) -> Step:
        """The step completed and its next actions raised."""

    def add_note(self, step: Step, body: Body) -> Note:
        """One more note on a step; there is no way to take it back."""


class Binding(Protocol):
    """A way into one authority's Mosaic. Holds no connection."""

    def talk(self) -> AbstractContextManager[Wire]:
        """A conversation before one deadline."""

    def sendable(self, text: str) -> str:
        """The text, unchanged. Raises `NeedsHuman` with CONTENT_REFUSED for a character that cannot travel."""

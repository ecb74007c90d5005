"""What the bridge knows about the world around a record, for the rules that ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.domain.training.standing import Trained


@dataclass(frozen=True)
class Earlier:
    """The record that a correction or withdrawal names."""

    record_type: str
    same_young_person: bool
    withdrawn: bool
    newest: bool


@dataclass(frozen=True, repr=False)
class Known:
    """Everything but the record itself. None means: not known here, so the rule that needs it says nothing.

    `training` is the register's entries for the assessor. `review_due_on` is when the open clock of this young person
    says the next review is due. `same_meeting` is whether a RISE record of the same process, young person and day is
    here already. `sketches` are of the narratives of the record before this one, by pointer. `named` is the record a
    correction names; `looked_up` and no `named`: there is none.
    """

    training: tuple[Trained, ...] | None = None
    review_due_on: date | None = None
    same_meeting: bool = False
    sketches: Mapping[str, bytes] = field(default_factory=dict)
    named: Earlier | None = None
    looked_up: bool = False


NOTHING_KNOWN = Known()

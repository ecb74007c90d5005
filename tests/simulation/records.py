"""What is sent: small made-up records, corrections and withdrawals of them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from service.domain.faults import Fault, Findings
from service.domain.policy import Policy
from service.ports import Record
from service.usecases.incoming import Incoming

CODES = tuple(f"E080000{number:02}" for number in range(1, 11))


@dataclass
class Writer:
    """Writes the records of one authority, of a few young people, so that order matters."""

    authority: str
    rng: random.Random
    people: int = 2
    policy: Policy = field(init=False)
    written: int = 0
    standing: list[Record] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.policy = Policy(self.authority, f"Council {self.authority}")

    def next(self) -> Incoming:
        """Mostly a new record; now and then a correction or a withdrawal of one that was sent."""
        drawn = self.rng.random()
        if self.standing and drawn < 0.15:
            return self._incoming(self._changed("correction"))
        if self.standing and drawn < 0.25:
            return self._incoming(self._changed("withdrawal", withdrawal={"reason": "entered_in_error"}))
        record = self._new()
        held = (_HELD,) if self.rng.random() < 0.06 else ()
        return self._incoming(record, Findings(holds=held))

    def _new(self) -> Record:
        day = self.rng.randrange(1, 29)
        months = self.rng.choice([3, 8, 9, 10])
        record = self._record("initial", f"C{self.rng.randrange(self.people)}", f"2026-{months:02}-{day:02}")
        self.standing.append(record)
        return record

    def _changed(self, kind: str, **more: Any) -> Record:
        """A version that was corrected is not named again; one that loses the race is refused, as it would be."""
        named = self.standing.pop(self.rng.randrange(len(self.standing)))
        record = self._record(kind, named["young_person"]["la_child_id"], named["completed_on"], **more)
        record["supersedes_submission_id"] = named["submission_id"]
        if kind == "correction":
            self.standing.append(record)
        return record

    def _record(self, kind: str, child: str, day: str, **more: Any) -> Record:
        self.written += 1
        return {
            "schema_version": "1.0",
            "record_type": "wise_assessment",
            "authority": self.authority,
            "submission_id": f"{self.authority}-{self.written}",
            "submission_kind": kind,
            "template_version": "1",
            "completed_on": day,
            "first_or_review": "review",
            "exploitation": {"category": self.rng.choice(["at_risk", "experiencing"])},
            "young_person": {"la_child_id": child, "age_at_completion": 15},
            **more,
        }

    def _incoming(self, record: Record, findings: Findings | None = None) -> Incoming:
        return Incoming(record, findings or Findings(), record["record_type"], self.policy, "simulation")


_HELD = Fault("/assessor", "T1", "Held until a person has looked.")

"""One record in the making: its dice, its texts, its day and its people, which every part of it shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from service.domain import codes
from service.domain.editions import order_of
from service.samples.dice import Dice
from service.samples.narratives import Teller
from service.samples.professionals import Team
from service.samples.setting import Child, Setting


@dataclass
class Draft:
    """What is settled before anything is written. `statement` is the exploitation category or the NWG opinion."""

    setting: Setting
    seed: int
    record_type: str
    submission_id: str
    child: Child
    completed_on: date
    dice: Dice
    is_review: bool
    edition: str = field(init=False)
    statement: str = field(init=False)
    teller: Teller = field(init=False)
    team: Team = field(init=False)
    is_exception: bool = field(init=False)
    assessor: dict[str, Any] = field(init=False)
    young_person: dict[str, Any] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Throws for what the parts share."""
        self.edition = self.dice.choice(codes.SCHEMA_VERSIONS)
        opinions = codes.NWG_OPINIONS if self.record_type == "nwg_assessment" else codes.EXPLOITATION
        self.statement = self.dice.choice(opinions)
        self.teller = Teller(self.dice)
        self.team = Team(self.setting.prefix, self.dice)
        self.is_exception = self.has("1.1") and self.dice.happens(0.06)
        self.assessor = self.team.social_worker(trained=not self.is_exception)

    def has(self, edition: str) -> bool:
        """Whether this record is of this edition or a later one, and so may have its fields."""
        return order_of(self.edition) >= order_of(edition)

    @property
    def is_settled(self) -> bool:
        """Whether the statement is one after which involvement may end."""
        return self.statement in ("no_known_risk_or_manageable", "no_concern_or_age_appropriate")

    @property
    def latest(self) -> date:
        """The last day that what follows the assessment may have: never in the future."""
        return max(self.completed_on, self.setting.today - timedelta(days=1))

    @property
    def _started(self) -> date | None:
        started = self.young_person.get("involvement_started_on")
        return date.fromisoformat(started) if started else None

    def own(self, trait: str) -> Dice:
        """Dice for one trait of the young person, which fall the same way in every record about them."""
        return Dice(f"{self.seed}/{self.child.la_child_id}/{trait}")

    def before(self, most: int) -> str:
        """A day up to `most` days before completion, or completion itself; never before involvement started."""
        first = self.completed_on - timedelta(days=most)
        return self.dice.day(max(first, self._started or first), self.completed_on).isoformat()

    def after(self, most: int) -> str:
        """A day up to `most` days after completion, but not in the future."""
        return self.dice.day(self.completed_on, min(self.completed_on + timedelta(days=most), self.latest)).isoformat()

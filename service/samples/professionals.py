"""Professionals by reference, role and agency. Nobody has a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from service.samples.dice import Dice, known

ASSESSORS, SECOND_WORKERS, MANAGERS, NOT_YET_TRAINED = range(21, 41), range(41, 46), range(46, 51), range(51, 56)
TRAINED = range(21, 51)
"""Numbers of an authority's social workers. The trained have a training record `tr-<prefix>-<number>`."""

KINDS: dict[str, tuple[str, str]] = {
    "po": ("police", "police"),
    "cn": ("health", "health_icb_community"),
    "hp": ("health", "health_acute"),
    "mh": ("health", "health_camhs"),
    "sx": ("health", "sexual_health"),
    "ed": ("education", "education"),
    "vs": ("third_sector", "third_sector"),
    "yj": ("youth_justice", "youth_justice"),
    "ho": ("housing", "housing"),
    "pr": ("other", "probation"),
    "cp": ("other", "commissioned_placement"),
    "nb": ("social_worker", "other_local_authority"),
    "eh": ("early_help", "other"),
    "ad": ("advocate", "third_sector"),
    "in": ("interpreter", "other"),
    "pc": ("parent_carer_representative", "other"),
    "mt": ("minute_taker", "childrens_social_care"),
}
"""What stands in the middle of a reference, with the role and the agency it means here."""


def social_worker_ref(prefix: str, number: int) -> str:
    """The authority's own reference of a social worker."""
    return f"{prefix}-sw-{number}"


def training_ref(prefix: str, number: int) -> str:
    """The register's reference of that worker's training."""
    return f"tr-{prefix}-{number}"


@dataclass(frozen=True)
class Team:
    """The people of one authority, whose references begin with `prefix`."""

    prefix: str
    dice: Dice

    def social_worker(self, *, trained: bool = True) -> dict[str, Any]:
        """The experienced, allocated social worker who completes an assessment."""
        contribution = self.dice.perhaps(0.7, lambda: "assessor")
        return self._social_worker(ASSESSORS if trained else NOT_YET_TRAINED, contribution, is_allocated=True)

    def manager(self) -> dict[str, Any]:
        """Who authorised an assessment."""
        return self._social_worker(MANAGERS, "authoriser", is_allocated=False)

    def _social_worker(self, numbers: range, contribution: str | None, *, is_allocated: bool) -> dict[str, Any]:
        number = self.dice.choice(numbers)
        return known(
            professional_ref=social_worker_ref(self.prefix, number),
            role="social_worker",
            agency="childrens_social_care",
            swe_number=self.dice.perhaps(0.4, lambda: f"SW9990{number:02}"),
            is_allocated_worker=True if is_allocated else self.dice.perhaps(0.3, lambda: False),
            experienced_confirmed=True if is_allocated else self.dice.perhaps(0.6, lambda: True),
            contribution=contribution,
            training_record_ref=training_ref(self.prefix, number) if number in TRAINED else None,
        )

    def colleague(self, kind: str, contribution: str | None = None) -> dict[str, Any]:
        """Somebody of another agency, of a kind listed above."""
        role, agency = KINDS[kind]
        return known(
            professional_ref=f"{self.prefix}-{kind}-{self.dice.randint(1, 30)}",
            role=role,
            agency=agency,
            contribution=contribution,
        )

    def supporting(self) -> list[dict[str, Any]]:
        """One to three from elsewhere who helped, and now and then a trained colleague."""
        kinds = self.dice.sample(sorted(KINDS), self.dice.randint(1, 3))
        others = [self.colleague(kind, "supporting") for kind in kinds]
        second = self.dice.perhaps(0.3, lambda: self._social_worker(SECOND_WORKERS, "supporting", is_allocated=False))
        return [second, *others] if second else others

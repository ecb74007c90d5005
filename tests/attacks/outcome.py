"""What one attack tells, and what an attack is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from tests.attacks.target import Target


class Size(StrEnum):
    """The suite's form, or the one that takes its time."""

    SHORT = "short"
    FULL = "full"


@dataclass(frozen=True)
class Effort:
    """How much is asked: the size, and for attacks by numbers how many requests."""

    size: Size = Size.SHORT
    requests: int = 300


@dataclass
class Line:
    """One thing that was tried. `seconds` are told and never judged; `wrong` is empty when the service held."""

    tried: str
    answered: str
    seconds: float
    wrong: str = ""


@dataclass
class Report:
    """All that one attack tried. `remarks` are worth knowing and no finding."""

    attack: str
    lines: list[Line] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def findings(self) -> list[str]:
        """What the service did not hold, in words."""
        return [f"{each.tried}: {each.answered}: {each.wrong}" for each in self.lines if each.wrong]


@dataclass(frozen=True)
class Attack:
    """`available` says why it cannot be run here, or nothing."""

    name: str
    about: str
    run: Callable[[Target, Effort], Report]
    available: Callable[[], str] = str

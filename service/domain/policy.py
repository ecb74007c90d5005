"""What an authority may decide for itself about the rules. The code has no authority's name in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Policy:
    """One authority's settings as the rules need them. `instruments` maps record types it takes to its own label."""

    authority: str
    name: str
    instruments: Mapping[str, str] = field(default_factory=dict)
    plan_items_max: int = 4
    review_months: int = 3
    review_window_days: int = 14

"""What an authority may decide for itself about the rules. The code has no authority's name in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from service.domain.codes import OUT_OF_USUAL_AGE


class Result(StrEnum):
    """What follows when a rule is broken. A held record is accepted and kept, and waits for a person."""

    REJECT = "reject"
    HOLD = "hold"
    WARN = "warn"


@dataclass(frozen=True)
class Policy:
    """One authority's settings as the rules need them; each says what holds when its profile is silent.

    `instruments` maps the record types it takes to its own label, `templates` to the editions of its form in use (none
    listed: any). `deputies` are roles that may assess beside social workers. `panels` are its panels (none: any).
    `child_id` is the form of its own child references, as a regular expression. `nhs_number_required` follows the
    consistent identifier duty (Children Act 2004, s.16LC) once it binds the authority. Records of one that is not
    `in_use` yet can be judged, and none is taken.
    """

    authority: str
    name: str
    instruments: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    plan_items_max: int = 4
    review_months: int = 3
    review_window_days: int = 14
    training: Result = Result.REJECT
    training_same_day: bool = False
    nhs_number_required: bool = False
    nhs_number_faulty: Result = Result.REJECT
    age_reasons: tuple[str, ...] = OUT_OF_USUAL_AGE
    deputies: tuple[str, ...] = ()
    panels: tuple[str, ...] = ()
    child_id: str = r"[A-Za-z0-9]{1,20}"
    language_advice: bool = True
    in_use: bool = True

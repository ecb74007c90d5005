"""Who gets a copy, what may be done with a field in it, and one row of the table that decides it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.domain import codes


class Audience(StrEnum):
    """Whom a copy is meant for."""

    CASE_FILE = "case_file"
    YOUNG_PERSON = "young_person"
    FAMILY = "family"
    PROFESSIONALS = "professionals"
    SUPERVISION = "supervision"


class Treatment(StrEnum):
    """What becomes of a field in one copy. A closed list; each value is what people read in docs/audiences.md."""

    SHOW = "yes"
    OMIT = "–"
    RESTRICTED_PART = "restricted part"
    UNLESS_DECLINED = "unless declined"
    IF_AGREED = "if agreed"
    BY_SHARING = "by their choice"
    MAY_KNOW = "if they may know"
    BY_AREA = "by its area"
    PLAN_ITEM = "if open"
    PLAN_ROLE = "if open, as a role"


MEANINGS: dict[Treatment, str] = {
    Treatment.SHOW: "In the copy whenever the record has it.",
    Treatment.OMIT: "Never in this copy.",
    Treatment.RESTRICTED_PART: "In the last part of the case file, on pages of its own, for social work only.",
    Treatment.UNLESS_DECLINED: (
        "In the copy unless the young person said no to sharing that section with this reader. No decision, and “not "
        "asked”, leave it in: safeguarding does not wait for consent."
    ),
    Treatment.IF_AGREED: (
        "In the copy only if the young person said yes to sharing that section with this reader. No decision, and “not "
        "asked”, leave it out."
    ),
    Treatment.BY_SHARING: (
        "In the copy if the young person's choice for these very words names this reader. “Ask me each time” needs a "
        "yes for their own words and this reader."
    ),
    Treatment.MAY_KNOW: "In the copy only if the young person says that professionals may know this part of identity.",
    Treatment.BY_AREA: "In the copy unless the young person said no to sharing the area that it is about.",
    Treatment.PLAN_ITEM: (
        "In the copy unless the young person said no to sharing the plan, and only for actions that may be told to "
        "this reader (see the decisions)."
    ),
    Treatment.PLAN_ROLE: "As the line above, and only as a role or an agency; a worker's reference is left out.",
}

SECTIONS = (
    *codes.SHARING_SECTIONS, "contributions", "panel_referral", "participation", "review", "meeting", "people",
    "details", "about", "risk_subjects",
)  # fmt: skip
"""The parts of a record that can be held back or decided about. The first eight: `participation.sharing`."""

WITHIN = {"own_words": "young_person"}
"""What closes with a wider section. A wider section never opens what is within it: own words need their own yes."""


@dataclass(frozen=True)
class Row:
    """A field, or everything below a group, with its section, one treatment for each audience, and why."""

    path: str
    section: str
    treatments: dict[Audience, Treatment]
    reason: str

    def claims(self, path: str) -> bool:
        """Whether the leaf at `path` (list positions as `*`) is this row's."""
        return path == self.path or path.startswith(f"{self.path}/")

"""What the young person decided about sharing, as it bears on one copy (domain model, 3.9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from service.domain.audiences.treatments import WITHIN, Audience

SHARED_WITH: dict[Audience, str] = {
    Audience.YOUNG_PERSON: "young_person",
    Audience.FAMILY: "parent_carer",
    Audience.PROFESSIONALS: "professionals",
}
"""How `participation.sharing` calls an audience. The case file and supervision are not asked about."""


@dataclass(frozen=True)
class Choices:
    """The sections that were agreed, declined, or opened for safety with a reason, for one audience.

    `unexplained` are opened for safety without a reason. `only_overridden` closes all that was not opened for safety.
    """

    agreed: frozenset[str] = frozenset()
    declined: frozenset[str] = frozenset()
    overridden: frozenset[str] = frozenset()
    unexplained: frozenset[str] = frozenset()
    only_overridden: bool = False

    def closes(self, section: str) -> bool:
        """Whether the young person's no stands. A reason of safety overrides it, for that very section."""
        if section in self.overridden:
            return False
        return self.only_overridden or section in self.declined or WITHIN.get(section) in self.declined

    def opens(self, section: str) -> bool:
        """Whether there is a yes, or a reason of safety, for that very section."""
        return section in self.overridden or (section in self.agreed and not self.closes(section))

    def for_safety_only(self) -> Choices:
        """The same, with everything closed that was not opened for safety."""
        return replace(self, only_overridden=True)


def choices(record: dict[str, Any], audience: Audience) -> Choices:
    """The decisions of `participation.sharing` for this audience.

    Where two contradict each other the closed one counts: no before yes, and "not asked" takes a yes back.
    """
    found = list(_decisions(record, SHARED_WITH.get(audience, "")))
    by = {
        decision: frozenset(section for section, made, _ in found if made == decision)
        for decision in ("agreed", "declined", "not_asked", "overridden_for_safety")
    }
    explained = frozenset(section for section, made, why in found if made == "overridden_for_safety" and why)
    return Choices(
        agreed=by["agreed"] - by["not_asked"],
        declined=by["declined"],
        overridden=explained,
        unexplained=by["overridden_for_safety"] - explained,
    )


def _decisions(record: dict[str, Any], audience: str) -> Iterator[tuple[str, str, bool]]:
    """(section, decision, whether it has a reason)."""
    for entry in (record.get("participation") or {}).get("sharing") or []:
        if entry["audience"] == audience:
            yield entry["section"], entry["decision"], bool((entry.get("reason") or "").strip())

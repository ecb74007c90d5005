"""Go on after a backup was restored: stop, doubt what is open, look it up, have lost records sent again, go on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from service.errors import NotPossible
from service.ports.restore import Gap, Restores, Standing

USUAL, RECONCILE, LOOK = "usual", "reconcile_first", "look_first"


@dataclass(frozen=True)
class Way:
    """Where it stands: what is still doubted by authority and state, the reviews still to be raised, and the gaps."""

    standing: Standing
    doubted: dict[str, dict[str, int]]
    reviews_to_raise: int
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class RestoreDesk:
    """One step after the other; each says in words why it does not fit. `by_hand` are authorities without an answer."""

    restores: Restores
    profiled: frozenset[str]
    by_hand: frozenset[str]

    def way(self) -> Way:
        """All of it."""
        standing, known = self.restores.standing(), self._authorities()
        gaps = () if standing.mode == USUAL else tuple(gap for each in known for gap in self.restores.gaps(each))
        doubted = {each: found for each in known if (found := self.restores.doubted(each))}
        return Way(standing, doubted, sum(map(self.restores.reviews_to_raise, self.profiled)), gaps)

    def begin(self, *, by: str, reason: str, alive_until: datetime | None) -> None:
        """By hand, where the bridge did not notice by itself; also when it was restored once more. Nothing is sent."""
        standing = self.restores.standing()
        if standing.mode == RECONCILE and not standing.strange:
            raise NotPossible("It has begun: nothing is sent. `wise-bridge restore look` comes next.")
        self.restores.begin(by, reason, alive_until)

    def look(self, *, by: str) -> dict[str, int]:
        """Whatever is open may be in the case system by now: it is looked up before anything is sent."""
        standing = self.restores.standing()
        if standing.strange:
            raise NotPossible("This is another database than before, and nobody has said so yet. Begin first.")
        if standing.mode != RECONCILE:
            raise NotPossible("There is nothing to look through: begin first." if standing.mode == USUAL else _LOOKING)
        return self.restores.look(self._authorities(), self.by_hand, by)

    def finish(self, *, by: str, nothing_was_lost: bool, nothing_was_shredded: bool = False) -> Way:
        """As usual again, and what to ask the senders for. What was shredded is shredded again before."""
        way = self.way()
        if way.standing.mode == USUAL:
            raise NotPossible("No restore is under way.")
        if way.standing.mode == RECONCILE and not nothing_was_lost:
            raise NotPossible("What is open was not looked through: `wise-bridge restore look` first.")
        if not (way.standing.reapplied or nothing_was_shredded or nothing_was_lost):
            raise NotPossible(_SHREDDED)
        self.restores.finish(by, restored=not nothing_was_lost)
        return way

    def absent(self, authority: str, sender_refs: Collection[str]) -> list[str]:
        """Of a manifest from before, what is gone now."""
        return self.restores.absent(authority, sender_refs)

    def _authorities(self) -> list[str]:
        """Also one whose profile is gone may have something open."""
        return sorted(self.profiled | (self.restores.authorities() - {"hub"}))


_SHREDDED = (
    "The backup may have brought bodies back that were shredded since. `wise-bridge purge reapply FILE` shreds "
    "them again; where no body was ever shredded, say so with --nothing-was-shredded."
)
_LOOKING = "It is being looked through already."

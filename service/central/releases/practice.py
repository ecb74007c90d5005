"""Which kinds of record an authority uses: no secret, and nothing about a young person."""

from __future__ import annotations

from collections.abc import Iterable, Set

from service.central.catalogue.naming import Name
from service.central.published import TOTAL
from service.central.releases.scopes import PINNED
from service.domain.fact import Fact

KIND = "record_type"


def kinds_used(facts: Iterable[Fact], authority: str) -> frozenset[str]:
    """By an authority, or by all of them."""
    return frozenset(fact.record_type for fact in facts if authority in (TOTAL, fact.authority))


def is_practice(name: Name, kinds: Set[str]) -> bool:
    """Whether a count is told from all others by a kind of record alone, where no other kind is used."""
    rest = {field: values for field, values in name[1] if field not in PINNED}
    return rest.keys() == {KIND} and kinds <= rest[KIND]

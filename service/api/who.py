"""Who does something: a machine names the person in the body; whoever is signed in is that person and nobody else."""

from __future__ import annotations

from typing import Any

from service.api.guard import caller
from service.domain.faults import Fault
from service.errors import Invalid

RULE = "PE-1"
_DETAIL = "Whoever is signed in acts as themselves. This names somebody else."
_FIX = "Leave it out, or give your own reference: /me says it."


def in_own_name(sent: dict[str, Any], name: str) -> dict[str, Any]:
    """The body with the session's own reference under `name`. Raises `Invalid` where it names somebody else."""
    person = caller().person
    if not person or not name:
        return sent
    if sent.get(name, person) != person:
        raise Invalid("Nothing was done.", faults=[Fault(f"/{name}", RULE, _DETAIL, _FIX)])
    return sent | {name: person}

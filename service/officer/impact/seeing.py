"""Who can see what: the machines that may sign in, what each may ask for, and the roles the processes sign in as."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from service.api.scopes import HUB_SCOPES, SCOPES, possible_scopes, usual_scopes

ROLES: Mapping[str, str] = {
    "wise_owner": "Migrates and makes clients. Rows of one authority at a time; it owns the tables.",
    "wise_intake": "The casework web: takes records in, one authority at a time. Reads no fact.",
    "wise_delivery": "The worker: opens and delivers records, one authority at a time; reads the credentials.",
    "wise_central": "The Hub's web: published releases, notes of pulls, approvers' decisions. No fact, no record.",
    "wise_training": "The Hub's trainers: the training register, which is about staff. No record.",
    "wise_release": "Makes releases, by a person's command: facts of codes. No record, no key.",
    "wise_keeper": "Seals the audit trail; wraps sealed bodies anew, and says which keys may seal. It opens none.",
    "wise_purge": "Shreds bodies that are no longer needed, and later what is left of them. It can read none.",
    "wise_courier": "Sends published releases to one address. No fact, no record.",
}
"""Each database role in words; what each may touch is listed completely in tests/store/test_roles.py."""


@dataclass(frozen=True)
class Scope:
    """What a client may be allowed. `given`: usually, or only when asked for; the Hub's are the Hub's."""

    name: str
    meaning: str
    given: str


@dataclass(frozen=True)
class Machine:
    """A client of the authority, as the database has it; it names no person."""

    client_id: str
    name: str
    scopes: tuple[str, ...]
    standing: str


def scopes(authority: str) -> tuple[Scope, ...]:
    """Every scope that there is, and whether a client of this authority may have it."""
    return tuple(Scope(name, meaning, _given(name, authority)) for name, meaning in SCOPES.items())


def machine(client_id: str, name: str, allowed: Iterable[str], *, revoked: bool) -> Machine:
    """A client for the pack."""
    return Machine(client_id, name, tuple(sorted(allowed)), "revoked" if revoked else "may sign in")


def _given(name: str, authority: str) -> str:
    if name in usual_scopes(authority):
        return "usually"
    if name in possible_scopes(authority):
        return "only when asked for"
    return "to the Hub only" if name in HUB_SCOPES else "never"

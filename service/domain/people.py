"""People who sign in: their roles, how they are named here, and what is said to whoever is not let in.

A person is known by a reference alone: `p_` and 32 letters and digits, which the bridge works out with a key of its own
from what their organisation calls them. No name and no e-mail address comes any further than the door.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

HUB = "hub"
"""The authority of the Hub's own people."""
THROUGH = "person:"
"""Stands before a person's reference where otherwise the id of a client would."""
OF_AN_ISSUER = "p_"
"""How every reference begins that was worked out; whoever is let in by a link has none like it."""


class Role(StrEnum):
    """What a person may be here."""

    OFFICER = "officer"
    APPROVER = "approver"
    ANALYST = "analyst"
    HUB_APPROVER = "hub_approver"
    OPERATOR = "operator"


IN_WORDS: Mapping[Role, str] = {
    Role.OFFICER: "authority officer",
    Role.APPROVER: "authority approver",
    Role.ANALYST: "Hub analyst",
    Role.HUB_APPROVER: "Hub approver",
    Role.OPERATOR: "operator of the bridge",
}
_OF_AN_AUTHORITY = (Role.OFFICER, Role.APPROVER, Role.OPERATOR)
_OF_THE_HUB = (Role.ANALYST, Role.HUB_APPROVER, Role.OPERATOR)


def roles_of(authority: str) -> tuple[Role, ...]:
    """Those that people of an authority, or of the Hub, may have."""
    return _OF_THE_HUB if authority == HUB else _OF_AN_AUTHORITY


def through(reference: str) -> str:
    """How a person stands where otherwise a client does."""
    return f"{THROUGH}{reference}"


def actor_of(client_id: str) -> str:
    """Who it was, for the trail: `person:…` or `client:…`."""
    return client_id if client_id.startswith(THROUGH) else f"client:{client_id}"


@dataclass(frozen=True)
class Session:
    """Somebody who is signed in now. `until`: unless they go on asking, which helps for eight hours at the most."""

    authority: str
    reference: str
    roles: frozenset[Role]
    began_at: datetime
    until: datetime


@dataclass(frozen=True)
class Vouched:
    """What an issuer says of somebody: whom it calls so, what they may be here, and its own name of the session."""

    subject: str
    roles: frozenset[Role]
    issuer_session: str = ""


class NotVouched(Exception):
    """Somebody is not let in. `reason` is for the operator; `subject`: whom the issuer has named, if it surely has."""

    def __init__(self, reason: str, subject: str = "") -> None:
        self.reason, self.subject = reason, subject
        super().__init__(reason)

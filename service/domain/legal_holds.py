"""Legal holds: while one is in force, no body it is about is shredded. Two people place it, and two people lift it.

It is in force from the moment it is asked for, until a second person has said that it is lifted: what was destroyed
while somebody thought about it would be gone for good. Reasons are a closed list, for a hold is kept for years.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Scope(StrEnum):
    """What a hold is about."""

    SUBMISSION = "submission"
    YOUNG_PERSON = "young_person"
    AUTHORITY = "authority"


class Event(StrEnum):
    """What happened to it, in order. Each happens once."""

    ASKED = "asked"
    APPROVED = "approved"
    LIFT_ASKED = "lift_asked"
    LIFTED = "lifted"


class Because(StrEnum):
    """Why. What needs saying besides stands where the ticket leads to."""

    COURT = "court"
    POLICE = "police"
    INQUIRY = "inquiry"
    SAFEGUARDING_REVIEW = "safeguarding_review"
    COMPLAINT = "complaint"
    ACCESS_REQUEST = "access_request"
    CLAIM = "claim"
    ENDED = "ended"
    MISTAKEN = "mistaken"


PLACING = tuple(each for each in Because if each not in (Because.ENDED, Because.MISTAKEN))
LIFTING = (Because.ENDED, Because.MISTAKEN)

MEANING: Mapping[Because, str] = {
    Because.COURT: "a court has ordered it, or proceedings are under way",
    Because.POLICE: "the police have asked for it",
    Because.INQUIRY: "a public inquiry has asked for it",
    Because.SAFEGUARDING_REVIEW: "a safeguarding practice review is under way",
    Because.COMPLAINT: "a complaint is being looked into",
    Because.ACCESS_REQUEST: "somebody has asked for what is kept about them",
    Because.CLAIM: "a claim is made, or to be expected",
    Because.ENDED: "what it was for has ended",
    Because.MISTAKEN: "it was about something else",
}


def same_person(one: str, other: str) -> bool:
    """By their staff references, however they are typed."""
    return one.strip().casefold() == other.strip().casefold()

"""What each sealed value is bound to beside its authority, so that it can stand for no other."""

from __future__ import annotations

from uuid import UUID


def sent_of(submission_id: UUID) -> str:
    """Of the digest of what was sent."""
    return f"{submission_id} as sent"


def sketches_of(child_key: bytes) -> str:
    """Of a record's sketches: without the key nobody can try a guess, and for no other person."""
    return f"sketches|{child_key.hex()}"


def consent_of(feedback_id: UUID) -> str:
    """Of the answers about the use of feedback in an evaluation."""
    return f"consent {feedback_id}"


def webhook_of(webhook_id: UUID) -> str:
    """Of an address and its secrets."""
    return f"webhook {webhook_id}"


def person_of(review_id: UUID) -> str:
    """Of whom a review is about."""
    return f"person of review {review_id}"

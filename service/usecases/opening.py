"""A kept record made readable: its body, and what lies apart put back where it stood."""

from __future__ import annotations

import json
from uuid import UUID

from service.domain.subjects import person_of
from service.ports import Record, Vault
from service.usecases.incoming import THIRD_PARTIES


def opened(vault: Vault, authority: str, submission_id: UUID, sealed: bytes, apart: bytes | None = None) -> Record:
    """The record; with `apart`, what it says of third parties too. Raises `NeedsHuman` for what cannot be opened."""
    subject = str(submission_id)
    record: Record = json.loads(vault.open(authority, subject, sealed))
    if apart is not None:
        record[THIRD_PARTIES] = json.loads(vault.open_apart(authority, subject, apart))
    return record


def person_in(vault: Vault, authority: str, review_id: UUID, sealed: bytes) -> str:
    """The authority's own reference of whom a review is about. Raises `NeedsHuman` for what cannot be opened."""
    return str(json.loads(vault.open(authority, person_of(review_id), sealed))["la_child_id"])

"""Keeping something once under its sender's id: the same content again is a replay, other content a conflict."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from service.errors import Conflict
from service.ports.participation import KeptOnce, NewSealed

New = TypeVar("New", bound=NewSealed)


@dataclass(frozen=True)
class Taken:
    """What the sender is told. `replayed` means it was here already and nothing changed."""

    id: UUID
    received_at: datetime
    replayed: bool


def keep(rows: KeptOnce[New], new: New) -> Taken:
    """Kept, or found to be here. Raises `Conflict` when the id names other content."""
    added = rows.add(new)
    kept = rows.by_sender_ref(new.sender_ref)
    if kept is None or kept.content_digest != new.content_digest:
        raise Conflict("That id was used for different content. Nothing was changed; send this under a new id.")
    return Taken(kept.id, kept.received_at, replayed=not added)


def as_bytes(value: Any) -> bytes:
    """What is sealed and digested: content apart from spelling."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

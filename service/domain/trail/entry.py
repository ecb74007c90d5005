"""One entry of the trail, how it is written down to be digested, and the digest.

docs/audit.md says the same for whoever writes a verifier of their own. Standard library only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

FIRST = bytes(32)
"""What stands for the digest before the first entry."""


@dataclass(frozen=True)
class Entry:
    """As it is kept. `at` is text, in UTC with six digits of a second and a Z, so that nothing is rounded."""

    id: int
    authority: str
    at: str
    actor: str
    action: str
    subject_type: str
    subject_id: str
    detail: Mapping[str, Any]

    def document(self) -> dict[str, Any]:
        """Its eight fields."""
        return {
            "action": self.action,
            "actor": self.actor,
            "at": self.at,
            "authority": self.authority,
            "detail": self.detail,
            "id": self.id,
            "subject_id": self.subject_id,
            "subject_type": self.subject_type,
        }


def entry_of(document: Mapping[str, Any]) -> Entry:
    """The opposite of `document`. Raises `ValueError` for anything but the eight fields."""
    try:
        found = Entry(**document)
    except TypeError:
        raise ValueError("not an entry") from None
    texts = (found.authority, found.at, found.actor, found.action, found.subject_type, found.subject_id)
    if not all(isinstance(each, str) for each in texts) or type(found.id) is not int:
        raise ValueError("not an entry")
    return found


def canonical(value: Any) -> bytes:
    """As RFC 8785 writes it: keys in order, no spaces, UTF-8, little escaped. Only whole numbers occur."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(previous: bytes, entry: Entry) -> bytes:
    """SHA-256 over the digest before it, 32 bytes, and the entry as `canonical` writes it."""
    return sha256(previous + canonical(entry.document())).digest()

"""A checkpoint: how far an authority's trail had come, with its digest. Signed, and kept where we cannot reach it.

Its form is that of a receipt: a JSON Web Signature in one line (RFC 7515, compact), signed with Ed25519. On its way
outside it is a line of JSON, which says the same once more in plain sight.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TYPE = "wise-checkpoint+jws"
ALGORITHM = "Ed25519"
KEYS_FILE = "audit-signing.pem"
"""The file in the key folder that signs checkpoints: the private key, then the public keys of its predecessors."""
PUBLIC_FILE = "audit-public.pem"
"""The public keys alone, newest first, to be given to whoever checks."""


@dataclass(frozen=True)
class Checkpoint:
    """`entries` is how many were added since the checkpoint before it; `at` as in an entry."""

    authority: str
    position: int
    digest: str
    entries: int
    at: str

    def claims(self) -> dict[str, Any]:
        """As it is signed."""
        return {
            "authority": self.authority,
            "position": self.position,
            "digest": self.digest,
            "entries": self.entries,
            "at": self.at,
        }


def checkpoint_of(claims: Mapping[str, Any]) -> Checkpoint:
    """The opposite of `claims`. Raises `ValueError`."""
    try:
        found = Checkpoint(**claims)
        whole = type(found.position) is int and type(found.entries) is int and len(bytes.fromhex(found.digest)) == 32
    except TypeError:
        raise ValueError("not a checkpoint") from None
    if not whole or not isinstance(found.authority, str) or not isinstance(found.at, str):
        raise ValueError("not a checkpoint")
    return found


def line_of(statement: str) -> bytes:
    """As it is sent, with its line's end: `says` for people, `checkpoint` for whoever checks."""
    payload = statement.split(".")[1]
    says = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return json.dumps({"says": says, "checkpoint": statement}, separators=(",", ":")).encode() + b"\n"

"""An address and its secrets, sealed under the authority's key: an address may have a key of its own in its path."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from uuid import UUID

from service.domain.subjects import webhook_of
from service.ports import Vault


@dataclass(frozen=True, repr=False)
class Known:
    """Where to, and what to sign with. `former` is the secret before this one."""

    url: str
    secret: str
    former: str | None = None


def seal(vault: Vault, authority: str, webhook_id: UUID, known: Known) -> bytes:
    """Bound to the authority and this one address."""
    return vault.seal(authority, webhook_of(webhook_id), json.dumps(asdict(known)).encode())


def unseal(vault: Vault, authority: str, webhook_id: UUID, sealed: bytes) -> Known:
    """Raises `NeedsHuman` where the key does not fit."""
    return Known(**json.loads(vault.open(authority, webhook_of(webhook_id), sealed)))

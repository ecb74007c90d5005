"""What a receipt says, and its form: a JSON Web Signature in one line (RFC 7515, compact), signed with Ed25519.

Whoever signs and whoever checks is elsewhere; this is what is signed. It holds the sender's own id and ours, and no
word of the record.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

TYPE = "wise-receipt+jws"
ALGORITHM = "Ed25519"
ISSUER = "wise-bridge"
KEYS_FILE = "receipt-signing.pem"
"""The file in the key folder that signs receipts: the private key, then the public keys of its predecessors."""
_BLOCK = re.compile(r"-----BEGIN ([A-Z ]+)-----.+?-----END \1-----\n?", re.DOTALL)


@dataclass(frozen=True)
class Statement:
    """Received: this, from that authority, then.

    `body_sha256` is the SHA-256 of the bytes in which the record first came, which a sender can work out again: of the
    request's body; in a batch of lines, of the line. None for a record from before receipts were signed.
    """

    receipt_id: str
    authority: str
    submission_id: str
    version: int
    body_sha256: bytes | None
    received_at: datetime

    def claims(self) -> dict[str, Any]:
        """As it is written down."""
        return {
            "iss": ISSUER,
            "receipt_id": self.receipt_id,
            "authority": self.authority,
            "submission_id": self.submission_id,
            "version": self.version,
            "body_sha256": self.body_sha256.hex() if self.body_sha256 else None,
            "received_at": self.received_at.isoformat(),
        }


def head(kid: str) -> bytes:
    """The first part, the same for everything one key signs."""
    return _part({"alg": ALGORITHM, "kid": kid, "typ": TYPE})


def to_be_signed(head: bytes, statement: Statement) -> bytes:
    """The first two parts."""
    return head + b"." + _part(statement.claims())


def in_one_line(signed: bytes, signature: bytes) -> str:
    """All three parts: letters, digits, `-`, `_` and two dots."""
    return (signed + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


def header_of(receipt: str) -> Mapping[str, Any]:
    """What the first part says, before anything is checked. Raises `ValueError` for what is no receipt of ours."""
    try:
        raw = base64.urlsafe_b64decode(_padded(receipt.split(".", 1)[0]))
        header = json.loads(raw)
    except (ValueError, binascii.Error) as error:
        raise ValueError("it is not a receipt") from error
    if not isinstance(header, dict) or header.get("typ") != TYPE or header.get("alg") != ALGORITHM:
        raise ValueError("it is not a receipt of this service")
    return header


def pem_blocks(text: str) -> list[str]:
    """The keys of a PEM file, one after the other."""
    return [match[0] for match in _BLOCK.finditer(text)]


def _part(value: Mapping[str, Any]) -> bytes:
    raw = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def _padded(part: str) -> bytes:
    return part.encode() + b"=" * (-len(part) % 4)

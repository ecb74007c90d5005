"""Digests of what we sent, to be compared with what a case system says it stored."""

from __future__ import annotations

import hashlib
import json


def sha256(content: bytes) -> str:
    """In hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def canonical_sha256(value: object) -> str:
    """Of the one JSON text that means this value: keys sorted, no spaces, UTF-8."""
    return sha256(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8"))

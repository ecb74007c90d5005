"""References that say nothing about anybody, and are the same for the same thing.

After a restore from a backup, senders send again what it lost. Under the same reference the case system can be asked
whether it is there already; under another it would be filed twice.
"""

from __future__ import annotations

import base64
import hashlib
import hmac


def reference_of(child_key: bytes, kind: str, name: str) -> str:
    """A reference for case systems, short enough to read out.

    `name` is the sender's own id of the record, of the record whose review is due, or the reference that a retraction
    takes back. The young person's key is itself keyed by the authority's: without it, nothing can be tried out.
    """
    digest = hmac.digest(child_key, f"reference\0{kind}\0{name}".encode(), hashlib.sha256)
    return "WB-" + base64.b32encode(digest[:15]).decode()

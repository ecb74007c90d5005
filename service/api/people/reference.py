"""How a person is known here: worked out with a key of the deployment from what their issuer calls them.

Nobody without the key can tell whose reference it is, nor try names until one fits. The same person has the same
reference for as long as the key stays; another key makes everybody somebody else.
"""

from __future__ import annotations

import hmac
from base64 import b32encode

from service.domain.people import OF_AN_ISSUER


def reference_of(issuer: str, subject: str, key: bytes) -> str:
    """`p_` and 32 small letters and digits, which are 160 bits. `issuer` is an address and has no line's end."""
    said = f"person\n{issuer}\n{subject}".encode("utf-8", "surrogatepass")
    return OF_AN_ISSUER + b32encode(hmac.digest(key, said, "sha256")[:20]).decode().lower()

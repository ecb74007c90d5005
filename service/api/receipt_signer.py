"""What signs receipts, and the keys that check them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from service.domain.receipts import ALGORITHM, Statement, head, in_one_line, pem_blocks, to_be_signed
from service.domain.subjects import sent_of
from service.errors import ConfigFault, ConfigurationFault, NeedsHuman
from service.usecases.receive import Received

_FIX = "Run `wise-bridge keys create` for this folder: it makes what is missing and overwrites nothing."


class ReceiptSigner:
    """Signs what was received. The same record gives the same receipt, byte for byte, for as long as the key is used.

    `key` is ours, `public` its key and those of its predecessors as a JSON Web Key Set, `unseal` opens a digest.
    """

    def __init__(
        self, key: Ed25519PrivateKey, public: Mapping[str, Any], unseal: Callable[[str, str, bytes], bytes]
    ) -> None:
        self._key, self.public, self._unseal = key, public, unseal
        self._head = head(public["keys"][0]["kid"])

    @classmethod
    def from_file(cls, file: Path, unseal: Callable[[str, str, bytes], bytes]) -> ReceiptSigner:
        """A PEM file: the private key in use, then the public keys of those used before, newest first."""
        try:
            blocks = pem_blocks(file.read_text())
            key = load_pem_private_key(blocks[0].encode(), None)
            public = {"keys": [_public(block) for block in blocks]}
        except OSError:
            raise _fault(file, "can't be read.", _FIX) from None
        except (ValueError, IndexError, TypeError, UnsupportedAlgorithm, JoseError):
            raise _fault(file, "isn't a file of receipt keys.", _FIX) from None
        if not isinstance(key, Ed25519PrivateKey):
            raise _fault(file, "doesn't begin with a private Ed25519 key.", _FIX)
        return cls(key, public, unseal)

    def sign(self, authority: str, received: Received) -> str:
        """The receipt in one line; what it takes is mostly the signature, about 60 µs."""
        statement = Statement(
            receipt_id=str(received.receipt_id),
            authority=authority,
            submission_id=received.sender_ref,
            version=received.version,
            body_sha256=self._digest(authority, received),
            received_at=received.received_at,
        )
        signed = to_be_signed(self._head, statement)
        return in_one_line(signed, self._key.sign(signed))

    def _digest(self, authority: str, received: Received) -> bytes | None:
        """A record that is kept is acknowledged, also when its digest can't be opened any more."""
        if received.sealed_digest is None:
            return None
        try:
            return self._unseal(authority, sent_of(received.receipt_id), received.sealed_digest)
        except NeedsHuman:
            return None


def _public(block: str) -> dict[str, Any]:
    key = OKPKey.import_key(block)
    return {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM}


def _fault(file: Path, detail: str, fix: str) -> ConfigurationFault:
    return ConfigurationFault([ConfigFault(str(file), None, "receipt keys", detail, fix)])

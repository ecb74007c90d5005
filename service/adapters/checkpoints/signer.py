"""The key that signs checkpoints. The keeper has it and nobody else."""

from __future__ import annotations

from pathlib import Path

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from service.domain.receipts import pem_blocks
from service.domain.trail.checkpoint import ALGORITHM, TYPE, Checkpoint
from service.domain.trail.entry import canonical
from service.errors import ConfigFault, ConfigurationFault

_FIX = "Run `wise-bridge keys create` for the key folder: it makes what is missing and overwrites nothing."


class Signer:
    """`service.ports.trail.Signs`, with an Ed25519 key."""

    def __init__(self, key: OKPKey) -> None:
        self._key = key
        self._header = {"alg": ALGORITHM, "kid": key.thumbprint(), "typ": TYPE}

    def sign(self, checkpoint: Checkpoint) -> str:
        """A JSON Web Signature in one line."""
        return jws.serialize_compact(self._header, canonical(checkpoint.claims()), self._key, algorithms=[ALGORITHM])


def read_signer(file: Path) -> Signer:
    """From a PEM file that begins with the private key in use. Raises `ConfigurationFault`."""
    try:
        key = OKPKey.import_key(pem_blocks(file.read_text("ascii"))[0])
    except (OSError, ValueError, IndexError, TypeError, JoseError):
        key = None
    if key is None or not key.is_private or key.curve_name != "Ed25519":
        detail = "doesn't begin with a private Ed25519 key, or can't be read."
        raise ConfigurationFault([ConfigFault(str(file), None, "WISE_AUDIT_SIGNING_KEY_FILE", detail, _FIX)])
    return Signer(key)

"""Envelope encryption: a key per record, wrapped by its authority's key, bound to authority and record.

A body that reaches the wrong authority's adapter cannot be opened there: misrouting gives unreadable bytes, not a
disclosure.
"""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.store.keys import KeyRing

_FORMAT = b"\x01"
_APART = "third parties|"
_NONCE = 12
_WRAPPED = 32 + 16


class KeyedVault:
    """`service.ports.Vault` over the authorities' key files."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    def seal(self, authority: str, subject: str, plain: bytes) -> bytes:
        """Format | wrap nonce | wrapped record key | body nonce | body, all AES-256-GCM."""
        return _seal(self._keys.of(authority).wrapping, _bound(authority, subject), plain)

    def open(self, authority: str, subject: str, sealed: bytes) -> bytes:
        """The plain bytes, for this authority and subject only."""
        return _open(self._keys.of(authority).wrapping, _bound(authority, subject), sealed)

    def seal_apart(self, authority: str, subject: str, plain: bytes) -> bytes:
        """The same form, wrapped by the key for third parties."""
        return _seal(self._keys.apart(authority).wrapping, _bound(authority, f"{_APART}{subject}"), plain)

    def open_apart(self, authority: str, subject: str, sealed: bytes) -> bytes:
        """What was sealed apart, for this authority and subject only."""
        return _open(self._keys.apart(authority).wrapping, _bound(authority, f"{_APART}{subject}"), sealed)

    def child_key(self, authority: str, child_id: str) -> bytes:
        """Under the authority's own index key: equal only within one authority."""
        return hmac.digest(self._keys.of(authority).index, b"child\x00" + child_id.encode(), hashlib.sha256)

    def content_digest(self, authority: str, content: bytes) -> bytes:
        """A keyed digest of canonical content."""
        return hmac.digest(self._keys.of(authority).index, b"content\x00" + content, hashlib.sha256)


def _seal(wrapping: bytes, bound: bytes, plain: bytes) -> bytes:
    record_key, wrap_nonce, nonce = AESGCM.generate_key(256), os.urandom(_NONCE), os.urandom(_NONCE)
    wrapped = AESGCM(wrapping).encrypt(wrap_nonce, record_key, bound)
    return _FORMAT + wrap_nonce + wrapped + nonce + AESGCM(record_key).encrypt(nonce, plain, bound)


def _open(wrapping: bytes, bound: bytes, sealed: bytes) -> bytes:
    rest = sealed[1:]
    try:
        if sealed[:1] != _FORMAT:
            raise InvalidTag
        wrap_nonce, wrapped = rest[:_NONCE], rest[_NONCE : _NONCE + _WRAPPED]
        record_key = AESGCM(wrapping).decrypt(wrap_nonce, wrapped, bound)
        body = rest[_NONCE + _WRAPPED :]
        return AESGCM(record_key).decrypt(body[:_NONCE], body[_NONCE:], bound)
    except (InvalidTag, ValueError) as error:
        raise NeedsHuman(Reason.BODY_UNREADABLE) from error


def _bound(authority: str, subject: str) -> bytes:
    return f"wise-bridge/1|{authority}|{subject}".encode()

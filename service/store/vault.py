"""Envelope encryption: a key per record, wrapped by its authority's key, bound to authority and record.

A body that reaches the wrong authority's adapter cannot be opened there: misrouting gives unreadable bytes, not a
disclosure.

    0x01 | wrap nonce 12 | wrapped record key 48 | body nonce 12 | body and tag
    0x02 | key version 2 | wrap nonce 12 | wrapped record key 48 | body nonce 12 | body and tag

All AES-256-GCM. The first version of an authority's key seals in the first form, so that nothing changes for an older
process before a key is replaced. What follows the head is the same in both, and is never touched when a key is.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.store.keyfile import APART, RECORDS, AuthorityKeys
from service.store.keys import KeyRing

_FIRST, _NUMBERED = b"\x01", b"\x02"
_APART = "third parties|"
_NONCE = 12
_WRAPPED = 32 + 16
HEAD_MAX = 1 + 2 + _NONCE + _WRAPPED
"""No head is longer."""


@dataclass(frozen=True, repr=False)
class Head:
    """What comes before the body: which key, and the record's own key wrapped by it. `length` in bytes."""

    version: int
    nonce: bytes
    wrapped: bytes
    length: int


class KeyedVault:
    """`service.ports.Vault` over the authorities' key files."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    def seal(self, authority: str, subject: str, plain: bytes) -> bytes:
        """Under a key of its own, wrapped by the authority's newest."""
        return _seal(self._keys.of(authority), authority, subject, plain)

    def open(self, authority: str, subject: str, sealed: bytes) -> bytes:
        """The plain bytes, for this authority and subject only."""
        return self._open(authority, RECORDS, subject, sealed)

    def seal_apart(self, authority: str, subject: str, plain: bytes) -> bytes:
        """The same form, wrapped by the key for third parties."""
        return _seal(self._keys.apart(authority), authority, _APART + subject, plain)

    def open_apart(self, authority: str, subject: str, sealed: bytes) -> bytes:
        """What was sealed apart, for this authority and subject only."""
        return self._open(authority, APART, _APART + subject, sealed)

    def child_key(self, authority: str, child_id: str) -> bytes:
        """Under the authority's own index key: equal only within one authority."""
        return hmac.digest(self._keys.of(authority).index, b"child\x00" + child_id.encode(), hashlib.sha256)

    def content_digest(self, authority: str, content: bytes) -> bytes:
        """A keyed digest of canonical content."""
        return hmac.digest(self._keys.of(authority).index, b"content\x00" + content, hashlib.sha256)

    def wrapped_anew(self, authority: str, kind: str, subject: str, head: bytes) -> tuple[bytes, int]:
        """A new head by the newest key, and how many bytes of the old one it stands for. The body is not needed.

        Raises `NeedsHuman(BODY_UNREADABLE)` for a head that this authority and subject do not open.
        """
        bound_to = subject if kind == RECORDS else _APART + subject
        old = read_head(head)
        keys = self._keys.knowing(authority, kind, old.version)
        return _head(keys, authority, bound_to, _record_key(keys, authority, bound_to, old)), old.length

    def _open(self, authority: str, kind: str, subject: str, sealed: bytes) -> bytes:
        head = read_head(sealed)
        keys = self._keys.knowing(authority, kind, head.version)
        record_key, body = _record_key(keys, authority, subject, head), sealed[head.length :]
        try:
            return AESGCM(record_key).decrypt(body[:_NONCE], body[_NONCE:], _bound(authority, subject))
        except (InvalidTag, ValueError) as error:
            raise NeedsHuman(Reason.BODY_UNREADABLE) from error


def read_head(sealed: bytes) -> Head:
    """Raises `NeedsHuman(BODY_UNREADABLE)` for what is too short or of another form."""
    numbered = sealed[:1] == _NUMBERED
    start = 3 if numbered else 1
    if sealed[:1] not in (_FIRST, _NUMBERED) or len(sealed) < start + _NONCE + _WRAPPED:
        raise NeedsHuman(Reason.BODY_UNREADABLE)
    version, end = int.from_bytes(sealed[1:3]) if numbered else 1, start + _NONCE + _WRAPPED
    if numbered and version < 2:  # the first version has a form of its own, and no value two
        raise NeedsHuman(Reason.BODY_UNREADABLE)
    return Head(version, sealed[start : start + _NONCE], sealed[start + _NONCE : end], end)


def _seal(keys: AuthorityKeys, authority: str, subject: str, plain: bytes) -> bytes:
    record_key, nonce = AESGCM.generate_key(256), os.urandom(_NONCE)
    body = AESGCM(record_key).encrypt(nonce, plain, _bound(authority, subject))
    return _head(keys, authority, subject, record_key) + nonce + body


def _head(keys: AuthorityKeys, authority: str, subject: str, record_key: bytes) -> bytes:
    version, nonce = keys.newest, os.urandom(_NONCE)
    wrapped = AESGCM(keys.wrapping).encrypt(nonce, record_key, _bound_by(version, authority, subject))
    return (_FIRST if version == 1 else _NUMBERED + version.to_bytes(2)) + nonce + wrapped


def _record_key(keys: AuthorityKeys, authority: str, subject: str, head: Head) -> bytes:
    try:
        bound = _bound_by(head.version, authority, subject)
        return AESGCM(keys.wrappings[head.version]).decrypt(head.nonce, head.wrapped, bound)
    except (InvalidTag, KeyError) as error:
        raise NeedsHuman(Reason.BODY_UNREADABLE) from error


def _bound(authority: str, subject: str) -> bytes:
    return f"wise-bridge/1|{authority}|{subject}".encode()


def _bound_by(version: int, authority: str, subject: str) -> bytes:
    """The first version is bound as it was before there were others."""
    return _bound(authority, subject) if version == 1 else f"wise-bridge/2|{version}|{authority}|{subject}".encode()

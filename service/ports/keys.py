"""The master key: who holds it wraps and unwraps the authorities' keys, and never hands it out."""

from __future__ import annotations

from typing import Protocol


class KeyProvider(Protocol):
    """A holder of one master key. Both methods raise `Unavailable` when it is away or refuses."""

    @property
    def name(self) -> str:
        """Which master key this is. It stands in every file that was wrapped with it, and tells nothing of the key."""

    def wrap(self, key: bytes, bound: bytes) -> bytes:
        """The key (32 bytes) encrypted; it opens only together with `bound`, which is not secret."""

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        """The key again. For any other `bound`, or bytes that were changed, `Unavailable` as well."""

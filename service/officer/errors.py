"""What an officer's tool says when it cannot do what it was asked."""

from __future__ import annotations

from service.errors import WiseBridgeError


class CannotRun(WiseBridgeError):
    """Nothing was done. The message says why and what to do; it holds no value of a record."""

"""Access tokens: handed out for the client's secret, good for a while that the client is not told."""

import hmac
import secrets
import threading
import time


class Tokens:
    """Several may be good at a time. `seconds` counts for tokens handed out from then on."""

    def __init__(self, client_id: str, client_secret: str, seconds: float) -> None:
        self._client = f"{client_id}\n{client_secret}".encode()
        self.seconds = seconds
        self._lock = threading.Lock()
        self._good_until: dict[str, float] = {}

    def new(self, client_id: str, client_secret: str) -> str | None:
        """A token, or None for a stranger; compared in constant time."""
        if not hmac.compare_digest(f"{client_id}\n{client_secret}".encode("utf-8", "replace"), self._client):
            return None
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._good_until[token] = time.monotonic() + self.seconds
        return token

    def is_good(self, header: str | None) -> bool:
        scheme, _, token = (header or "").partition(" ")
        with self._lock:
            return scheme == "Bearer" and self._good_until.get(token, 0.0) > time.monotonic()

    def end_all(self) -> None:
        with self._lock:
            self._good_until.clear()

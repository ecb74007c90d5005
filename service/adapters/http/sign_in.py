"""Ways to sign in that several systems share. None of them shows its secret in a repr."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Protocol

from service.adapters.egress import Deadline
from service.adapters.http.messages import Reply, Request

Send = Callable[[Request], Reply]
"""Sends a request whose path is a whole address, without any sign-in. Raises `DeliveryProblem`."""


class SignIn(Protocol):
    """What a conversation asks of a sign-in."""

    @property
    def urls(self) -> tuple[str, ...]:
        """The addresses it calls itself."""

    def headers(self, send: Send, deadline: Deadline) -> Mapping[str, str]:
        """The headers of one request. Raises `DeliveryProblem` where they cannot be had."""

    def renew(self, refused: Mapping[str, str]) -> bool:
        """After these headers met a 401: whether others can be had now."""


class ApiKey:
    """A key in a header of its own, or a bearer's: `ApiKey("Authorization", f"Bearer {key}")`."""

    urls: tuple[str, ...] = ()

    def __init__(self, header: str, key: str) -> None:
        self.given = {header: key}

    def headers(self, _send: Send, _deadline: Deadline) -> Mapping[str, str]:
        """Always the same."""
        return self.given

    def renew(self, _refused: Mapping[str, str]) -> bool:
        """There is no other."""
        return False


class Basic(ApiKey):
    """User name and password, in UTF-8."""

    def __init__(self, user: str, password: str) -> None:
        super().__init__("Authorization", f"Basic {b64encode(f'{user}:{password}'.encode()).decode('ascii')}")


class _NoSignIn(ApiKey):
    def __init__(self) -> None:
        self.given = {}


NO_SIGN_IN = _NoSignIn()
"""For a system that knows us by our certificate, or by a header the client was given."""

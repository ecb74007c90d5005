"""What signing in needs, as the wiring gives it."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import BoundedSemaphore
from typing import Protocol

from flask import current_app

from service.domain.people import Role, Session, Vouched
from service.errors import Unavailable

AT_ONCE = 3
"""Requests that may be asking an issuer at once in one process. The other threads are for records."""


class Provider(Protocol):
    """An issuer. Raises `NotVouched`."""

    name: str
    label: str
    authority: str
    url: str

    def address(self, *, back: str, state: str, nonce: str, verifier: str) -> str:
        """Where somebody signs in."""

    def vouched(self, code: str, *, named: str | None, back: str, nonce: str, verifier: str) -> Vouched:
        """Who came back with this code."""

    def signed_out(self, logout_token: str) -> tuple[str, str, str, float]:
        """Subject, session, id and end of a logout token."""


class Sessions(Protocol):
    """Where sessions are kept. Raises `Unavailable`."""

    def begin(
        self,
        new: str,
        old: str,
        *,
        authority: str,
        reference: str,
        roles: Collection[Role],
        way: str,
        issuer_session: str = "",
    ) -> bool:
        """False for somebody who is barred."""

    def find(self, session: str) -> tuple[Session | None, bool]:
        """Who it is while it stands; and whether there ever was one."""

    def end(self, session: str) -> None:
        """They signed out."""

    def end_of_issuer(self, *, authority: str, reference: str, issuer_session: str) -> None:
        """Their issuer says so."""

    def use(self, what: str, until: float) -> bool:
        """Whether it is the first time."""

    def use_link(self, link: str) -> tuple[str, str, Role] | None:
        """Authority, reference and role of a link that is good, once."""


@dataclass(frozen=True)
class People:
    """`public_url`: this side's address as people know it. `links`: whether links are taken, as in a sandbox."""

    providers: Mapping[str, Provider]
    sessions: Sessions
    key: bytes = b""
    public_url: str = ""
    links: bool = False
    authorities: Collection[str] = ()
    clock: Callable[[], float] = time.time
    asking: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(AT_ONCE))

    @contextmanager
    def one_of_few(self) -> Iterator[None]:
        """An issuer that hangs holds so many threads of a process, and no more. Raises `Unavailable`."""
        if not self.asking.acquire(blocking=False):
            raise Unavailable("Too many people sign in at once. Begin again in a moment.")
        try:
            yield
        finally:
            self.asking.release()

    @property
    def back(self) -> str:
        """Where an issuer sends people back to."""
        return f"{self.public_url}/sign-in/back"


def desk() -> People:
    """This application's."""
    found: People = current_app.extensions["wise_bridge_people"]
    return found

"""Codes, access tokens and sessions: what the issuer remembers of a sign-in."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from .people import Person

CODE_SECONDS, ACCESS_SECONDS = 60, 3600


@dataclass(frozen=True)
class Session:
    """Somebody signed in with the issuer itself; `sid` goes into ID tokens and logout tokens."""

    sid: str
    person: Person
    auth_time: int


@dataclass(frozen=True)
class Grant:
    """What a code stands for. `client_id` is whose code it is, and the only one who may use it."""

    client_id: str
    redirect_uri: str
    challenge: str
    nonce: str | None
    scopes: frozenset[str]
    session: Session


@dataclass
class _Code:
    grant: Grant
    ends: float
    used: bool = False
    tokens: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Access:
    """An access token's meaning."""

    grant: Grant
    ends: float


class Grants:
    """Threads may share it. `now` is the issuer's clock."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now, self._lock = now, threading.Lock()
        self._codes: dict[str, _Code] = {}
        self._access: dict[str, Access] = {}
        self._sessions: dict[str, Session] = {}
        self._cookies: dict[str, str] = {}
        self._of_session: dict[str, set[str]] = {}

    def new_session(self, person: Person) -> tuple[str, Session]:
        """The cookie that stands for it, and the session."""
        session = Session(secrets.token_urlsafe(12), person, int(self._now()) - person.auth_age)
        cookie = secrets.token_urlsafe(24)
        with self._lock:
            self._sessions[session.sid], self._cookies[cookie] = session, session.sid
        return cookie, session

    def session(self, cookie: str | None) -> Session | None:
        with self._lock:
            return self._sessions.get(self._cookies.get(cookie or "", ""))

    def sessions_of(self, login: str) -> list[Session]:
        with self._lock:
            return [session for session in self._sessions.values() if session.person.login == login]

    def end_session(self, sid: str) -> set[str]:
        """The ids of the clients that were given a token within it."""
        with self._lock:
            self._sessions.pop(sid, None)
            return self._of_session.pop(sid, set())

    def new_code(self, grant: Grant) -> str:
        code = secrets.token_urlsafe(24)
        with self._lock:
            self._codes[code] = _Code(grant, self._now() + CODE_SECONDS)
        return code

    def use(self, code: str) -> Grant | None:
        """Once, within a minute. Used again, what it led to is worth nothing any more (RFC 6749, 4.1.2)."""
        with self._lock:
            found = self._codes.get(code)
            if found is None or found.used:
                for token in found.tokens if found else ():
                    self._access.pop(token, None)
                return None
            found.used = True
            return found.grant if self._now() < found.ends else None

    def new_access(self, code: str, grant: Grant) -> str:
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._codes[code].tokens.append(token)
            self._access[token] = Access(grant, self._now() + ACCESS_SECONDS)
            self._of_session.setdefault(grant.session.sid, set()).add(grant.client_id)
        return token

    def access(self, token: str) -> Grant | None:
        with self._lock:
            found = self._access.get(token)
        return found.grant if found and self._now() < found.ends else None

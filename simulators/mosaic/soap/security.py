"""Sign-in by WS-Security UsernameToken. Why a token was refused is nobody's business but the authority's."""

import base64
import binascii
import hashlib
import hmac
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from lxml import etree

from .names import BASE64, PASSWORD_DIGEST, PASSWORD_TEXT, WSSE, WSU

WINDOW = timedelta(seconds=300)
_NONCE_BYTES = range(16, 65)


class UsernameTokens:
    """One user and what is remembered of tokens used before; shared by all request threads."""

    def __init__(
        self,
        user: str,
        password: str,
        *,
        allow_text: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if not user or not password:
            raise ValueError("the user name and the password must not be empty")
        self._user, self._password = user, password
        self._allow_text, self._now = allow_text, now
        self._lock = threading.Lock()
        self._used: dict[bytes, datetime] = {}

    def accept(self, header: etree._Element | None) -> bool:
        """Whether a `wsse:Security` header signs the caller in; a token is used up by being accepted."""
        tokens = [] if header is None else header.findall(f"{{{WSSE}}}UsernameToken")
        if len(tokens) != 1 or not _same(_only(tokens[0], WSSE, "Username"), self._user):
            return False
        password = tokens[0].find(f"{{{WSSE}}}Password")
        kind = PASSWORD_TEXT if password is None else password.get("Type", PASSWORD_TEXT)
        if kind == PASSWORD_TEXT:
            return self._allow_text and _same(_only(tokens[0], WSSE, "Password"), self._password)
        return kind == PASSWORD_DIGEST and self._digest_accepted(tokens[0])

    def _digest_accepted(self, token: etree._Element) -> bool:
        """The digest first: a stranger must not be able to use up a nonce."""
        nonce, created = _nonce(token), _only(token, WSU, "Created")
        moment = _moment(created)
        if nonce is None or moment is None or abs(self._now() - moment) > WINDOW:
            return False
        made = hashlib.sha1(nonce + created.encode() + self._password.encode(), usedforsecurity=False).digest()
        expected = base64.b64encode(made).decode()
        return _same(_only(token, WSSE, "Password"), expected) and self._first_use(nonce)

    def _first_use(self, nonce: bytes) -> bool:
        """Twice the window, because a token may be dated ahead by one."""
        with self._lock:
            now = self._now()
            self._used = {old: until for old, until in self._used.items() if until > now}
            if nonce in self._used:
                return False
            self._used[nonce] = now + 2 * WINDOW
            return True


def _only(token: etree._Element, namespace: str, name: str) -> str:
    """The text of a part that must be there once; two of them could mean two things to two readers."""
    found = token.findall(f"{{{namespace}}}{name}")
    return (found[0].text or "") if len(found) == 1 and len(found[0]) == 0 else ""


def _nonce(token: etree._Element) -> bytes | None:
    part = token.find(f"{{{WSSE}}}Nonce")
    if part is None or part.get("EncodingType", BASE64) != BASE64:
        return None
    try:
        nonce = base64.b64decode(_only(token, WSSE, "Nonce").strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    return nonce if len(nonce) in _NONCE_BYTES else None


def _moment(created: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment


def _same(given: str, expected: str) -> bool:
    """Compared in constant time, so that answering speed tells nothing."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode("utf-8"))

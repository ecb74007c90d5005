"""Client assertions (RFC 7523): a machine signs in with a short-lived JSON Web Token by its own key, used once.

Whoever cannot sign as a client learns nothing of it: one answer, after the same work, whether the client is unknown,
revoked, or has another key. What is wrong with the claims is told only to who signed them.
"""

from __future__ import annotations

import json
import secrets
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from service.api.client_keys import KID, KINDS, import_key
from service.api.oauth_names import CLIENT_ID

SECONDS_MOST = 300
"""The longest an assertion may be good for: so long it has to be remembered, and so long a stolen one could wait."""
LEEWAY = 30
"""Seconds that the two machines' clocks may differ by."""
LENGTH_MOST = 8_192
JTI_MOST = 200
NOT_KNOWN = (
    "The assertion's signature or client is not known here. "
    "Check the client id, the kid, and that this key is registered for it and not revoked."
)


class KnownClient(Protocol):
    """A client that is in the table, with the key that was asked for, where that one stands."""

    @property
    def client_id(self) -> str:
        """Its id."""

    @property
    def authority(self) -> str:
        """The one authority it acts for, or the Hub."""

    @property
    def scopes(self) -> list[str]:
        """What it may do."""

    @property
    def revoked(self) -> bool:
        """Whether it may sign in no more."""

    @property
    def jwk(self) -> Mapping[str, Any] | None:
        """The public key."""


class SignInStore(Protocol):
    """Where clients' keys and used assertions are kept. Raises `Unavailable`."""

    def find(self, client_id: str, kid: str) -> KnownClient | None:
        """The client and the one key."""

    def use(self, client_id: str, jti: str, until: float) -> bool:
        """Whether this is its first use."""


class Refusal(Exception):
    """The assertion is not taken. `said` is for the sender; `reason` and `client` are for the operator alone."""

    def __init__(self, reason: str, said: str, client: KnownClient | None = None) -> None:
        self.reason, self.said, self.client = reason, said, client
        super().__init__(reason)


@dataclass(frozen=True)
class SignedIn:
    """A client, and the id of the key it signed with."""

    client: KnownClient
    kid: str


class _Algorithms(JWSRegistry):
    """The allow-list itself: no other algorithm can be reached through it, and none by a second name but EdDSA."""

    algorithms = {name: JWSRegistry.algorithms[name.replace("EdDSA", "Ed25519")] for name in KINDS}  # noqa: RUF012


class AssertionReader:
    """`audiences`: what an assertion may say it is for. `clock`: seconds since 1970."""

    def __init__(self, store: SignInStore, audiences: Collection[str], clock: Callable[[], float] = time.time) -> None:
        self._store, self._audiences, self._clock = store, frozenset(audiences), clock
        self._registry, self._dummies = _Algorithms(algorithms=list(KINDS)), _dummy_keys()

    def signed_in(self, assertion: str) -> SignedIn:
        """Who signed this assertion, which is then used up. Raises `Refusal`."""
        alg, kid, claimed = _read(assertion)
        client = self._store.find(claimed, kid)
        claims = self._verified(assertion, alg, client)
        if claims is None or client is None or client.revoked:
            raise Refusal(_why(client), NOT_KNOWN, client)
        wrong = dict(_wrong(claims, client.client_id, self._audiences, self._clock()))
        if wrong:
            raise Refusal(next(iter(wrong)), " ".join(wrong.values()), client)
        if not self._store.use(client.client_id, claims["jti"], claims["exp"] + LEEWAY):
            said = "The assertion was used before: jti is for one use. Sign a new one for each token."
            raise Refusal("assertion_replayed", said, client)
        return SignedIn(client, kid)

    def _verified(self, assertion: str, alg: str, client: KnownClient | None) -> dict[str, Any] | None:
        """The claims, if the client's key signed them. Where there is no such key, another is tried in vain."""
        jwk: Mapping[str, Any] = self._dummies[KINDS[alg]]
        if client is not None and client.jwk is not None and client.jwk["kty"] == KINDS[alg]:
            jwk = client.jwk
        try:
            return jwt.decode(assertion, import_key(jwk), registry=self._registry).claims
        except (JoseError, ValueError, RecursionError):
            return None


def _dummy_keys() -> Mapping[str, Mapping[str, Any]]:
    """One of each kind that nobody has the private half of. The RSA one is a random number, made in no time."""
    rsa = RSAPublicNumbers(65537, secrets.randbits(2048) | 1 << 2047 | 1).public_key()
    keys = (ECKey.generate_key("P-256"), OKPKey.generate_key("Ed25519"), RSAKey(rsa, rsa))
    return {key.key_type: key.as_dict(private=False) for key in keys}


def _why(client: KnownClient | None) -> str:
    if client is None:
        return "client_unknown"
    if client.revoked:
        return "client_revoked"
    return "signature_wrong" if client.jwk else "key_unknown"


def _read(assertion: str) -> tuple[str, str, str]:
    """Algorithm, key id and claimed client, unverified. What is refused here is so whoever it is from."""
    parts = assertion.split(".")
    header, claims = _part(parts[0]), _part(parts[1]) if len(parts) == 3 else None
    if header is None or claims is None or len(assertion) > LENGTH_MOST:
        raise Refusal("assertion_malformed", "The client_assertion is not a signed JSON Web Token.")
    alg, kid, claimed = header.get("alg"), header.get("kid"), claims.get("sub")
    if not isinstance(alg, str) or alg not in KINDS:
        raise Refusal("algorithm_refused", "The algorithm is not allowed. Sign with ES256, Ed25519 (EdDSA) or PS256.")
    if not isinstance(kid, str) or not KID.fullmatch(kid):
        raise Refusal("assertion_malformed", "The header needs the kid of the registered key.")
    if not isinstance(claimed, str):
        raise Refusal("assertion_malformed", "The claim sub has to be the client id.")
    return alg, kid, claimed if CLIENT_ID.fullmatch(claimed) else ""


def _part(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _wrong(
    claims: Mapping[str, Any], client_id: str, audiences: Collection[str], now: float
) -> Iterator[tuple[str, str]]:
    """Every fault of the claims, each with its reason for the operator and a sentence for the sender."""
    if claims.get("iss") != client_id or claims.get("sub") != client_id:
        yield "issuer_wrong", "The claims iss and sub both have to be the client id."
    aud = claims.get("aud")
    one = aud[0] if isinstance(aud, list) and len(aud) == 1 else aud
    if not isinstance(one, str) or one not in audiences:
        yield "audience_wrong", "The claim aud has to be this service alone: its name, or its token endpoint's address."
    yield from _wrong_times(claims, now)
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 1 <= len(jti) <= JTI_MOST:
        yield (
            "jti_missing",
            f"The claim jti has to be a text of 1 to {JTI_MOST} characters, another for each assertion.",
        )


def _wrong_times(claims: Mapping[str, Any], now: float) -> Iterator[tuple[str, str]]:
    times = {name: claims[name] for name in ("exp", "iat", "nbf") if name in claims}
    if "exp" not in times or not all(_is_time(each) for each in times.values()):
        yield "times_wrong", "The claim exp is needed; exp, iat and nbf are numbers of seconds since 1970."
        return
    exp, begins = times["exp"], [times[name] for name in ("iat", "nbf") if name in times]
    if exp + LEEWAY <= now:
        yield "assertion_expired", "The assertion has expired (exp). Sign a new one, and check this machine's clock."
    if exp > now + SECONDS_MOST + LEEWAY or any(exp - each > SECONDS_MOST for each in begins):
        yield "too_long_lived", f"The assertion is good for too long: exp may be {SECONDS_MOST} seconds ahead."
    if any(each > now + LEEWAY for each in begins):
        yield "not_yet_valid", "The assertion is not good yet (iat or nbf). Check this machine's clock."
    if any(each >= exp for each in begins):
        yield "times_wrong", "The claims iat and nbf have to be before exp."


def _is_time(value: Any) -> bool:
    """Within what dates can be made of; so neither NaN nor a truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e11

"""Whether an ID token is meant for us, now, for this sign-in, and by whom: OpenID Connect Core 1.0, section 3.1.3.7.

Authlib's own check is laxer in what matters here: it takes more than one audience and any age, and knows no tenant.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any, TypeGuard

from service.adapters.issuers.model import Issuer
from service.domain.people import NotVouched, Role, Vouched

LEEWAY = 60
"""Seconds that the issuer's clock and ours may differ by."""
OLDEST = 600
"""Seconds ago that a token may have been made: it was asked for just now."""
SUBJECT_MOST = 255
SESSION_MOST = 200


def vouched(claims: Mapping[str, Any], issuer: Issuer, *, nonce: str, now: float) -> Vouched:
    """Who it is and what they may be here. Raises `NotVouched` with the first reason against it."""
    require_from(claims, issuer)
    _require_now(claims, now)
    given = claims.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise NotVouched("nonce_wrong")
    subject = _subject(claims)
    _require_fresh(claims, issuer, now, subject)
    if not _has_factors(claims, issuer):
        raise NotVouched("no_second_factor", subject)
    roles = _roles(claims, issuer)
    if not roles:
        raise NotVouched("no_role", subject)
    return Vouched(subject, roles, issuer_session(claims))


def require_from(claims: Mapping[str, Any], issuer: Issuer) -> None:
    """By this issuer, for us and nobody beside us, of this tenant."""
    if claims.get("iss") != issuer.issuer:
        raise NotVouched("token_issuer_wrong")
    if issuer.tenant and claims.get("tid") != issuer.tenant:
        raise NotVouched("tenant_wrong")
    if claims.get("aud") not in (issuer.client_id, [issuer.client_id]):
        raise NotVouched("token_audience_wrong")
    if claims.get("azp", issuer.client_id) != issuer.client_id:
        raise NotVouched("token_audience_wrong")


def issuer_session(claims: Mapping[str, Any]) -> str:
    """The issuer's own name of the session, where it gives one, so that it can end it."""
    sid = claims.get("sid")
    return sid if isinstance(sid, str) and len(sid) <= SESSION_MOST else ""


def _subject(claims: Mapping[str, Any]) -> str:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 1 <= len(subject) <= SUBJECT_MOST:
        raise NotVouched("token_malformed")
    return subject


def _require_now(claims: Mapping[str, Any], now: float) -> None:
    exp, iat, nbf = claims.get("exp"), claims.get("iat"), claims.get("nbf", 0)
    if not (is_time(exp) and is_time(iat) and is_time(nbf)):
        raise NotVouched("token_times_wrong")
    if exp + LEEWAY <= now or iat < now - OLDEST:
        raise NotVouched("id_token_expired")
    if iat > now + LEEWAY or nbf > now + LEEWAY:
        raise NotVouched("token_times_wrong")


def _require_fresh(claims: Mapping[str, Any], issuer: Issuer, now: float, subject: str) -> None:
    """Where the file says how long ago they may have signed in there, the token has to say when it was."""
    if not issuer.max_age:
        return
    at = claims.get("auth_time")
    if not is_time(at) or at > now + LEEWAY or at < now - issuer.max_age - LEEWAY:
        raise NotVouched("signed_in_too_long_ago", subject)


def _has_factors(claims: Mapping[str, Any], issuer: Issuer) -> bool:
    """Only what the issuer itself asserts counts."""
    return bool(issuer.amr & _texts(claims.get("amr"))) or claims.get("acr") in issuer.acr


def _roles(claims: Mapping[str, Any], issuer: Issuer) -> frozenset[Role]:
    return frozenset(issuer.roles[each] for each in _texts(claims.get(issuer.claim)) if each in issuer.roles)


def _texts(given: Any) -> frozenset[str]:
    return frozenset(each for each in given if isinstance(each, str)) if isinstance(given, list) else frozenset()


def is_time(value: Any) -> TypeGuard[float]:
    """Within what dates can be made of; so neither NaN nor a truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e11

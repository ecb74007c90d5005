"""An issuer as the sign-in asks it: where to send somebody, and whom it says they are when they come back."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from service.adapters.issuers.claims import is_time, issuer_session, require_from, vouched
from service.adapters.issuers.known import Known
from service.adapters.issuers.model import Issuer
from service.adapters.issuers.signatures import LOGOUT_TYPES, Keys, verified
from service.adapters.issuers.talking import Talker
from service.domain.people import NotVouched, Vouched

CODE_MOST = 4096
_LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
_OLDEST = 300


class Provider:
    """One issuer. `clock`: seconds since 1970. Every method that asks it raises `NotVouched`."""

    def __init__(
        self,
        issuer: Issuer,
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer, self._clock, self._talker = issuer, clock, Talker(issuer)
        self._known = Known(self._talker, monotonic)
        self.name, self.label, self.authority = issuer.name, issuer.label, issuer.authority
        self.url = issuer.issuer

    def address(self, *, back: str, state: str, nonce: str, verifier: str) -> str:
        """Where somebody signs in. `back`: where they are sent afterwards. More than one factor is asked for."""
        known, issuer = self._known.metadata(), self._issuer
        asked = {
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        if issuer.acr:
            asked["acr_values"] = " ".join(issuer.acr)
        if issuer.max_age:
            asked["max_age"] = str(issuer.max_age)
        if known.takes_claims:
            asked["claims"] = json.dumps({"id_token": {"amr": {"essential": True}}}, separators=(",", ":"))
        found: str = prepare_grant_uri(known.authorization, issuer.client_id, "code", back, "openid", **asked)
        return found

    def vouched(self, code: str, *, named: str | None, back: str, nonce: str, verifier: str) -> Vouched:
        """Who came back with this code. `named`: the issuer that the address of their way back named, if any."""
        known = self._known.metadata()
        if named != self._issuer.issuer and (named is not None or known.names_itself):
            raise NotVouched("answer_issuer_wrong")
        if not (1 <= len(code) <= CODE_MOST and code.isascii() and code.isprintable()):
            raise NotVouched("code_refused")
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        answer = self._talker.exchange(known.token, form, basic=known.basic)
        claims = verified(answer.get("id_token"), self._keys)
        return vouched(claims, self._issuer, nonce=nonce, now=self._clock())

    def signed_out(self, logout_token: str) -> tuple[str, str, str, float]:
        """Subject, session, id and end of a logout token (Back-Channel Logout 1.0, section 2.6); one may be empty."""
        claims = verified(logout_token, self._keys, LOGOUT_TYPES)
        require_from(claims, self._issuer)
        now, iat, exp, jti = self._clock(), claims.get("iat"), claims.get("exp"), claims.get("jti")
        if not (is_time(iat) and is_time(exp)) or not now - _OLDEST <= iat <= now + 60 or exp + 60 <= now:
            raise NotVouched("token_times_wrong")
        subject, session, events = claims.get("sub", ""), issuer_session(claims), claims.get("events")
        if not (isinstance(subject, str) and isinstance(jti, str) and isinstance(events, dict) and _LOGOUT in events):
            raise NotVouched("token_malformed")
        if "nonce" in claims or not (subject or session):
            raise NotVouched("token_malformed")
        return subject, session, jti, min(exp, now + _OLDEST) + 60

    def _keys(self, lacking: Any) -> Keys:
        return self._known.keys(lacking=bool(lacking))

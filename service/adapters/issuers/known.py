"""What is known of an issuer: its addresses and its keys, asked for once an hour and kept no longer than that."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from service.adapters.issuers.talking import AWAY, Talker
from service.domain.people import NotVouched

GOOD_SECONDS = 3600.0
AGAIN_SECONDS = 60.0
"""How soon an unknown key may have the keys fetched anew: whoever makes up keys must not have us call all day."""
FAILED_SECONDS = 5.0
"""How long nobody asks again after it did not answer."""
KEYS_MOST = 50
_REFUSED = "issuer_wrong"


@dataclass(frozen=True)
class Metadata:
    """What an issuer says of itself, as far as it is used. `names_itself`: its answers carry `iss` (RFC 9207)."""

    authorization: str
    token: str
    keys: str
    basic: bool
    names_itself: bool
    takes_claims: bool


class Known:
    """One issuer's. One thread at a time asks, and the others wait for it. Raises `NotVouched`."""

    def __init__(self, talker: Talker, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._talker, self._monotonic, self._asking = talker, monotonic, Lock()
        self._metadata: Metadata | None = None
        self._keys: list[Mapping[str, Any]] = []
        self._until = self._keys_until = self._again_at = self._failed_until = 0.0
        self._why = AWAY

    def metadata(self) -> Metadata:
        """As of an hour ago at the most."""
        with self._asking:
            if self._metadata is None or self._monotonic() >= self._until:
                self._metadata = self._asked(self._read_metadata)
                self._until = self._monotonic() + GOOD_SECONDS
            return self._metadata

    def keys(self, *, lacking: bool = False) -> list[Mapping[str, Any]]:
        """As of an hour ago at the most; fetched anew where a key is `lacking`, once a minute at the most."""
        where = self.metadata().keys
        with self._asking:
            now = self._monotonic()
            if not self._keys or now >= self._keys_until or (lacking and now >= self._again_at):
                self._keys = self._asked(lambda: _keys_of(self._talker.fetch(where)))
                self._keys_until = self._monotonic() + GOOD_SECONDS
                self._again_at = self._monotonic() + AGAIN_SECONDS
            return self._keys

    def _asked(self, ask: Callable[[], Any]) -> Any:
        if self._monotonic() < self._failed_until:
            raise NotVouched(self._why)
        try:
            return ask()
        except NotVouched as refusal:
            self._why = refusal.reason
            self._failed_until = self._monotonic() + FAILED_SECONDS
            raise

    def _read_metadata(self) -> Metadata:
        """It has to name itself exactly, and nothing but addresses of its own."""
        issuer = self._talker.issuer
        said = self._talker.fetch(issuer.discovery)
        endpoints = [said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        if said.get("issuer") != issuer.issuer or not all(issuer.is_own(each) for each in endpoints):
            raise NotVouched(_REFUSED)
        ways = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        authorization, token, keys = (str(each) for each in endpoints)
        return Metadata(
            authorization,
            token,
            keys,
            basic=not isinstance(ways, list) or "client_secret_basic" in ways,
            names_itself=said.get("authorization_response_iss_parameter_supported") is True,
            takes_claims=said.get("claims_parameter_supported") is True,
        )


def _keys_of(said: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = said.get("keys")
    if not isinstance(found, list) or not 1 <= len(found) <= KEYS_MOST:
        raise NotVouched(_REFUSED)
    return [each for each in found if isinstance(each, dict)]

"""Client assertions as a council's developer would sign them, with joserfc alone; and clients that have such keys."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey
from werkzeug.test import TestResponse

from service.store.client_keys import ClientKeyRows
from service.store.clients import ClientRows
from service.store.engine import short_lived_engine
from tests.support.bridge import STOCKPORT, Bridge

Key = ECKey | OKPKey | RSAKey
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LEFT_OUT: Any = object()


def keyed_client(
    bridge: Bridge, key: Key, authority: str = STOCKPORT, scopes: tuple[str, ...] = ("records:read", "reviews:read")
) -> str:
    """The id of a new client with this key under its thumbprint."""
    with short_lived_engine(bridge.database.url("wise_owner")) as engine:
        return ClientRows(engine).create_with_key(
            authority=authority, name="test", scopes=list(scopes), kid=key.thumbprint(), jwk=key.as_dict(private=False)
        )


def another_key(bridge: Bridge, client_id: str, key: Key) -> None:
    with short_lived_engine(bridge.database.url("wise_owner")) as engine:
        jwk = key.as_dict(private=False)
        ClientKeyRows(engine).add(client_id, key.thumbprint(), jwk, by="Ann Example", days=None)


def signed(client_id: str, key: Key, alg: str = "ES256", header: dict[str, Any] | None = None, **changes: Any) -> str:
    """An assertion that is good but for the changes; `LEFT_OUT` takes a claim away."""
    now = int(time.time())
    claims = {"iss": client_id, "sub": client_id, "aud": "wise-bridge", "jti": uuid4().hex, "iat": now, "exp": now + 60}
    kept = {name: value for name, value in (claims | changes).items() if value is not LEFT_OUT}
    return jwt.encode({"alg": alg, "kid": key.thumbprint()} | (header or {}), kept, key, algorithms=[alg])


def present(bridge: Bridge, assertion: str, **form: str) -> TestResponse:
    """Asks for a token."""
    asked = {"grant_type": "client_credentials", "client_assertion_type": TYPE, "client_assertion": assertion}
    return bridge.casework.post("/oauth/token", data=asked | form)

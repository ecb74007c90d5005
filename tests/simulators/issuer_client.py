"""An outsider's client of an issuer: Authlib speaks OAuth 2.0, joserfc checks tokens. Nothing of ours is used."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

from simulators.issuer import Client, IssuerSimulator, plain
from simulators.issuer.shapes import Shape

BACK = "https://bridge.example/signed-in"
AFTER = "https://bridge.example/signed-out"
OURS = Client("bridge", "a secret/with: signs", (BACK,), (AFTER,))  # pragma: allowlist secret
THEIRS = Client("other", "another secret", ("https://other.example/back",), alg="ES256")  # pragma: allowlist secret
TENANT = "7e570000-0000-4000-8000-00000000aaaa"
PATIENCE = 10


@contextmanager
def issuer(folder: Path, shape: Shape | None = None, client: Client = OURS, **options: Any) -> Iterator[Outsider]:
    with IssuerSimulator(folder, [client, THEIRS], shape=shape or plain(), **options) as running:
        yield Outsider(running, client)


@dataclass
class Outsider:
    """One client at one issuer, with a browser of its own."""

    sim: IssuerSimulator
    client: Client
    browser: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.browser.verify, self.browser.trust_env = str(self.sim.authority), False

    def get(self, url: str, **options: Any) -> requests.Response:
        return requests.get(url, verify=str(self.sim.authority), timeout=PATIENCE, allow_redirects=False, **options)

    def told(self) -> dict[str, Any]:
        """Discovery."""
        answer: dict[str, Any] = self.get(f"{self.sim.issuer}/.well-known/openid-configuration").json()
        return answer

    def session(self, **options: Any) -> OAuth2Session:
        made = OAuth2Session(
            self.client.id,
            self.client.secret,
            scope="openid profile email",
            redirect_uri=self.client.redirect_uris[0],
            code_challenge_method="S256",
            **options,
        )
        made.verify, made.trust_env = str(self.sim.authority), False
        return made

    def asked(self, login: str | None = "amira", verifier: str | None = None, **more: Any) -> requests.Response:
        """The answer of the authorization endpoint to a browser. `more` replaces or, as None, takes away."""
        url, _ = self.session().create_authorization_url(
            self.told()["authorization_endpoint"],
            state="the-state",
            nonce="the-nonce",
            code_verifier=verifier or generate_token(48),
        )
        given = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        given |= {"login_hint": login} | more
        params = {name: value for name, value in given.items() if value is not None}
        return self.browser.get(url.partition("?")[0], params=params, timeout=PATIENCE, allow_redirects=False)

    def sent_back(self, *arguments: Any, **more: Any) -> dict[str, str]:
        return fields(self.asked(*arguments, **more))

    def token(self, code: str, verifier: str, **more: Any) -> dict[str, Any]:
        """Authlib's exchange; it raises its own errors."""
        session = self.session(token_endpoint_auth_method=more.pop("method", "client_secret_basic"))
        told: dict[str, Any] = session.fetch_token(
            self.told()["token_endpoint"], code=code, code_verifier=verifier, timeout=PATIENCE, **more
        )
        return told

    def signed_in(self, login: str = "amira", **more: Any) -> dict[str, Any]:
        """The token endpoint's whole answer."""
        verifier = generate_token(48)
        return self.token(self.sent_back(login, verifier, **more)["code"], verifier)

    def claims(self, token: str, *algorithms: str) -> dict[str, Any]:
        """Checked with the published keys. Raises joserfc's errors."""
        keys = KeySet.import_key_set(self.get(self.told()["jwks_uri"]).json())
        found: dict[str, Any] = jwt.decode(token, keys, algorithms=list(algorithms or ("RS256", "ES256"))).claims
        return found


def fields(answer: requests.Response) -> dict[str, str]:
    """What was sent back to the client in a redirect."""
    assert answer.status_code == 302, answer.text
    where = urlsplit(answer.headers["Location"])
    assert f"{where.scheme}://{where.netloc}{where.path}" == BACK
    return {name: values[0] for name, values in parse_qs(where.query).items()}


def opened(token: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Header, claims and signature, unchecked."""
    header, claims, signature = token.split(".")
    read = [json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in (header, claims)]
    return read[0], read[1], signature

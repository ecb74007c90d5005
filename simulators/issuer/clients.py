"""The registered clients, and how they show at the token endpoint who they are (RFC 6749, 2.3.1)."""

import base64
import binascii
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

from .refusals import TokenRefusal

BASIC = "client_secret_basic"
POST = "client_secret_post"
METHODS = (BASIC, POST)


@dataclass(frozen=True)
class Client:
    """One registration. Addresses are compared as they are written, character by character."""

    id: str
    secret: str
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uri: str | None = None
    alg: str = "RS256"
    """`id_token_signed_response_alg`: RS256 or ES256."""
    methods: tuple[str, ...] = METHODS


class Clients:
    """All that are registered; a registration may be replaced while the issuer runs."""

    def __init__(self, clients: Iterable[Client]) -> None:
        self._by_id = {client.id: client for client in clients}

    def register(self, client: Client) -> None:
        self._by_id[client.id] = client

    def get(self, client_id: str | None) -> Client | None:
        return self._by_id.get(client_id or "")

    def another_than(self, client_id: str) -> str:
        """The id of some other client, made up where there is none."""
        return next((other for other in self._by_id if other != client_id), f"not-{client_id}")

    def authenticated(self, header: str | None, form: Mapping[str, str]) -> Client:
        """Raises `TokenRefusal`: 401 for a stranger, 400 for whoever shows itself in two ways at once."""
        basic = header is not None
        if basic and "client_secret" in form:
            raise TokenRefusal("invalid_request", "The client shows itself in two ways.")
        client_id, secret = _basic(header) if header is not None else (form.get("client_id"), form.get("client_secret"))
        client = self.get(client_id)
        known = client is not None and hmac.compare_digest(client.secret.encode(), (secret or "").encode())
        if client is None or not known or (BASIC if basic else POST) not in client.methods:
            raise TokenRefusal("invalid_client", "The client is not known.", 401, basic=basic)
        if form.get("client_id", client.id) != client.id:
            raise TokenRefusal("invalid_request", "client_id is another one than in the header.")
        return client


def _basic(header: str) -> tuple[str, str]:
    """Both halves are form-encoded before they are joined; what is none leads to nobody."""
    scheme, _, encoded = header.partition(" ")
    try:
        client_id, colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return (unquote_plus(client_id), unquote_plus(secret)) if scheme.lower() == "basic" and colon else ("", "")

"""`POST /oauth/token`: OAuth 2 client credentials (RFC 6749, section 4.4), by Authlib."""

from __future__ import annotations

import base64
import re
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc6749.errors import InvalidScopeError
from flask import Blueprint, Flask, Response, current_app, request

from service.api.guard import unguarded
from service.api.services import SignInClient, services
from service.api.tokens import TokenMaker
from service.errors import Malformed

blueprint = Blueprint("oauth", __name__)
_CLIENT_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class OAuthClient(ClientMixin):  # type: ignore[misc] # Authlib has no types
    """One of our clients, as Authlib asks about it."""

    def __init__(self, client: SignInClient) -> None:
        self.authority, self._client = client.authority, client

    def get_client_id(self) -> str:
        """Its id."""
        return self._client.client_id

    def get_allowed_scope(self, scope: str | None) -> str:
        """What it asked for, as far as it may; everything it may when it did not ask."""
        asked = scope.split() if scope else self._client.scopes
        return " ".join(name for name in asked if name in self._client.scopes)

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether this is its secret."""
        return self._client.secret_matches(client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """The secret comes by HTTP Basic or in the form; never in the address."""
        return method in ("client_secret_basic", "client_secret_post")

    def check_grant_type(self, grant_type: str) -> bool:
        """Machines only."""
        return grant_type == "client_credentials"


class Nobody(ClientMixin):  # type: ignore[misc] # as above
    """Stands for an id we don't know: answered like a wrong secret, so that ids cannot be found by trying."""

    def check_client_secret(self, client_secret: str) -> bool:
        """Never."""
        return False


class ClientCredentials(grants.ClientCredentialsGrant):  # type: ignore[misc] # Authlib has no types
    """Both ways of sending the secret."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")

    def validate_requested_scope(self) -> None:
        """A client that may have nothing of what it asks for is told so, and gets no token that opens nothing."""
        if not self.request.client.get_allowed_scope(self.request.payload.scope):
            raise InvalidScopeError()


def _find(client_id: str) -> OAuthClient | Nobody:
    client = services().find_client(client_id) if _CLIENT_ID.fullmatch(client_id) else None
    return OAuthClient(client) if client else Nobody()


def register(app: Flask, maker: TokenMaker) -> None:
    """Adds the token endpoint to the application."""
    server = AuthorizationServer(app, query_client=_find, save_token=_keep_nothing)
    server.register_grant(ClientCredentials)
    server.register_token_generator("default", maker)
    app.extensions["wise_bridge_oauth"] = server
    app.register_blueprint(blueprint)


def _keep_nothing(_token: Any, _request: Any) -> None:
    """Tokens are signed and short-lived; there is nothing to keep."""


@blueprint.post("/oauth/token")
@unguarded
def token() -> Response:
    """A token for ten minutes."""
    server: AuthorizationServer = current_app.extensions["wise_bridge_oauth"]
    _check_basic(request.headers.get("Authorization", ""))
    response: Response = server.create_token_response()
    return response


def _check_basic(header: str) -> None:
    """Authlib takes it for granted that Basic credentials are there, in base64, and UTF-8."""
    scheme, credentials = [*header.split(None, 1), "", ""][:2]
    if scheme.lower() != "basic":
        return
    try:
        readable = base64.b64decode(credentials).decode()
    except ValueError:
        readable = ""
    if not readable:
        raise Malformed("The Authorization header is not Basic credentials in base64 and UTF-8.")

"""`POST /oauth/token`: OAuth 2 client credentials (RFC 6749, section 4.4), by Authlib.

A machine signs in with an assertion by its own key (`private_key_jwt`, RFC 7523). Client secrets are for sandboxes.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc6749.errors import InvalidClientError, InvalidRequestError, InvalidScopeError
from flask import Blueprint, Flask, Response, current_app, request

from service.api.assertions import AssertionReader, Refusal
from service.api.certificates import presented
from service.api.guard import unguarded
from service.api.oauth_names import ASSERTION_TYPE, CLIENT_ID, TOKEN_PATH
from service.api.openapi import Body, tells
from service.api.openapi.answers.open import TOKEN, TOKEN_REFUSED
from service.api.openapi.shapes import TEXT, json, one_of
from service.api.parsing import whole
from service.api.refusals import refused
from service.api.services import services
from service.api.tokens import TokenMaker
from service.errors import Malformed

blueprint = Blueprint("oauth", __name__)
BY_KEY, BY_BASIC, BY_FORM = "private_key_jwt", "client_secret_basic", "client_secret_post"
_NO_SECRETS = (
    "Client secrets are for sandboxes and are not taken here. "
    "Register a public key (wise-bridge clients keys add) and sign in with a client_assertion."
)
_WRONG_SECRET = "The client id or its secret is not known here."  # pragma: allowlist secret
_NOTHING = "Sign in with a client_assertion that is signed with the client's key (private_key_jwt)."
_TWICE = "Sign in in one way: a client_assertion with its client_assertion_type, and nothing else."


@dataclass(frozen=True)
class Doors:
    """Ways in: assertions always, secrets where this is a sandbox."""

    assertions: AssertionReader
    secrets: bool


_FORM = Body(
    dict,
    also={
        "application/x-www-form-urlencoded": {
            "type": "object",
            "properties": {
                "grant_type": one_of(("client_credentials",)),
                "scope": TEXT | {"description": "What to ask for, with spaces. Left out: everything the client may."},
                "client_assertion_type": one_of((ASSERTION_TYPE,)),
                "client_assertion": TEXT | {"description": "Signed with the client's key (docs/signing-in.md)."},
                "client_id": TEXT,
                "client_secret": TEXT | {"description": "In a sandbox alone. Or both by HTTP Basic."},
            },
            "required": ["grant_type"],
        }
    },
    refused=(400, 413),
)
_UNKEPT = "`no-cache`, for the oldest of caches."
_ANSWERS = {
    200: json("A token.", TOKEN, Pragma=_UNKEPT),
    400: json("Another grant or scope than there is, or unreadable credentials.", TOKEN_REFUSED, Pragma=_UNKEPT),
    401: json("Not known here.", TOKEN_REFUSED, Pragma=_UNKEPT, WWW_Authenticate="How to sign in."),
}


class OAuthClient(ClientMixin):  # type: ignore[misc] # Authlib has no types
    """One of our clients, as Authlib asks about it. `kid`: the key it signed in with, empty for a secret.

    `certificate`: the thumbprint of the one its request came with, empty for none.
    """

    def __init__(self, client_id: str, authority: str, scopes: list[str], kid: str = "") -> None:
        self.client_id, self.authority, self.kid, self._scopes = client_id, authority, kid, scopes
        self.certificate = ""

    def get_client_id(self) -> str:
        """Its id."""
        return self.client_id

    def get_allowed_scope(self, scope: str | None) -> str:
        """What it asked for, as far as it may; everything it may when it did not ask."""
        asked = scope.split() if scope else self._scopes
        return " ".join(name for name in asked if name in self._scopes)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Decided already, when it signed in."""
        return True

    def check_grant_type(self, grant_type: str) -> bool:
        """Machines only."""
        return grant_type == "client_credentials"


class ClientCredentials(grants.ClientCredentialsGrant):  # type: ignore[misc] # Authlib has no types
    """One way of signing in a request, and one answer to whoever is not let in by a secret."""

    TOKEN_ENDPOINT_AUTH_METHODS = (BY_KEY, BY_BASIC, BY_FORM)

    def authenticate_token_endpoint_client(self) -> OAuthClient:
        """Raises `InvalidRequestError` and `InvalidClientError`, never saying more than whoever asks may know."""
        ways = _ways()
        if len(ways) > 1 or any(len(given) > 1 for given in request.form.listvalues()):
            raise InvalidRequestError(_TWICE)
        if not ways:
            raise _invalid(_NOTHING)
        client: OAuthClient = super().authenticate_token_endpoint_client()
        client.certificate = presented()
        return client

    def validate_requested_scope(self) -> None:
        """A client that may have nothing of what it asks for is told so, and gets no token that opens nothing."""
        client: OAuthClient = self.request.client
        if not client.get_allowed_scope(self.request.payload.scope):
            refused("scope_refused", authority=client.authority, client_id=client.client_id)
            raise InvalidScopeError()


def register(app: Flask, maker: TokenMaker, doors: Doors) -> None:
    """Adds the token endpoint to the application."""
    server = AuthorizationServer(app, query_client=lambda _client_id: None, save_token=_keep_nothing)
    server.register_client_auth_method(BY_KEY, _by_key)
    server.register_client_auth_method(BY_BASIC, _by_basic)
    server.register_client_auth_method(BY_FORM, _by_form)
    server.register_grant(ClientCredentials)
    server.register_token_generator("default", maker)
    app.extensions["wise_bridge_oauth"], app.extensions["wise_bridge_doors"] = server, doors
    app.register_blueprint(blueprint)


def _keep_nothing(_token: Any, _request: Any) -> None:
    """Tokens are signed and short-lived; there is nothing to keep."""


@blueprint.post(TOKEN_PATH)
@unguarded
@tells(_ANSWERS, body=_FORM)
def token() -> Response:
    """A token for ten minutes."""
    server: AuthorizationServer = current_app.extensions["wise_bridge_oauth"]
    _check_basic(request.headers.get("Authorization", ""))
    whole(lambda: request.form)
    response: Response = server.create_token_response()
    return response


def _ways() -> list[str]:
    """The ways of signing in that the request tries; the address is none."""
    scheme = request.headers.get("Authorization", "").partition(" ")[0]
    key = "client_assertion" in request.form or "client_assertion_type" in request.form
    tried = {BY_KEY: key, BY_BASIC: scheme.lower() == "basic", BY_FORM: "client_secret" in request.form}
    return [way for way, is_tried in tried.items() if is_tried]


def _by_key(_query_client: Any, _request: Any) -> OAuthClient | None:
    doors: Doors = current_app.extensions["wise_bridge_doors"]
    if "client_assertion" not in request.form and "client_assertion_type" not in request.form:
        return None
    if request.form.get("client_assertion_type") != ASSERTION_TYPE:
        refused("assertion_malformed")
        raise _invalid(f"The client_assertion_type has to be {ASSERTION_TYPE}.")
    try:
        found = doors.assertions.signed_in(request.form.get("client_assertion", ""))
    except Refusal as refusal:
        who = refusal.client
        refused(refusal.reason, authority=who.authority if who else "", client_id=who.client_id if who else "")
        raise _invalid(refusal.said) from None
    if request.form.get("client_id", found.client.client_id) != found.client.client_id:
        raise InvalidRequestError("The client_id is not the one that signed the assertion. Leave it out.")
    return OAuthClient(found.client.client_id, found.client.authority, found.client.scopes, found.kid)


def _by_basic(_query_client: Any, _request: Any) -> OAuthClient | None:
    given = request.authorization
    if given is None or given.type != "basic":
        return None
    return _by_secret(given.username or "", given.password or "")


def _by_form(_query_client: Any, _request: Any) -> OAuthClient | None:
    secret = request.form.get("client_secret")
    return None if secret is None else _by_secret(request.form.get("client_id", ""), secret)


def _by_secret(client_id: str, secret: str) -> OAuthClient:
    """An id that we don't know is answered like a wrong secret, so that ids cannot be found by trying."""
    doors: Doors = current_app.extensions["wise_bridge_doors"]
    if not doors.secrets:
        refused("secret_not_taken")
        raise _invalid(_NO_SECRETS)
    client = services().find_client(client_id) if CLIENT_ID.fullmatch(client_id) else None
    if client is None or not client.secret_matches(secret):
        refused("secret_wrong", authority=client.authority if client else "", client_id=client_id if client else "")
        raise _invalid(_WRONG_SECRET)
    return OAuthClient(client.client_id, client.authority, client.scopes)


def _invalid(said: str) -> InvalidClientError:
    return InvalidClientError(description=said, status_code=401)


def _check_basic(header: str) -> None:
    """Credentials that cannot be read are the sender's fault, and are not taken for none."""
    scheme, credentials = [*header.split(None, 1), "", ""][:2]
    if scheme.lower() != "basic":
        return
    try:
        readable = base64.b64decode(credentials).decode()
    except ValueError:
        readable = ""
    if not readable:
        raise Malformed("The Authorization header is not Basic credentials in base64 and UTF-8.")

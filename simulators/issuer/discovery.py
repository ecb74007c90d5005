"""OpenID Connect Discovery 1.0 and the key set; in Entra ID's form, what its document says and leaves out."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from .clients import METHODS
from .shapes import CONFIGURATION
from .variants import DISCOVERY, JWKS
from .world import World


def discovery_blueprint(world: World) -> Blueprint:
    found = Blueprint("discovery", __name__)
    found.add_url_rule(
        world.shape.issuer + CONFIGURATION, "configuration", lambda: _answer(_document(world, request.host_url))
    )
    found.add_url_rule(
        world.shape.jwks, "jwks", lambda: _answer(world.keys.published(world.met(world.shape.jwks, JWKS)))
    )
    return found


def _document(world: World, asked_at: str) -> dict[str, Any]:
    """Asked without TLS, it announces endpoints without TLS, as a server that trusts its `Host` header would."""
    met = world.met(CONFIGURATION, DISCOVERY)
    host = asked_at.rstrip("/")
    if "discovery_http" in met:
        host = host.replace("https://", "http://", 1)
    shape = world.shape
    said: dict[str, Any] = {
        "issuer": _issuer(world, host, met),
        "authorization_endpoint": host + shape.authorize,
        "token_endpoint": (world.elsewhere if "discovery_token_elsewhere" in met else host) + shape.token,
        "jwks_uri": (world.elsewhere if "discovery_jwks_elsewhere" in met else host) + shape.jwks,
        "userinfo_endpoint": host + shape.userinfo,
        "end_session_endpoint": host + shape.end_session,
        **(_OF_ENTRA if shape.is_entra else _OF_OTHERS),
        **_OF_ALL,
    }
    if "discovery_without_jwks" in met:
        del said["jwks_uri"]
    return said


def _issuer(world: World, host: str, met: set[str]) -> str:
    if "discovery_other_issuer" in met:
        return "https://another-issuer.example" + world.shape.issuer
    if "discovery_issuer_template" in met and world.shape.tenant:
        return host + world.shape.issuer.replace(world.shape.tenant, "{tenantid}")
    return host + world.shape.issuer


_OF_ALL = {
    "response_types_supported": ["code"],
    "response_modes_supported": ["query", "form_post"],
    "grant_types_supported": ["authorization_code"],
    "scopes_supported": ["openid", "profile", "email"],
    "token_endpoint_auth_methods_supported": list(METHODS),
    "request_uri_parameter_supported": False,
}
_OF_ENTRA = {
    "subject_types_supported": ["pairwise"],
    "id_token_signing_alg_values_supported": ["RS256"],
    "http_logout_supported": True,
    "frontchannel_logout_supported": True,
    "claims_supported": [
        "sub",
        "iss",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "acr",
        "nonce",
        "preferred_username",
        "name",
        "tid",
        "ver",
        "at_hash",
        "email",
    ],
}
"""Entra ID names neither PKCE's methods nor RFC 9207, though it checks the first."""
_OF_OTHERS = {
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": ["RS256", "ES256"],
    "code_challenge_methods_supported": ["S256"],
    "authorization_response_iss_parameter_supported": True,
    "backchannel_logout_supported": True,
    "backchannel_logout_session_supported": True,
    "claims_supported": [
        "sub",
        "iss",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "nonce",
        "name",
        "email",
        "preferred_username",
        "roles",
        "groups",
        "amr",
        "acr",
        "sid",
        "at_hash",
    ],
}


def _answer(content: dict[str, Any]) -> Response:
    answer = jsonify(content)
    answer.headers["Cache-Control"] = "max-age=300"
    return answer

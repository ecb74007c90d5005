"""The token endpoint (OpenID Connect Core, 3.1.3) and userinfo (5.3)."""

import base64
import hashlib
import hmac
import re
from typing import Any

from flask import Blueprint, Response, jsonify, request

from .grants import ACCESS_SECONDS, Grant
from .refusals import TokenRefusal
from .tokens import id_token
from .variants import TOKEN, USERINFO
from .world import World

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def token_blueprint(world: World) -> Blueprint:
    found = Blueprint("token", __name__)
    found.add_url_rule(world.shape.token, "token", lambda: _token(world), methods=["POST"])
    found.add_url_rule(world.shape.userinfo, "userinfo", lambda: _userinfo(world), methods=["GET", "POST"])
    found.register_error_handler(TokenRefusal, _refused)
    return found


def _token(world: World) -> Response:
    form = request.form
    if any(len(form.getlist(name)) > 1 for name in form):
        raise TokenRefusal("invalid_request", "A parameter is given twice.")
    client = world.clients.authenticated(request.headers.get("Authorization"), form)
    if form.get("grant_type") != "authorization_code":
        raise TokenRefusal("unsupported_grant_type", "grant_type is authorization_code.")
    code = form.get("code", "")
    grant = _granted(world.grants.use(code), client.id, form.get("redirect_uri"), form.get("code_verifier", ""))
    met = world.met(world.shape.token, TOKEN)
    if "token_refused" in met:
        raise TokenRefusal("invalid_grant", "As a variant asked for.")
    access = world.grants.new_access(code, grant)
    said: dict[str, Any] = {"access_token": access, "token_type": "Bearer", "expires_in": ACCESS_SECONDS}
    said |= {"scope": " ".join(sorted(grant.scopes)), "id_token": id_token(world, client, grant, access)}
    if "id_token_missing" in met:
        del said["id_token"]
    return _unkept(jsonify(said))


def _granted(grant: Grant | None, client_id: str, redirect_uri: str | None, verifier: str) -> Grant:
    """One answer for a code that is unknown, used, too old or another client's."""
    if grant is None or grant.client_id != client_id or grant.redirect_uri != redirect_uri:
        raise TokenRefusal("invalid_grant", "The code is not good.")
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    if not _VERIFIER.fullmatch(verifier) or not hmac.compare_digest(digest, grant.challenge):
        raise TokenRefusal("invalid_grant", "code_verifier does not go with the code.")
    return grant


def _userinfo(world: World) -> Response:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    grant = world.grants.access(token) if scheme.lower() == "bearer" else None
    if grant is None:
        answer = jsonify({"error": "invalid_token"})
        answer.status_code, answer.headers["WWW-Authenticate"] = 401, 'Bearer error="invalid_token"'
        return answer
    said = grant.session.person.profile(grant.scopes)
    if world.met(world.shape.userinfo, USERINFO):
        said["sub"] = "somebody-else"
    return _unkept(jsonify(said))


def _refused(refusal: TokenRefusal) -> Response:
    answer = jsonify({"error": refusal.code, "error_description": refusal.message})
    answer.status_code = refusal.status
    if refusal.basic:
        answer.headers["WWW-Authenticate"] = 'Basic realm="issuer"'
    return _unkept(answer)


def _unkept(answer: Response) -> Response:
    answer.headers["Cache-Control"], answer.headers["Pragma"] = "no-store", "no-cache"
    return answer

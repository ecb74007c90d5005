"""The routes that need no sign-in, because they are how one signs in."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from . import shape
from .refusals import Refusal, not_authenticated
from .signin import SignIn

COOKIE = "JSESSIONID"
OPEN_PATHS = ("/authenticate", "/oauth/token", "/oauth/refreshToken/")
_NAMES = {"userName": shape.TEXT, "credentials": shape.TEXT}


class TokenRefusal(Exception):
    """A refusal in the shape of RFC 6749, 5.2."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status, self.error = status, error


def signin_blueprint(sign_in: SignIn) -> Blueprint:
    """Session, tokens, and the end of a refresh token."""
    routes = Blueprint("signin", __name__)
    routes.register_error_handler(TokenRefusal, lambda refusal: (jsonify(error=refusal.error), refusal.status))

    @routes.post("/authenticate")
    def authenticate() -> Response:
        return _session(sign_in)

    @routes.post("/oauth/token")
    def token() -> dict[str, Any]:
        _check_client(sign_in)
        _check_grant(sign_in)
        return sign_in.tokens()

    @routes.delete("/oauth/refreshToken/<token>")
    def end(token: str) -> tuple[str, int]:
        sign_in.end_refresh(token)
        return "", 204

    return routes


def signed_in(sign_in: SignIn) -> bool:
    """By the token when there is a header, else by the cookie."""
    header = request.headers.get("Authorization")
    if header is None:
        return sign_in.session_lives(request.cookies.get(COOKIE, ""))
    scheme, _, token = header.partition(" ")
    return scheme.lower() == "bearer" and sign_in.token_lives(token)


def _session(sign_in: SignIn) -> Response:
    if request.mimetype != "application/json":
        raise Refusal(415, "UNSUPPORTED_MEDIA_TYPE", "The content type must be application/json.")
    body = shape.read(shape.parse(request.get_data()), "SecurityAuthentication", _NAMES)
    name = sign_in.session(body["userName"], body["credentials"])
    if name is None:
        raise not_authenticated()
    answer = jsonify({"_type": "SecurityAuthentication", "userName": body["userName"]})
    answer.set_cookie(COOKIE, name, path="/eclipse", httponly=True, samesite="Strict")
    return answer


def _check_client(sign_in: SignIn) -> None:
    basic = request.authorization if request.authorization and request.authorization.type == "basic" else None
    given = (basic.username, basic.password) if basic else (request.form.get(n) for n in ("client_id", "client_secret"))
    client_id, secret = (part or "" for part in given)
    if not sign_in.is_client(client_id, secret):
        raise TokenRefusal(401, "invalid_client")


def _check_grant(sign_in: SignIn) -> None:
    grant = request.form.get("grant_type")
    if grant is None:
        raise TokenRefusal(400, "invalid_request")
    if grant == "refresh_token" and not sign_in.end_refresh(request.form.get("refresh_token", "")):
        raise TokenRefusal(400, "invalid_grant")
    if grant not in {"client_credentials", "refresh_token"}:
        raise TokenRefusal(400, "unsupported_grant_type")

"""Signing out: RP-Initiated Logout 1.0, and logout tokens sent to clients (Back-Channel Logout 1.0)."""

import base64
import binascii
import json
import threading
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import requests
from flask import Blueprint, make_response, redirect, request
from werkzeug.wrappers import Response

from .authorize import COOKIE
from .clients import Client
from .grants import Session
from .tokens import logout_token
from .world import World

PATIENCE = 5.0


@dataclass(frozen=True)
class Told:
    """What a client answered to a logout token; status None: it could not be reached."""

    client_id: str
    sid: str
    status: int | None


class BackChannel:
    """Tells clients. `trust`: the file of the authority behind the clients' certificates, unless it is a usual one."""

    def __init__(self, world: World, trust: Path | None = None) -> None:
        self._world, self._trust, self._lock = world, trust, threading.Lock()
        self.told: list[Told] = []

    def end(self, session: Session) -> list[Told]:
        """End the session, and tell each client that was given a token within it and wants to know."""
        clients = [self._world.clients.get(each) for each in sorted(self._world.grants.end_session(session.sid))]
        return [self.tell(client, session) for client in clients if client and client.backchannel_logout_uri]

    def tell(self, client: Client, session: Session, token: str | None = None) -> Told:
        """With this token, or with a new one. Redirects are not followed."""
        body = {"logout_token": token or logout_token(self._world, client, session)}
        verify: str | bool = str(self._trust) if self._trust else True
        try:
            with requests.Session() as asked:
                asked.trust_env = False
                answer = asked.post(
                    client.backchannel_logout_uri or "", body, timeout=PATIENCE, verify=verify, allow_redirects=False
                )
            told = Told(client.id, session.sid, answer.status_code)
        except requests.RequestException:
            told = Told(client.id, session.sid, None)
        with self._lock:
            self.told.append(told)
        return told


def logout_blueprint(world: World, channel: BackChannel) -> Blueprint:
    found = Blueprint("logout", __name__)

    @found.route(world.shape.end_session, methods=["GET", "POST"])
    def end_session() -> Response:
        given = request.values
        session = world.grants.session(request.cookies.get(COOKIE))
        if session:
            channel.end(session)
        client = world.clients.get(given.get("client_id") or _audience(given.get("id_token_hint", "")))
        address = given.get("post_logout_redirect_uri", "")
        answer: Response = make_response("Signed out.")
        if client and address in client.post_logout_redirect_uris:
            answer = redirect(_with_state(address, given.get("state")), 302)
        answer.delete_cookie(COOKIE)
        return answer

    return found


def _with_state(address: str, state: str | None) -> str:
    joint = "&" if urlsplit(address).query else "?"
    return address if state is None else f"{address}{joint}{urlencode({'state': state})}"


def _audience(hint: str) -> str | None:
    """Who an ID token was for. A hint: nothing is granted by it, so nothing is checked."""
    try:
        middle = hint.split(".")[1]
        found = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4))).get("aud")
    except (IndexError, ValueError, AttributeError, binascii.Error):
        return None
    return found if isinstance(found, str) else None

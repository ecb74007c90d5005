"""Keys of feeds at the Hub's side: by HTTP Basic as `feed`, or as a bearer token; never in an address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from flask import Flask, Response, g, request

from service.api.refusals import refused
from service.api.refusals import register as register_refusals
from service.api.scopes import HUB, HUB_SCOPES
from service.api.tokens import Caller
from service.errors import Refused

USER = "feed"
BEGINS = "feed_"
CHALLENGE = 'Basic realm="wise-bridge", charset="UTF-8"'


class FeedStore(Protocol):
    """Where feeds are kept. Raises `Unavailable`."""

    def feed_of(self, key: str) -> str | None:
        """The feed whose key this is, as long as it is good."""

    def refused(self, client_id: str, reason: str) -> None:
        """Counts a refused sign-in, and enters it in the trail. `client_id`: empty where nobody is known."""


class KeyInAddress(Refused):
    """Refused before anything else is looked at, whether the key is good or not."""

    type, title = "key-in-address", "A key was in the address"


def register(app: Flask, feeds: FeedStore) -> None:
    """Lets this application's guard know feeds. Spreadsheets ask for a password when they are told of Basic."""
    app.extensions["wise_bridge_feeds"] = _callers(feeds)
    register_refusals(app, lambda _authority, client_id, reason: feeds.refused(client_id, reason))
    app.before_request(_no_key_in_the_address)
    app.after_request(_challenge)


def _callers(feeds: FeedStore) -> Callable[[str], Caller | None]:
    def caller(header: str) -> Caller | None:
        key = _key(header)
        feed = feeds.feed_of(key) if key else None
        if key and feed is None:
            refused("feed_key_refused")
        return Caller(feed, HUB, frozenset(HUB_SCOPES)) if feed else None

    return caller


def _key(header: str) -> str:
    """What was given as a feed's key; empty where something else was, or nothing."""
    scheme, _, given = header.partition(" ")
    if scheme.lower() == "bearer" and given.strip().startswith(BEGINS):
        return given.strip()
    basic = request.authorization
    return (basic.password or "") if basic is not None and basic.type == "basic" and basic.username == USER else ""


def _no_key_in_the_address() -> None:
    """Addresses stay in histories, in logs of proxies, and in the workbooks that people send each other."""
    asked = (request.path, *(part for pair in request.args.items(multi=True) for part in pair))
    if any(BEGINS in each for each in asked):
        g.presented = True
        refused("key_in_address")
        raise KeyInAddress(
            "Addresses are kept in histories and logs, so this key is not secret any more. Have it revoked "
            "(wise-bridge feeds revoke), and send the next one as a password or in the Authorization header."
        )


def _challenge(response: Response) -> Response:
    if response.status_code == 401:
        response.headers.add("WWW-Authenticate", CHALLENGE)
    return response

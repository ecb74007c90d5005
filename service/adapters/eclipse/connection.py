"""The settings of an Eclipse, read once: faults stop the start-up, not the first delivery."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from service.adapters.http import ClientCredentials, HttpClient, SessionSignIn, SignIn
from service.adapters.shared.guid import guid
from service.adapters.shared.link import Link
from service.adapters.shared.web import open_web
from service.errors import ConfigFault

WHERE = "eclipse connection"
OAUTH, SESSION = ("client_id", "client_secret"), ("user_name", "password")
SESSION_SECONDS = 1500.0
"""A session ends after 1,800 seconds without a request. One that is younger than this surely stands."""


def open_client(link: Link, seconds: float) -> HttpClient:
    """The client, or every fault in the settings at once. Its sign-in is kept for all threads."""
    return open_web(link, _faults(link), where=WHERE, seconds=seconds, auth=_sign_in(link.connection))


def _sign_in(connection: Mapping[str, str]) -> SignIn:
    base_url = connection["base_url"].rstrip("/")
    if connection.get("client_id"):
        return ClientCredentials(
            f"{base_url}/oauth/token", connection["client_id"], connection.get("client_secret", ""), in_body=True
        )
    return SessionSignIn(f"{base_url}/authenticate", _credentials(connection), seconds=SESSION_SECONDS)


def _credentials(connection: Mapping[str, str]) -> dict[str, str]:
    user, password = (connection.get(name, "") for name in SESSION)
    return {"_type": "SecurityAuthentication", "userName": user, "credentials": password}


def _faults(link: Link) -> Iterator[ConfigFault]:
    yield from _sign_in_faults(link.connection)
    for kind, target in link.targets.items():
        if guid(target.get("design_guid")) is None:
            fix = "Give the GUID of this authority's own form design, as 01234567-89ab-cdef-0123-456789abcdef."
            yield ConfigFault(f"eclipse target {kind}", None, "design_guid", "Not a GUID.", fix)


def _sign_in_faults(connection: Mapping[str, str]) -> Iterator[ConfigFault]:
    """One of the two ways, whole: with both, nobody could say as whom the bridge signs in."""
    ways = [way for way in (OAUTH, SESSION) if any(connection.get(name) for name in way)]
    if len(ways) != 1:
        fix = "Give client_id and client_secret, or user_name and password, as the supplier set it up."
        yield ConfigFault(WHERE, None, "client_id", "One way to sign in is needed, and one only.", fix)
    for name in ways[0] if len(ways) == 1 else ():
        if not connection.get(name, "").isprintable() or not connection.get(name):
            yield ConfigFault(WHERE, None, name, "Empty, or with a line end in it.", "Give it as it was issued.")

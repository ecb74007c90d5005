"""The settings of a system over REST, read once: faults stop the start-up, not the first delivery."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from service.adapters.generic_rest.client import RestApi
from service.adapters.generic_rest.dialect import Dialect
from service.adapters.generic_rest.odata import OData
from service.adapters.generic_rest.plain import Plain
from service.adapters.generic_rest.schema import METHODS
from service.adapters.generic_rest.vocabulary import AS_ON_THE_PAGE, RENAMED, read_vocabulary
from service.adapters.http import ApiKey, Basic, ClientCredentials, HttpClient, SignIn
from service.adapters.http.sign_in import NO_SIGN_IN
from service.adapters.shared.link import Link
from service.adapters.shared.web import base_url_faults, open_web
from service.errors import ConfigFault

WHERE = "generic_rest connection"
NEEDED = {
    "api_key": ("api_key",),
    "basic": ("user", "password"),
    "oauth2": ("client_id", "client_secret", "token_url"),
    "certificate": ("client_certificate", "client_key"),
}
"""Ways to sign in, and what each needs."""

KEY_HEADER = "X-Api-Key"
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}")
_TAKEN = frozenset({"accept", "content-length", "content-type", "host", "if-match", "transfer-encoding"})
"""Headers that mean something else already. A key under one of them would take its place."""


@dataclass(frozen=True, repr=False)
class Rest:
    """One system as a profile describes it."""

    client: HttpClient
    dialect: Dialect
    replaces: bool

    @contextmanager
    def talk(self) -> Iterator[RestApi]:
        """One conversation."""
        with self.client.conversation() as conversation:
            yield RestApi(conversation, self.dialect, replaces=self.replaces)


def open_rest(link: Link, seconds: float) -> Rest:
    """The system of a link. Raises `ConfigurationFault` with every fault in its settings."""
    connection = link.connection
    in_odata = connection["dialect"] == "odata"
    vocabulary, _ = read_vocabulary(connection)
    dialect: Dialect = OData(AS_ON_THE_PAGE) if in_odata else Plain(vocabulary)
    client = open_web(
        link, _faults(connection), where=WHERE, seconds=seconds, headers=dialect.headers, auth=_sign_in(connection)
    )
    return Rest(client, dialect, replaces=connection.get("method") == "PUT")


def _sign_in(connection: Mapping[str, str]) -> SignIn:
    """A certificate is shown by TLS itself."""

    def given(name: str) -> str:
        return connection.get(name, "")

    match connection["sign_in"]:
        case "api_key":
            return ApiKey(given("key_header") or KEY_HEADER, given("api_key"))
        case "basic":
            return Basic(given("user"), given("password"))
        case "oauth2":
            client = given("client_id"), given("client_secret")
            return ClientCredentials(given("token_url"), *client, scope=given("scope"))
    return NO_SIGN_IN


def _faults(connection: Mapping[str, str]) -> Iterator[ConfigFault]:
    yield from _choice_faults(connection)
    yield from _missing_faults(connection)
    yield from _header_faults(connection)
    if connection.get("token_url"):
        yield from (replace(fault, field="token_url") for fault in base_url_faults(connection["token_url"], WHERE))
    if connection["sign_in"] == "certificate" and not connection["base_url"].lower().startswith("https://"):
        yield _fault("base_url", "A certificate is shown in TLS only.", "Give an https:// address.")
    yield from _renaming_faults(connection)


def _choice_faults(connection: Mapping[str, str]) -> Iterator[ConfigFault]:
    for name, known in {"dialect": ("plain", "odata"), "sign_in": tuple(NEEDED), "method": METHODS}.items():
        if connection.get(name, known[0]) not in known:
            yield _fault(name, "Not one of the words for it.", f"Give {' or '.join(known)}.")


def _missing_faults(connection: Mapping[str, str]) -> Iterator[ConfigFault]:
    way = connection["sign_in"]
    for name in NEEDED.get(way, ()):
        if not connection.get(name):
            yield _fault(name, "This is missing.", f"Signing in by {way} needs it.")


def _header_faults(connection: Mapping[str, str]) -> Iterator[ConfigFault]:
    """A line end in a header is refused by every client, and only once the first record is on its way."""
    key, header = connection.get("api_key", ""), connection.get("key_header") or KEY_HEADER
    if not key.isascii() or not key.isprintable() or key != key.strip():
        yield _fault("api_key", "Not a key that fits into a header.", "Give it without line ends and outer spaces.")
    if not _HEADER.fullmatch(header) or header.lower() in _TAKEN:
        yield _fault("key_header", "Not the name of a header for a key.", f"Give a name such as {KEY_HEADER}.")
    if ":" in connection.get("user", ""):
        yield _fault("user", "A colon ends the name in HTTP Basic.", "Use an account without one.")


def _renaming_faults(connection: Mapping[str, str]) -> Iterator[ConfigFault]:
    for name, (detail, fix) in read_vocabulary(connection)[1]:
        yield _fault(name, detail, fix)
    if connection["dialect"] == "odata":
        for name in [name for name in (*RENAMED, "method") if connection.get(name, "PATCH") != "PATCH"]:
            yield _fault(name, "OData's names and methods are not replaced.", "Take it out.")


def _fault(setting: str, detail: str, fix: str) -> ConfigFault:
    return ConfigFault(WHERE, None, setting, detail, fix)

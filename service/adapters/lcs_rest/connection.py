"""The settings of an LCS over HTTP, read once: faults stop the start-up, not the first delivery."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from service.adapters.http import ApiKey, ClientCredentials, HttpClient, SignIn
from service.adapters.http.sign_in import NO_SIGN_IN
from service.adapters.lcs_rest.dialect import Dialect, Finding, read_dialect
from service.adapters.lcs_rest.people import ByLegacyId, People
from service.adapters.shared.link import Link, Settings
from service.adapters.shared.web import base_url_faults, open_web
from service.errors import ConfigFault

WHERE = "lcs_rest connection"
TOKEN_PATH = "/lcs/oauth/token"
KEY_HEADER = "X-Api-Key"
LARGEST_DOCUMENT = "5242880"
NEEDED = {
    "oauth2": ("client_id", "client_secret"),
    "api_key": ("api_key",),
    "certificate": ("client_certificate", "client_key"),
}
"""Ways to sign in, and what each needs. The first is what a profile means that names none."""

CHOICES = {
    "sign_in": tuple(NEEDED),
    "client_in": ("basic", "body"),
    "child_id": ("person_id", "legacy_id"),
}
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}")
_BYTES = re.compile(r"[1-9][0-9]{0,9}")


@dataclass(frozen=True, repr=False)
class Lcs:
    """One LCS as a profile describes it. `largest_document` in bytes."""

    client: HttpClient
    dialect: Dialect
    people: People
    largest_document: int


def open_lcs(link: Link, seconds: float) -> Lcs:
    """The LCS of a link. Raises `ConfigurationFault` with every fault in its settings."""
    connection = link.connection
    dialect, findings = read_dialect(connection)
    findings += [*_choice_findings(connection), *_sign_in_findings(connection), *_size_findings(connection)]
    faults = [ConfigFault(WHERE, None, *finding) for finding in findings]
    faults += [*_token_faults(connection), *_task_faults(link.task)]
    client = open_web(link, faults, where=WHERE, seconds=seconds, auth=_sign_in(connection))
    people = ByLegacyId() if connection.get("child_id") == "legacy_id" else People()
    return Lcs(client, dialect, people, int(connection.get("largest_document") or LARGEST_DOCUMENT))


def _way(connection: Mapping[str, str]) -> str:
    return connection.get("sign_in") or "oauth2"


def _sign_in(connection: Mapping[str, str]) -> SignIn:
    """A certificate is shown by TLS itself."""
    if _way(connection) == "api_key":
        return ApiKey(connection.get("key_header") or KEY_HEADER, connection.get("api_key", ""))
    if _way(connection) == "certificate":
        return NO_SIGN_IN
    client = connection.get("client_id", ""), connection.get("client_secret", "")
    in_body = connection.get("client_in") == "body"
    return ClientCredentials(_token_url(connection), *client, scope=connection.get("scope", ""), in_body=in_body)


def _token_url(connection: Mapping[str, str]) -> str:
    """Outside the base path, on the same server, unless the profile says where."""
    if connection.get("token_url"):
        return connection["token_url"]
    try:
        parts = urlsplit(connection["base_url"])
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}{TOKEN_PATH}"


def _token_faults(connection: Mapping[str, str]) -> list[ConfigFault]:
    if not connection.get("token_url"):
        return []
    return [replace(fault, field="token_url") for fault in base_url_faults(connection["token_url"], WHERE)]


def _choice_findings(connection: Mapping[str, str]) -> list[Finding]:
    given = {name: connection.get(name) for name in CHOICES}
    wrong = [name for name, value in given.items() if value and value not in CHOICES[name]]
    return [(name, "Not one of the words for it.", f"Give {' or '.join(CHOICES[name])}.") for name in wrong]


def _sign_in_findings(connection: Mapping[str, str]) -> list[Finding]:
    """A line end in a header is refused by every client, and only once the first record is on its way."""
    way = _way(connection)
    missing = [name for name in NEEDED.get(way, ()) if not connection.get(name)]
    found = [(name, "This is missing.", f"Signing in by {way} needs it.") for name in missing]
    key, header = connection.get("api_key", ""), connection.get("key_header") or KEY_HEADER
    if not (key.isascii() and (key.isprintable() and " " not in key)):
        found.append(("api_key", "Not a key that fits into a header.", "Give the key without spaces and line ends."))
    if not _HEADER.fullmatch(header):
        found.append(("key_header", "Not the name of a header.", "Give a name such as X-Api-Key."))
    return found


def _size_findings(connection: Mapping[str, str]) -> list[Finding]:
    if _BYTES.fullmatch(connection.get("largest_document") or LARGEST_DOCUMENT):
        return []
    return [("largest_document", "Not a number of bytes.", "Give a whole number such as 5242880.")]


def _task_faults(task: Settings) -> list[ConfigFault]:
    if ("department" in task) != ("worker" in task):
        return []
    fix = "Give either the code of a department or the number of a worker."
    return [ConfigFault("lcs_rest task", None, "department", "A task needs one tray.", fix)]

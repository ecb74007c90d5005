"""`WISE_CENTRAL_URL` and what belongs to it, read once: every fault at once, and never with a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from service.adapters.central.by_https import HttpsAddress
from service.adapters.central.by_sftp import SftpAddress
from service.adapters.egress import ALLOW_LOOPBACK, Egress, Surroundings, here, only, read_egress
from service.adapters.http import CALL_SECONDS, HttpClient
from service.adapters.sftp import read_endpoint
from service.errors import ConfigFault, ConfigurationFault
from service.ports.sending import CentralAddress

WHERE, URL = "environment", "WISE_CENTRAL_URL"
_PORTS = {"http": 80, "https": 443, "sftp": 22}
_PATH = re.compile(r"/([A-Za-z0-9._~-]+/)*")
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{8,4000}=*")


@dataclass(frozen=True, repr=False)
class Credentials:
    """Texts: a bearer token for HTTPS; for SFTP our private key, and the SHA-256 fingerprints of the server's keys."""

    token: str = ""
    sftp_key: str = ""
    sftp_host_key: str = ""


def read_central_address(
    url: str,
    given: Credentials,
    networks: Sequence[str] = (),
    *,
    seconds: float = CALL_SECONDS,
    surroundings: Surroundings | None = None,
) -> CentralAddress:
    """The address, ready to be called; no connection is made. Raises `ConfigurationFault`."""
    around = here() if surroundings is None else surroundings
    parts = _parts(url)
    faults = list(_faults(parts, given))
    if faults or parts is None:
        raise ConfigurationFault(faults)
    egress = _egress(url, parts, networks, around)
    if parts.scheme == "http" and not any(rule.loopback for rule in egress.rules):
        raise ConfigurationFault([_fault(URL, "is without TLS.", f"Give https://…; {ALLOW_LOOPBACK}=1 is for tests.")])
    if parts.scheme == "sftp":
        return _sftp(parts, given, egress, seconds)
    headers = {"Authorization": f"Bearer {given.token}"}
    return HttpsAddress(HttpClient(url, headers, seconds=seconds, egress=egress))


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        known = parts.port is None or parts.port > 0
    except ValueError:
        return None
    sound = known and parts.hostname and parts.scheme in _PORTS and _PATH.fullmatch(parts.path)
    return parts if sound and not (parts.query or parts.fragment or parts.password) else None


def _faults(parts: SplitResult | None, given: Credentials) -> Iterator[ConfigFault]:
    if parts is None or (parts.scheme == "sftp") != bool(parts.username):
        fix = "Give https://host/path/ or sftp://user@host/path/, with the last slash and without a query."
        yield _fault(URL, "is not an address we may use.", fix)
    elif parts.scheme == "sftp":
        if not given.sftp_key:
            yield _fault("WISE_CENTRAL_SFTP_KEY_FILE", "is not set, or its file is empty.", "Name our private key.")
        if not given.sftp_host_key:
            fix = "Give the server's SHA-256 fingerprint, as ssh-keygen -l prints it."
            yield _fault("WISE_CENTRAL_SFTP_HOST_KEY", "is not set.", fix)
    elif not _TOKEN.fullmatch(given.token):
        yield _fault("WISE_CENTRAL_TOKEN_FILE", "names no file with one bearer token.", "Put the token there, alone.")


def _egress(url: str, parts: SplitResult, networks: Sequence[str], around: Surroundings) -> Egress:
    """This one target: at public addresses, or within the networks given."""
    if not networks:
        return only(url, surroundings=around)
    port = str(parts.port or _PORTS[parts.scheme])
    entry = {"scheme": parts.scheme, "host": parts.hostname or "", "port": port, "networks": list(networks)}
    return read_egress([entry], file=WHERE, surroundings=around, field="WISE_CENTRAL_NETWORKS")


def _sftp(parts: SplitResult, given: Credentials, egress: Egress, seconds: float) -> SftpAddress:
    connection = {
        "host": parts.hostname or "",
        "port": str(parts.port or _PORTS["sftp"]),
        "user": parts.username or "",
        "private_key": given.sftp_key,
        "host_keys": given.sftp_host_key,
    }
    return SftpAddress(read_endpoint(connection, where=f"{WHERE} (WISE_CENTRAL_…)", egress=egress), parts.path, seconds)


def _fault(field: str, detail: str, fix: str) -> ConfigFault:
    return ConfigFault(WHERE, None, field, detail, fix)

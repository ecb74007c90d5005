"""HashiCorp Vault, KV version 2, as a place that a profile's references lead to (`vault:secret/data/wise/bolton#key`).

Where it is and who we are there is said by the variables that Vault's own tools read: VAULT_ADDR, VAULT_TOKEN or
VAULT_TOKEN_FILE, VAULT_CACERT and VAULT_NAMESPACE. Unlike a case system it is the operator's own, so it may stand at an
inner address, or on this machine as an agent. It is read at start-up, once for each path, and never written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from service.adapters.egress import Egress, operators_own
from service.adapters.egress.addresses import plain_host
from service.adapters.http import HttpClient, Reply, Request, Tls
from service.adapters.profiles.references import Missing
from service.errors import ConfigurationFault, DeliveryProblem

SECONDS = 10.0
_PORTS = {"http": 80, "https": 443}
_ANSWERS = {
    400: ("Vault does not understand the path {path}.", "Write mount/data/path, as its own policies do."),
    403: ("Vault does not let this token read {path}.", "Renew the token, or give its policy 'read' there."),
    404: ("Vault has nothing at {path}.", "Check mount, path and namespace, and that it is not deleted."),
    503: ("Vault is sealed or in maintenance, so {path} cannot be read.", "Unseal it and start again."),
}
_OTHER = (
    "Vault's answer for {path} could not be used.",
    "Check VAULT_ADDR: it is Vault's own address, without a path.",
)


class _Away(Exception):
    """Why there is no value; never what was read."""

    def __init__(self, detail: str, fix: str) -> None:
        super().__init__(detail)
        self.why: Missing = (detail, fix)


@dataclass(frozen=True, repr=False)
class VaultReader:
    """Reads keys with what the environment says. `environ` is looked at when the first reference needs it."""

    environ: Mapping[str, str]
    seconds: float = SECONDS
    _read: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def __call__(self, path: str, key: str) -> tuple[str, Missing | None]:
        """The value of one key, or why it cannot be had; every reason by name."""
        try:
            return _value(self._secret(path), path, key), None
        except _Away as away:
            return "", away.why

    def _secret(self, path: str) -> Mapping[str, Any]:
        if path not in self._read:
            self._read[path] = _data(self._reply(path), path)
        return self._read[path]

    def _reply(self, path: str) -> Reply:
        client = _client(self.environ, self.seconds)
        reply: Reply | None = None
        try:
            with client.conversation() as talk:
                reply = talk.ask(Request("GET", f"/v1/{quote(path)}", writes=False))
        except DeliveryProblem:
            pass  # outside, so that no exception of the library hangs on ours
        if reply is None:
            raise _Away(f"Vault does not answer, so {path} cannot be read.", "Check VAULT_ADDR and VAULT_CACERT.")
        return reply


def _value(secret: Mapping[str, Any], path: str, key: str) -> str:
    value = secret.get(key)
    if key not in secret:
        raise _Away(f"Vault's entry {path} has no key {key}.", "Add it there, or correct the name after #.")
    if not isinstance(value, str) or not value.strip():
        raise _Away(f"The key {key} of Vault's entry {path} is no text, or empty.", "Put the value into it as text.")
    return value


def _data(reply: Reply, path: str) -> Mapping[str, Any]:
    """`{"data": {"data": {…}, "metadata": {…}}}`; anything else is nothing we asked for."""
    outer = reply.body.get("data") if reply.status == 200 and reply.body else None
    inner = outer.get("data") if isinstance(outer, dict) else None
    if isinstance(inner, dict):
        return inner
    detail, fix = _ANSWERS.get(reply.status, _OTHER)
    raise _Away(detail.format(path=path), fix)


def _client(environ: Mapping[str, str], seconds: float) -> HttpClient:
    address = environ.get("VAULT_ADDR", "").strip().rstrip("/")
    headers = {"X-Vault-Token": _token(environ), "X-Vault-Request": "true"}
    if namespace := environ.get("VAULT_NAMESPACE", "").strip():
        headers["X-Vault-Namespace"] = namespace
    return _made(address, headers, seconds, _egress(address), _trust(environ))


def _made(address: str, headers: Mapping[str, str], seconds: float, egress: Egress, tls: Tls | None) -> HttpClient:
    try:
        return HttpClient(address, headers, seconds=seconds, egress=egress, tls=tls)
    except ConfigurationFault:
        raise _Away("VAULT_CACERT holds no certificates.", "Name a PEM file.") from None


def _egress(address: str) -> Egress:
    """Only this host and port: public, inner, or this machine where the address says so. Plain HTTP on it alone."""
    host, port, scheme = _parts(address)
    own = host in ("localhost", "::1") or host.startswith("127.")
    if scheme == "http" and not own:
        raise _Away("VAULT_ADDR is without TLS.", "Give https://host:port.")
    return operators_own(scheme, host, port, loopback=own)


def _parts(address: str) -> tuple[str, int, str]:
    try:
        parts = urlsplit(address)
        host, port = plain_host(parts.hostname or ""), parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if not address:
        raise _Away("VAULT_ADDR is not set.", "Set it, e.g. https://vault.example:8200.")
    if not host or port is None or parts.scheme not in _PORTS or parts.username or parts.path or parts.query:
        raise _Away("VAULT_ADDR is not an address we can use.", "Give https://host:port and nothing else.")
    return host, port, parts.scheme


def _token(environ: Mapping[str, str]) -> str:
    named = environ.get("VAULT_TOKEN_FILE", "").strip()
    token = environ.get("VAULT_TOKEN", "").strip() or (_text(named, "VAULT_TOKEN_FILE") if named else "")
    if not token:
        raise _Away("Neither VAULT_TOKEN nor VAULT_TOKEN_FILE gives a token.", "Set one of them.")
    if not token.isascii() or not token.isprintable() or " " in token:
        raise _Away("Vault's token does not fit into a header.", "Give it without spaces and line ends.")
    return token


def _trust(environ: Mapping[str, str]) -> Tls | None:
    named = environ.get("VAULT_CACERT", "").strip()
    return Tls(authorities=_text(named, "VAULT_CACERT")) if named else None


def _text(path: str, variable: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise _Away(f"The file that {variable} names cannot be read.", "Check that it is there and readable.") from None

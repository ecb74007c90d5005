"""One issuer as `config/people.yml` describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from service.adapters.http import Tls
from service.domain.people import Role


@dataclass(frozen=True, repr=False)
class Issuer:
    """Bound to one authority. `issuer` is its exact address, with the tenant in its place.

    `claim` holds its groups or roles, of which those in `roles` make somebody something here. One value of `amr` or
    `acr` must say that they signed in with more than one factor. Its endpoints are on its own host or one of `hosts`;
    `networks` is where these may be besides public addresses. `max_age`: seconds since they last signed in there.
    """

    name: str
    label: str
    authority: str
    issuer: str
    tenant: str
    client_id: str
    secret_file: Path
    claim: str
    roles: Mapping[str, Role]
    amr: frozenset[str] = frozenset({"mfa"})
    acr: tuple[str, ...] = ()
    tls: Tls | None = None
    networks: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    max_age: int = 0

    @property
    def discovery(self) -> str:
        """Where it describes itself (OpenID Connect Discovery 1.0, section 4)."""
        return f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"

    def is_own(self, url: object) -> bool:
        """Whether an address it names is one of its own: https, without anything that hides where it leads."""
        if not isinstance(url, str) or not (url.isascii() and url.isprintable() and " " not in url):
            return False
        try:
            there, here = urlsplit(url), urlsplit(self.issuer)
            port = there.port
        except ValueError:
            return False
        if there.scheme != "https" or there.username is not None or there.fragment or not there.hostname:
            return False
        if there.hostname == here.hostname:
            return port == here.port
        return there.hostname in self.hosts and port in (None, 443)

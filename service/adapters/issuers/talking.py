"""Asking an issuer: at its own addresses alone, one deadline, no redirect, a bounded answer in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any
from urllib.parse import quote_plus, urlsplit

from service.adapters.egress import Egress, Rule, here, only
from service.adapters.http import Basic, HttpClient, Reply, Request
from service.adapters.issuers.model import Issuer
from service.domain.people import NotVouched
from service.errors import DeliveryProblem

SECONDS = 8.0
LONGEST = 256 * 1024
AWAY = "issuer_away"
_JSON = ("application/json", "application/jwk-set+json")


@dataclass(frozen=True, repr=False)
class Talker:
    """Holds no connection. Raises `NotVouched`, free of the library's exceptions and so of what they carry."""

    issuer: Issuer

    def fetch(self, url: str) -> dict[str, Any]:
        """An object in JSON."""
        reply = self._asked(Request("GET", url, writes=False, accepts=_JSON, longest=LONGEST))
        if reply.status != 200 or reply.body is None:
            raise NotVouched(AWAY)
        return reply.body

    def exchange(self, url: str, form: Mapping[str, str], *, basic: bool) -> dict[str, Any]:
        """What the token endpoint gives for a code; our secret goes into the header, or else into the form."""
        client, secret = self.issuer.client_id, self._secret()
        headers, fields = {}, dict(form)
        if basic:
            headers = dict(Basic(quote_plus(client), quote_plus(secret)).given)  # RFC 6749, section 2.3.1
        else:
            fields |= {"client_id": client, "client_secret": secret}
        reply = self._asked(
            Request("POST", url, writes=False, fields=fields, headers=headers, accepts=_JSON, longest=LONGEST)
        )
        if reply.status in (400, 401, 403):
            raise NotVouched("code_refused")
        if reply.status != 200 or reply.body is None:
            raise NotVouched(AWAY)
        return reply.body

    def _asked(self, request: Request) -> Reply:
        client = HttpClient("", {}, seconds=SECONDS, egress=self._egress(), tls=self.issuer.tls)
        reply: Reply | None = None
        try:
            with client.conversation() as talk:
                reply = talk.ask(request)
        except DeliveryProblem:
            pass  # outside, so that no exception of the library hangs on ours: its request holds the secret
        if reply is None:
            raise NotVouched(AWAY)
        return reply

    def _egress(self) -> Egress:
        """Public addresses, and those networks that the file names."""
        parts = urlsplit(self.issuer.issuer)
        urls = [f"https://{parts.netloc}", *(f"https://{each}" for each in self.issuer.hosts)]
        public = only(*urls)
        networks = tuple(ip_network(each) for each in self.issuer.networks)
        inner = tuple(Rule(each.scheme, each.host, each.port, networks) for each in public.rules) if networks else ()
        return Egress((*inner, *public.rules), here())

    def _secret(self) -> str:
        """Read each time, so that whoever replaces it needs no restart."""
        try:
            secret = self.issuer.secret_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            secret = ""
        if not secret:
            raise NotVouched("secret_unreadable")
        return secret

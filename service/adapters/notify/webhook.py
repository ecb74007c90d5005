"""Alarms by webhook: one signed POST for each, as the Standard Webhooks specification has it.

The operator names the address, not an authority's profile, so it may lie in any network; this machine, link-local
addresses, and our own database and broker are refused all the same, and a redirect is not followed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from service.adapters.egress import Egress, Rule, Surroundings, here
from service.adapters.http import HttpClient, Request
from service.adapters.notify.words import document
from service.domain.telling import Notice
from service.domain.webhooks import headers_for, key_of
from service.errors import ConfigFault, ConfigurationFault, DeliveryProblem
from service.ports.alarms import ChannelFailed

SECONDS = 20.0
"""For all that is told at once."""
_ANYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))
_PORTS = {"http": 80, "https": 443}


class WebhookChannel:
    """`service.ports.alarms.Channel`. `secret`: as the specification writes it, `whsec_` and base64."""

    name = "webhook"

    def __init__(self, url: str, secret: str, *, surroundings: Surroundings | None = None) -> None:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port or _PORTS[parts.scheme]
        around = here() if surroundings is None else surroundings
        rules = (Rule(scheme, host, port, _ANYWHERE), Rule(scheme, host, port, loopback=around.loopback))
        self._client = HttpClient(f"{scheme}://{parts.netloc}", {}, seconds=SECONDS, egress=Egress(rules, around))
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._secret = secret

    def tell(self, notices: Sequence[Notice]) -> None:
        """In order; whatever was taken before a failure comes again under the same id."""
        if not notices:
            return
        try:
            with self._client.conversation() as conversation:
                for notice in notices:
                    _require(conversation.ask(self._request(notice)).status)
        except DeliveryProblem as problem:
            raise ChannelFailed(problem.reason.value) from None

    def _request(self, notice: Notice) -> Request:
        body = json.dumps(document(notice), separators=(",", ":")).encode()
        headers = headers_for([self._secret], notice.id, int(time.time()), body)
        headers |= {"Content-Type": "application/json", "Accept": "*/*"}
        return Request("POST", self._path, writes=True, content=body, headers=headers, accepts=())


def _require(status: int) -> None:
    if not 200 <= status < 300:
        raise ChannelFailed(f"status_{status}")


def read_webhook(url: str, secret_file: Path | None, *, surroundings: Surroundings | None = None) -> WebhookChannel:
    """Raises `ConfigurationFault`, never with the address or the secret: either may let somebody in."""
    around = here() if surroundings is None else surroundings
    faults, secret = _address_faults(url, around), _secret(secret_file)
    if not secret:
        fix = 'Write whsec_ and 32 random bytes in base64 into it: echo "whsec_$(openssl rand -base64 32)"'
        faults.append(_fault("WISE_ALARM_WEBHOOK_SECRET_FILE", "names no file with a secret in it.", fix))
    if faults:
        raise ConfigurationFault(faults)
    return WebhookChannel(url, secret, surroundings=around)


def _address_faults(url: str, around: Surroundings) -> list[ConfigFault]:
    """TLS, except for a rehearsal on one machine: an alarm says which council's system is down."""
    try:
        parts = urlsplit(url)
        readable = bool(parts.hostname) and parts.port != 0 and parts.username is None
    except ValueError:
        readable = False
    if readable and (parts.scheme == "https" or (parts.scheme == "http" and around.loopback)):
        return []
    return [_fault("WISE_ALARM_WEBHOOK_URL", "isn't an https address.", "Write it as https://host/path.")]


def _fault(name: str, detail: str, fix: str) -> ConfigFault:
    return ConfigFault("environment", None, name, detail, fix)


def _secret(file: Path | None) -> str:
    """Empty when there is none that can be signed with."""
    try:
        text = file.read_text("utf-8").strip() if file else ""
        key_of(text)
    except (OSError, ValueError):  # ValueError: also for what is not text
        return ""
    return text

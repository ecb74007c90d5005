"""Checkpoints by POST to one address. Nothing is signed beside them: they carry their own signature."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_network
from urllib.parse import urlsplit

from service.adapters.egress import Egress, Rule, Surroundings, here
from service.adapters.http import HttpClient, Request
from service.domain.delivery import Reason
from service.domain.trail.checkpoint import line_of
from service.errors import ConfigFault, ConfigurationFault, DeliveryProblem
from service.ports.trail import WayFailed

SECONDS = 20.0
_ANYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))
_PORTS = {"http": 80, "https": 443}


class AddressWay:
    """`service.ports.trail.Way`. The operator names the address, so it may lie in any network. No redirect is taken."""

    name = "address"

    def __init__(self, url: str, surroundings: Surroundings) -> None:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port or _PORTS[parts.scheme]
        rules = (Rule(scheme, host, port, _ANYWHERE), Rule(scheme, host, port, loopback=surroundings.loopback))
        egress = Egress(rules, surroundings)
        self._client = HttpClient(f"{scheme}://{parts.netloc}", {}, seconds=SECONDS, egress=egress)
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def send(self, authority: str, statements: Sequence[str]) -> None:
        """One POST for each, the line as it would stand in the file."""
        try:
            with self._client.conversation() as talk:
                for statement in statements:
                    status = talk.ask(_request(self._path, statement)).status
                    if not 200 <= status < 300:
                        raise WayFailed(f"status_{status}")
        except DeliveryProblem as problem:
            refused = problem.note if problem.reason is Reason.ADDRESS_NOT_ALLOWED else ""
            raise WayFailed(problem.reason.value, address_refused=refused) from None


def read_address(url: str, *, surroundings: Surroundings | None = None) -> AddressWay:
    """Raises `ConfigurationFault`, without the address: it may let somebody in."""
    around = here() if surroundings is None else surroundings
    try:
        parts = urlsplit(url)
        readable = bool(parts.hostname) and parts.port != 0 and parts.username is None
    except ValueError:
        readable = False
    if not readable or not (parts.scheme == "https" or (parts.scheme == "http" and around.loopback)):
        fix = "Write it as https://host/path."
        raise ConfigurationFault(
            [ConfigFault("environment", None, "WISE_CHECKPOINT_URL", "isn't an https address.", fix)]
        )
    return AddressWay(url, around)


def _request(path: str, statement: str) -> Request:
    headers = {"Content-Type": "application/json", "Accept": "*/*"}
    return Request("POST", path, writes=True, content=line_of(statement).rstrip(), headers=headers, accepts=())

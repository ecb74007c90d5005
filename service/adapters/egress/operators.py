"""The way to a server of the operator's own, such as a Vault: it may stand at an inner address, or on this machine."""

from __future__ import annotations

from ipaddress import ip_network

from service.adapters.egress.rules import Egress, Rule
from service.adapters.egress.surroundings import Surroundings, here

_INNER = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")))


def operators_own(scheme: str, host: str, port: int, *, loopback: bool) -> Egress:
    """Only this host and port: public, inner, or with `loopback` this machine."""
    rules = (Rule(scheme, host, port, _INNER), Rule(scheme, host, port, loopback=loopback))
    return Egress(rules, Surroundings(loopback=loopback, own=here().own))

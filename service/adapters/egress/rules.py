"""Which targets an authority's connections may have, and the dialling that keeps to it.

The name is looked up once per connection, every address it has is judged, and the connection goes to a judged address
and not to the name: a second look-up could say something else. TLS and the `Host` header keep the name.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from ipaddress import ip_address

from service.adapters.egress.addresses import (
    LOOPBACK,
    NEVER,
    Address,
    Network,
    is_address,
    is_in,
    is_odd_number,
    is_public,
    meant,
    plain_host,
)
from service.adapters.egress.dialling import Resolver, connect, system_addresses
from service.adapters.egress.surroundings import Surroundings
from service.domain.delivery import Reason
from service.errors import NeedsHuman

OTHER_TRADES = frozenset({22, 23, 25, 53, 111, 135, 139, 389, 445, 465, 587, 1433, 1521, 2375, 3306, 3389})
OTHER_TRADES |= frozenset({4369, 5432, 5672, 6379, 9042, 9200, 11211, 27017})
"""Ports where something else than HTTP listens, mostly databases: a request there can be a command."""


@dataclass(frozen=True)
class Rule:
    """One allowed target. Without networks: public addresses only. `loopback`: this machine, and nothing else.

    `scheme` is http, https, sftp or proxy.
    """

    scheme: str
    host: str
    port: int
    networks: tuple[Network, ...] = ()
    loopback: bool = False

    def allows(self, address: Address) -> bool:
        """Whether an address that is not always refused may be the target."""
        return is_in(address, self.networks) if self.networks else is_public(address)


@dataclass(frozen=True)
class Egress:
    """An authority's rules, within what its process allows. Holds no connection and remembers no look-up."""

    rules: tuple[Rule, ...]
    surroundings: Surroundings = field(default_factory=Surroundings)
    resolve: Resolver = system_addresses

    def dial(self, host: str, port: int, timeout: float, *, scheme: str) -> socket.socket:
        """A connection to a target of the rules, made within `timeout` seconds.

        Raises `NeedsHuman` (address_not_allowed) before a byte leaves, and `OSError` when nobody answers.
        """
        rules = self.require_target(host, port, scheme=scheme)
        addresses = [ip_address(each) for each in self.resolve(host, timeout)]
        for address in addresses:
            self._require(address, rules, timeout)
        return connect(addresses, port, timeout)

    def require_target(self, host: str, port: int, *, scheme: str) -> tuple[Rule, ...]:
        """The rules for a target by its name; its addresses are for `dial`. Raises `NeedsHuman` when there is none."""
        wanted = (scheme, plain_host(host), port)
        rules = tuple(each for each in self.rules if (each.scheme, plain_host(each.host), each.port) == wanted)
        if not rules:
            raise _refused("target_not_listed")
        if scheme in ("http", "https") and port in OTHER_TRADES:
            raise _refused("port_of_another_protocol")
        return rules

    def require_name(self, host: str, port: int, timeout: float, *, scheme: str) -> None:
        """For a target behind a proxy, which looks the name up itself: only real names, and addresses of the rules."""
        rules = self.require_target(host, port, scheme=scheme)
        name = plain_host(host)
        if is_odd_number(name) or name == "localhost" or name.endswith(".localhost"):
            raise _refused("address_never_allowed")
        if is_address(name):
            self._require(ip_address(name), rules, timeout)

    def _require(self, address: Address, rules: tuple[Rule, ...], timeout: float) -> None:
        target, port = meant(address), rules[0].port
        if self._is_own(target, port, timeout):
            raise _refused("address_of_our_own_server")
        if is_in(address, LOOPBACK) and self.surroundings.loopback and any(rule.loopback for rule in rules):
            return
        if is_in(target, NEVER):
            raise _refused("address_never_allowed")
        if not any(rule.allows(target) for rule in rules if not rule.loopback):
            raise _refused("address_outside_the_networks")

    def _is_own(self, target: Address, port: int, timeout: float) -> bool:
        """Any port of a machine of ours; on this machine, where a rehearsal has everything, only that very port."""
        here = is_in(target, LOOPBACK)
        servers = [each for each in self.surroundings.own if each.port == port or not here]
        return any(str(target) in self._known(each.host, timeout) for each in servers)

    def _known(self, host: str, timeout: float) -> set[str]:
        """A server of ours that has no address now cannot be called either."""
        try:
            return {str(meant(ip_address(each))) for each in self.resolve(host, timeout)}
        except OSError:
            return set()


def _refused(note: str) -> NeedsHuman:
    return NeedsHuman(Reason.ADDRESS_NOT_ALLOWED, note)

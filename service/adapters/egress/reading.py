"""A profile's `egress` section, from plain strings into rules.

    egress:
      - {scheme: https, host: mosaic.example, port: 443, networks: [10.20.0.0/16]}

Faults say what is wrong and never repeat a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from urllib.parse import urlsplit

from service.adapters.egress.addresses import NEVER, STANDS_FOR_IPV4, Network, is_address, is_odd_number, plain_host
from service.adapters.egress.rules import OTHER_TRADES, Egress, Rule
from service.adapters.egress.surroundings import ALLOW_LOOPBACK, Surroundings, here
from service.errors import ConfigFault, ConfigurationFault

Entry = Mapping[str, str | Sequence[str]]
Finding = tuple[str, str, str]
"""Key, what is wrong, what to do."""

USUAL_PORTS = {"http": 80, "https": 443, "sftp": 22, "proxy": 3128}
_WIDEST = {4: 8, 6: 32}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)*")


@dataclass(frozen=True)
class Key:
    """One key of an entry. `several` takes a list, or text with commas."""

    meaning: str
    required: bool = True
    several: bool = False


LOOPBACK_KEY = "loopback_for_tests_only"
SCHEMA: Mapping[str, Key] = {
    "scheme": Key("http, https, sftp, or proxy for the outbound proxy itself"),
    "host": Key("the one name, or the one address, exactly as the connection has it"),
    "port": Key("the one port"),
    "networks": Key(
        "where its addresses must lie, as 10.20.0.0/16; left out: public addresses", required=False, several=True
    ),
    LOOPBACK_KEY: Key(f"true: this machine and nothing else; only under {ALLOW_LOOPBACK}=1", required=False),
}


def read_egress(
    entries: Sequence[Entry], *, file: str, surroundings: Surroundings | None = None, field: str = "egress"
) -> Egress:
    """Every entry as a rule. Raises `ConfigurationFault` with all that is wrong; the fields are `egress.0.host`."""
    around = here() if surroundings is None else surroundings
    read = [read_rule(entry, around) for entry in entries]
    faults = [
        ConfigFault(file, None, f"{field}.{number}.{key}", detail, fix)
        for number, (_, findings) in enumerate(read)
        for key, detail, fix in findings
    ]
    if faults:
        raise ConfigurationFault(faults)
    return Egress(tuple(rule for rule, _ in read if rule), around)


def only(*urls: str, surroundings: Surroundings | None = None) -> Egress:
    """For a profile without rules: exactly these schemes, hosts and ports, at public addresses.

    Under the switch for rehearsals an address that plainly says this machine means this machine.
    """
    around = here() if surroundings is None else surroundings
    return Egress(tuple(rule for url in urls if (rule := _own_rule(url, around))), around)


def _own_rule(url: str, around: Surroundings) -> Rule | None:
    """None for an address that cannot be read: what is not listed is refused."""
    try:
        parts = urlsplit(url)
        host, port = plain_host(parts.hostname or ""), parts.port or USUAL_PORTS.get(parts.scheme)
    except ValueError:
        return None
    if not host or port is None or parts.scheme not in USUAL_PORTS:
        return None
    return Rule(parts.scheme, host, port, loopback=around.loopback and _says_loopback(host))


def _says_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or (host.startswith("127.") and not is_odd_number(host))


def read_rule(entry: Entry, surroundings: Surroundings) -> tuple[Rule | None, list[Finding]]:
    """One entry as a rule, or everything that is wrong with it."""
    findings = [*_key_findings(entry), *_host_findings(_text(entry, "host"))]
    findings += [*_port_findings(entry), *_network_findings(_several(entry, "networks"))]
    findings += _loopback_findings(entry, surroundings)
    if findings:
        return None, findings
    networks = tuple(ip_network(each) for each in _several(entry, "networks"))
    host, port = plain_host(_text(entry, "host")), int(_text(entry, "port"))
    return Rule(_text(entry, "scheme"), host, port, networks, _text(entry, LOOPBACK_KEY) == "true"), []


def _text(entry: Entry, key: str) -> str:
    """YAML's True and 443 read like the words."""
    return str(entry.get(key, "")).strip().lower()


def _several(entry: Entry, key: str) -> list[str]:
    value = entry.get(key, ())
    parts = value.split(",") if isinstance(value, str) else value
    return [str(part).strip() for part in parts]


def _key_findings(entry: Entry) -> list[Finding]:
    missing = [
        (key, "This is missing.", f"Give {asked.meaning}.")
        for key, asked in SCHEMA.items()
        if asked.required and not _text(entry, key)
    ]
    unknown = [("entry", "There is a key we do not know.", f"Known: {', '.join(SCHEMA)}.")]
    return missing + (unknown if set(entry) - set(SCHEMA) else [])


def _host_findings(host: str) -> list[Finding]:
    name = plain_host(host)
    if not name or is_address(name) or (_HOST.fullmatch(name) and not is_odd_number(name)):
        return []
    return [("host", "Not one name, nor an address in its usual spelling.", "Write it without scheme, path and stars.")]


def _port_findings(entry: Entry) -> list[Finding]:
    scheme, port = _text(entry, "scheme"), _text(entry, "port")
    findings = []
    if scheme and scheme not in USUAL_PORTS:
        findings.append(("scheme", "Not a scheme we speak.", f"Known: {', '.join(USUAL_PORTS)}."))
    if port and not (port.isascii() and port.isdecimal() and len(port) < 6 and 0 < int(port) < 65536):
        findings.append(("port", "Not a port number.", "Give a number from 1 to 65535."))
    elif port and scheme in ("http", "https") and int(port) in OTHER_TRADES:
        findings.append(("port", "Something else than HTTP listens on this port.", "Give the port of the web service."))
    return findings


def _network_findings(networks: Sequence[str]) -> list[Finding]:
    return [
        ("networks", detail, fix) for each in networks if (wrong := _network_wrong(each)) for detail, fix in [wrong]
    ]


def _network_wrong(written: str) -> tuple[str, str] | None:
    try:
        network: Network = ip_network(written)
    except ValueError:
        return "Not a network.", "Write it as 10.20.0.0/16, with zeros behind the prefix."
    if network.prefixlen < _WIDEST[network.version]:
        return "This network is too wide to be a rule.", "Name the networks the case system is in."
    if _is_within(network, NEVER):
        return "Connections to this network are always refused.", "Name the network the case system is in."
    if _is_within(network, STANDS_FOR_IPV4):
        return "These addresses only carry an IPv4 address.", "Name the IPv4 network."
    return None


def _is_within(network: Network, others: Sequence[Network]) -> bool:
    """By its first address and its width: `subnet_of` takes no mixture of versions."""
    same = [each for each in others if each.version == network.version and each.prefixlen <= network.prefixlen]
    return any(network.network_address in each for each in same)


def _loopback_findings(entry: Entry, surroundings: Surroundings) -> list[Finding]:
    wanted = _text(entry, LOOPBACK_KEY)
    if wanted not in ("", "true", "false"):
        return [(LOOPBACK_KEY, "Neither true nor false.", "Leave it out.")]
    if wanted == "true" and not surroundings.loopback:
        return [(LOOPBACK_KEY, "This process calls nothing on its own machine.", "Leave it out.")]
    if wanted == "true" and _several(entry, "networks"):
        return [(LOOPBACK_KEY, "This machine is in no network of a rule.", "Leave out one of the two.")]
    return []

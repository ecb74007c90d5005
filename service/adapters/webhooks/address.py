"""Which addresses may be called, and how one is shown.

Somebody else writes the address, so it is treated as what it may be: a way to have the bridge call what only the bridge
can reach. `service.adapters.egress` judges every connection again when it is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import SplitResult, urlsplit

from service.adapters.egress import ALLOW_LOOPBACK, Egress, Surroundings, here, only, read_egress
from service.errors import ConfigFault, ConfigurationFault, NeedsHuman

LONGEST = 2000
WHERE = "webhook"
_PORTS = {"http": 80, "https": 443}


def egress_for(url: str, networks: Sequence[str], surroundings: Surroundings | None = None) -> Egress:
    """This one target: at public addresses, or within the networks given. Raises `ConfigurationFault`."""
    around = here() if surroundings is None else surroundings
    if not networks:
        return only(url, surroundings=around)
    parts = urlsplit(url)
    port = str(parts.port or _PORTS[parts.scheme])
    entry = {"scheme": parts.scheme, "host": parts.hostname or "", "port": port, "networks": list(networks)}
    return read_egress([entry], file=WHERE, surroundings=around, field="network")


def read_address(url: str, networks: Sequence[str], surroundings: Surroundings | None = None) -> str:
    """What of it is shown: scheme, host and port. Raises `ConfigurationFault` and repeats nothing of it."""
    around = here() if surroundings is None else surroundings
    parts, faults = _parts(url), []
    if parts is None:
        faults = [_fault("is not an address.", "Give https://host/path, without spaces.")]
    else:
        faults = list(_faults(parts, url, networks, around))
    if faults or parts is None:
        raise ConfigurationFault(faults)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _parts(url: str) -> SplitResult | None:
    if not (url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST):
        return None
    try:
        parts = urlsplit(url)
        known = parts.port is None or parts.port > 0
    except ValueError:
        return None
    return parts if known and parts.hostname and parts.scheme in _PORTS else None


def _faults(parts: SplitResult, url: str, networks: Sequence[str], around: Surroundings) -> Iterator[ConfigFault]:
    if parts.username is not None or parts.password is not None:
        yield _fault("has a user name or password in it.", "The signature says who we are; leave them out.")
    if parts.fragment:
        yield _fault("has a part after #, which is never sent.", "Leave it out.")
    try:
        egress = egress_for(url, networks, around)
    except ConfigurationFault as fault:
        yield from fault.faults
        return
    own = any(rule.loopback for rule in egress.rules)
    if parts.scheme != "https" and not own:
        yield _fault("is without TLS.", f"Give https://…; http is for this very machine, under {ALLOW_LOOPBACK}=1.")
    if not own and not _may_be_called(egress, parts):
        fix = "Give a public address, or name its network if it is an inner one that you mean."
        yield _fault("is one that is never called.", fix)


def _may_be_called(egress: Egress, parts: SplitResult) -> bool:
    """As far as the name alone tells. What it leads to is looked up, and judged, with every connection."""
    try:
        egress.require_name(parts.hostname or "", parts.port or _PORTS[parts.scheme], 1.0, scheme=parts.scheme)
    except NeedsHuman:
        return False
    return True


def _fault(detail: str, fix: str) -> ConfigFault:
    return ConfigFault(WHERE, None, "url", detail, fix)

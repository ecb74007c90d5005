"""A profile's connection, for a look at it: credentials one by one, and the connector when all of them are there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.adapters.authority import AuthorityAdapter
from service.adapters.profiles import Profile, resolve
from service.adapters.profiles.references import is_reference
from service.adapters.registry import connector, document_sink
from service.adapters.vault import VaultReader
from service.errors import ConfigurationFault
from service.ports import Ability, CaseSystem

VAULT = "vault:"


@dataclass(frozen=True, repr=False)
class Credential:
    """One setting of a connection. `written` is the reference and never its value; empty for a literal.

    `value` is None where it cannot be had, for the reason in `detail`, or was not asked for.
    """

    key: str
    written: str
    value: str | None
    detail: str = ""
    fix: str = ""
    asked: bool = True


def environment() -> Mapping[str, str]:
    """The variables of this terminal, to which a profile's references lead."""
    return os.environ


def credentials(profile: Profile, environ: Mapping[str, str], *, offline: bool) -> Iterator[Credential]:
    """Every setting of both connections. Offline no Vault is asked."""
    vault = VaultReader(environ)
    sections = (("connection", profile.connection), ("documents.connection", profile.documents.connection))
    for section, name, written in [(at, name, each) for at, part in sections for name, each in part.items()]:
        reference, key = written if is_reference(written) else "", f"{section}.{name}"
        if offline and reference.startswith(VAULT):
            yield Credential(key, reference, None, "A Vault is not asked with --offline.", asked=False)
            continue
        try:
            found = resolve({name: written}, environ, file=profile.file, section=section, vault=vault)
        except ConfigurationFault as fault:
            yield Credential(key, reference, None, fault.faults[0].detail, fault.faults[0].fix)
        else:
            yield Credential(key, reference, found[name])


def case_system(profile: Profile, environ: Mapping[str, str]) -> CaseSystem:
    """The connector as the worker makes it. Raises `ConfigurationFault`, or `ImportError` where there is none yet."""
    beside = profile.documents.elsewhere
    sink = document_sink(beside) if beside else None
    return AuthorityAdapter(profile, connector(profile.connector), environ, sink=sink).case_system


def abilities(kind: str) -> frozenset[Ability] | None:
    """What links of a kind can do. None where that depends on the settings, or the connector is not there yet."""
    try:
        found = getattr(connector(kind), "abilities", None)
    except ImportError:
        return None
    return found if isinstance(found, frozenset) else None

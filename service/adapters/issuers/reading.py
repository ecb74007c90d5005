"""Reading the file of issuers. Every fault at once, each with file, line and field."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from service.adapters.http import Tls, read_tls
from service.adapters.issuers.model import Issuer
from service.adapters.mapping.files import Files
from service.adapters.mapping.yamlfile import Entry, items, pairs, section, text, whole
from service.domain.people import HUB, Role, roles_of
from service.errors import ConfigurationFault

_REQUIRED = ("name", "label", "authority", "issuer", "client_id", "client_secret_file", "claim", "roles")
_OPTIONAL = ("tenant", "more_than_one_factor", "ca_file", "networks", "hosts", "max_age_minutes")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_TAKEN = ("back", "link")
"""Words that stand in addresses where otherwise an issuer's name does."""
_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,99}")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_IN_PLACE = "{tenantid}"
_ENTRA = "login.microsoftonline.com"
_OF_ANYBODY = ("common", "organizations", "consumers")
_CLAIMS = ("roles", "groups")


def read_issuers(file: Path, authorities: Collection[str]) -> tuple[Issuer, ...]:
    """All of them. `authorities`: those there are, besides the Hub. Raises `ConfigurationFault`; reads no secret."""
    files = Files(file.resolve().parent)
    outermost = files.read(file.name)
    found: list[Issuer] = []
    if outermost is not None:
        listed = section(outermost, ("issuers",)).get("issuers")
        for entry in items(listed) if listed else []:
            found.append(_issuer(entry, authorities, files.root))
            _require_apart(entry, found)
        if listed and not found:
            listed.fault("There is no issuer here.", "Add one, or leave WISE_PEOPLE_FILE out.")
    if files.faults:
        raise ConfigurationFault(sorted(files.faults, key=lambda each: (each.line or 0, each.column or 0)))
    return tuple(found)


def _issuer(entry: Entry, authorities: Collection[str], root: Path) -> Issuer:
    """What could be read of it; whatever else was wrong is among the faults."""
    found = section(entry, _REQUIRED, _OPTIONAL)
    authority = _authority(found.get("authority"), authorities)
    tenant = _tenant(found.get("tenant"))
    amr, acr = _factors(found.get("more_than_one_factor"))
    age = found.get("max_age_minutes")
    return Issuer(
        name=_name(found.get("name")),
        label=_label(found.get("label")),
        authority=authority,
        issuer=_address(found.get("issuer"), entry, tenant),
        tenant=tenant,
        client_id=text(found.get("client_id")),
        secret_file=root / text(found.get("client_secret_file")),
        claim=_one_of(found.get("claim"), _CLAIMS),
        roles=_roles(found.get("roles"), authority),
        amr=amr,
        acr=acr,
        tls=_trust(found.get("ca_file"), root),
        networks=_networks(found.get("networks")),
        hosts=_hosts(found.get("hosts")),
        max_age=whole(age, 1, 1440) * 60 if age else 0,
    )


def _require_apart(entry: Entry, found: Sequence[Issuer]) -> None:
    """One authority for each issuer and tenant: else whoever signs in there would choose whose records they see."""
    *others, new = found
    if new.name and any(each.name == new.name for each in others):
        entry.key("name").fault("Another issuer has this name.", "Give each a name of its own: it stands in addresses.")
    if new.issuer and any((each.issuer, each.tenant) == (new.issuer, new.tenant) for each in others):
        fix = "Keep one. An issuer and tenant belong to one authority; use roles to tell people apart."
        entry.key("issuer").fault("Another entry has this issuer and tenant.", fix)


def _name(entry: Entry | None) -> str:
    name = text(entry)
    if entry is not None and name and (not _NAME.fullmatch(name) or name in _TAKEN):
        fix = f"Use small letters, digits and hyphens, 40 at the most, and not {' or '.join(_TAKEN)}."
        entry.fault("This name cannot stand in an address.", fix)
    return name


def _label(entry: Entry | None) -> str:
    label = text(entry)
    if entry is not None and not (label.isprintable() and len(label) <= 80):
        entry.fault("This cannot be shown on one line.", "Give 80 characters at the most, as people know it.")
    return label


def _authority(entry: Entry | None, known: Collection[str]) -> str:
    authority = text(entry)
    if entry is not None and authority and authority != HUB and authority not in known:
        entry.fault("There is no such authority.", f"Give the code of one that has a profile, or {HUB}.")
    return authority


def _tenant(entry: Entry | None) -> str:
    tenant = text(entry) if entry else ""
    if entry is not None and tenant and (not _TENANT.fullmatch(tenant) or tenant in _OF_ANYBODY):
        entry.fault("This is no tenant's id.", "Give the one tenant's own id, as its tokens have it in `tid`.")
    return tenant


def _address(entry: Entry | None, whole_entry: Entry, tenant: str) -> str:
    written = text(entry)
    if entry is None or not written:
        return ""
    address = written.replace(_IN_PLACE, tenant)
    try:
        parts = urlsplit(address)
        plain = parts.scheme == "https" and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        entry.fault("This is not an address.", "Give https://host/path, as the issuer's tokens have it in `iss`.")
        return ""
    if not plain or parts.username is not None or parts.query or parts.fragment or not _is_plain(address):
        fix = "Give https://host/path exactly as the issuer's tokens have it in `iss`."
        entry.fault("An issuer is an address with TLS, and no query or user name.", fix)
        return ""
    _require_tenant(entry, whole_entry, written, tenant)
    return address


def _is_plain(address: str) -> bool:
    return address.isascii() and address.isprintable() and " " not in address


def _require_tenant(entry: Entry, whole_entry: Entry, written: str, tenant: str) -> None:
    """Entra has one issuer for each tenant and signs for all of them alike: without its tenant it is anybody."""
    parts = urlsplit(written)
    segments = parts.path.strip("/").split("/")
    of_tenants = parts.hostname == _ENTRA or (len(segments) > 1 and segments[-1] == "v2.0" and _names_one(segments[-2]))
    if not of_tenants:
        return
    if not tenant:
        whole_entry.fault("'tenant' is missing.", "Add 'tenant:'; this issuer is one of many tenants.")
    elif parts.hostname == _ENTRA and not _GUID.fullmatch(tenant):
        whole_entry.key("tenant").fault("This is no tenant's id.", "Give the id as its tokens have it: 8-4-4-4-12.")
    if len(segments) > 1 and segments[-2] not in (_IN_PLACE, tenant):
        entry.fault("The address names another tenant.", f"Write {_IN_PLACE} or the tenant's own id into it.")


def _names_one(segment: str) -> bool:
    return segment == _IN_PLACE or segment in _OF_ANYBODY or bool(_GUID.fullmatch(segment))


def _one_of(entry: Entry | None, known: Sequence[str]) -> str:
    given = text(entry)
    if entry is not None and given and given not in known:
        entry.fault("This is not one of those there are.", f"Known: {', '.join(known)}.")
    return given


def _roles(entry: Entry | None, authority: str) -> dict[str, Role]:
    may = [each.value for each in roles_of(authority)]
    written = pairs(entry) if entry else []
    if entry is not None and not written:
        entry.fault("Nobody could be let in.", "Write each value of the claim with the role it means.")
    named = {value: _one_of(role, may) for value, role in written}
    return {value: Role(role) for value, role in named.items() if role in may}


def _factors(entry: Entry | None) -> tuple[frozenset[str], tuple[str, ...]]:
    if entry is None:
        return frozenset({"mfa"}), ()
    found = section(entry, (), ("amr", "acr"))
    amr, acr = _texts(found.get("amr")), _texts(found.get("acr"))
    if not amr and not acr:
        entry.fault("One factor would be enough.", "Name the values of `amr` or `acr` that say more than one factor.")
    return frozenset(amr), acr


def _texts(entry: Entry | None) -> tuple[str, ...]:
    return tuple(text(each) for each in items(entry)) if entry else ()


def _networks(entry: Entry | None) -> tuple[str, ...]:
    for each in items(entry) if entry else ():
        try:
            ip_network(text(each))
        except ValueError:
            each.fault("This is no network.", "Write it as 10.20.0.0/16.")
    return _texts(entry)


def _hosts(entry: Entry | None) -> tuple[str, ...]:
    for each in items(entry) if entry else ():
        if not _HOST.fullmatch(text(each)):
            each.fault("This is no host's name.", "Write it as login.example, without scheme and port.")
    return _texts(entry)


def _trust(entry: Entry | None, root: Path) -> Tls | None:
    if entry is None:
        return None
    try:
        return read_tls({"ca_bundle": (root / text(entry)).read_text(encoding="utf-8").strip()})
    except (OSError, UnicodeDecodeError, ConfigurationFault):
        entry.fault("This file holds no certificates that can be read.", "Name a PEM file.")
        return None

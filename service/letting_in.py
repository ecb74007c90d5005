"""The wiring's part for people at the door of either side: issuers from the file, sessions, references."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import Engine

from service.adapters.issuers import Issuer, Provider, read_issuers
from service.api.people import People, approving, register
from service.central.releases.approving import Approvals
from service.configuration import profiles
from service.domain.people import HUB
from service.errors import ConfigFault, ConfigurationFault
from service.settings import Settings
from service.store.staff import CASEWORK, CENTRAL, StaffSessions

KEY_LEAST = 32


def let_people_in(app: Flask, settings: Settings, engine: Engine, *, hub: bool) -> Flask:
    """With the routes for people, where they can sign in: by issuers, or by a link in a sandbox.

    A side takes the issuers of its own people alone, and reads no other's secret. Raises `ConfigurationFault`.
    """
    if settings.people_file is None and not settings.sandbox:
        return app
    people = People(
        providers={each.name: Provider(each) for each in _issuers(settings, hub=hub)},
        sessions=StaffSessions(engine, CENTRAL if hub else CASEWORK),
        key=_key(settings) if settings.people_file else b"",
        public_url=_public_url(settings, hub=hub),
        links=settings.sandbox,
    )
    register(app, people)
    if hub:
        approving.register(app, Approvals(engine))
    return app


def hub_people_sign_in(settings: Settings) -> bool:
    """Whether the Hub has an address for its people, or the file names an issuer of theirs.

    The address will do: the file lies beside secrets that are not everybody's. Raises `ConfigurationFault`.
    """
    if settings.hub_public_url:
        return True
    file = settings.people_file
    return file is not None and any(each.authority == HUB for each in issuers(file, settings.config_dir))


def issuers(file: Path, config_dir: Path) -> tuple[Issuer, ...]:
    """All that the file names, of both sides. Raises `ConfigurationFault`."""
    return read_issuers(file, _authorities(config_dir))


def people_key(file: Path | None) -> bytes:
    """What references are worked out with. Raises `ConfigurationFault`."""
    fix = "Set WISE_PEOPLE_KEY_FILE to people.key, from `wise-bridge keys create`."
    try:
        key = file.read_bytes().strip() if file else b""
    except OSError:
        raise _fault("WISE_PEOPLE_KEY_FILE", "names no file that can be read.", fix) from None
    if len(key) < KEY_LEAST:
        raise _fault("WISE_PEOPLE_KEY_FILE", f"is not set, or holds fewer than {KEY_LEAST} bytes.", fix)
    return key


def _key(settings: Settings) -> bytes:
    return people_key(settings.people_key_file)


def _issuers(settings: Settings, *, hub: bool) -> list[Issuer]:
    if settings.people_file is None:
        return []
    mine = [each for each in issuers(settings.people_file, settings.config_dir) if (each.authority == HUB) is hub]
    name, detail, fix = settings.people_file.name, "names no file that is there.", "Put the secret there, and it alone."
    faults = [
        ConfigFault(name, None, f"{each.name}: client_secret_file", detail, fix)
        for each in mine
        if not each.secret_file.is_file()
    ]
    if faults:
        raise ConfigurationFault(faults)
    return mine


def _authorities(config_dir: Path) -> Collection[str]:
    return profiles(config_dir)


def _public_url(settings: Settings, *, hub: bool) -> str:
    """Issuers send people back to it, over TLS or to this very machine."""
    url = (settings.hub_public_url if hub else settings.public_url).rstrip("/")
    if settings.people_file is None:
        return url
    parts = urlsplit(url)
    own = parts.hostname in ("localhost", "127.0.0.1", "::1")
    safe = parts.scheme == "https" or (own and parts.scheme == "http")
    if not parts.hostname or parts.path or parts.query or not safe:
        fix = "Set it to this side's address as people know it: https://host, without a path."
        raise _fault(
            "WISE_HUB_PUBLIC_URL" if hub else "WISE_PUBLIC_URL",
            "isn't an address that people can be sent back to.",
            fix,
        )
    return url


def _fault(field: str, detail: str, fix: str) -> ConfigurationFault:
    return ConfigurationFault([ConfigFault("environment", None, field, detail, fix)])

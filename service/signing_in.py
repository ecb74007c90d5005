"""The wiring's part for the doors: keys and secrets of machines on the casework side, feeds on the Hub's."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from service.api.application import Front
from service.api.assertions import AssertionReader
from service.api.casework import SignIn
from service.api.oauth import Doors
from service.api.oauth_names import audiences
from service.api.standing import Standing
from service.api.tokens import TokenMaker, TokenReader, read_key
from service.central.feeds import FeedKeys
from service.errors import ConfigFault, ConfigurationFault
from service.settings import Settings
from service.store.sign_in import SignInRows


def sign_in(settings: Settings, engine: Engine) -> SignIn:
    """Of the casework side. Secrets are taken in a sandbox alone."""
    rows = SignInRows(engine)
    return SignIn(
        maker=TokenMaker(read_key(given(settings.token_signing_key_file)), minutes=settings.token_minutes),
        reader=token_reader(settings),
        doors=Doors(AssertionReader(rows, audiences(settings.public_url)), secrets=settings.sandbox),
        standing=Standing(rows.stands),
        note_refused=rows.refused,
    )


def feeds(engine: Engine) -> FeedKeys:
    """Of the Hub's side, which has no way to where clients are kept: its tokens end by themselves, feeds at once."""
    return FeedKeys(engine)


def front(settings: Settings) -> Front:
    """How often one client may ask, whom to tell of a weakness, and how a client's certificate is told."""
    return Front(settings.requests_per_second, settings.security_contact, settings.client_cert_header)


def token_reader(settings: Settings) -> TokenReader:
    """Checks tokens with the public key alone."""
    return TokenReader(read_key(given(settings.token_public_key_file)))


def given(path: Path | None) -> Path:
    """`settings.load` has made sure of it for this process."""
    if path is None:
        raise ConfigurationFault([ConfigFault("environment", None, "path", "is not set.", "See the README.")])
    return path

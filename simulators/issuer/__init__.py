"""Plays an issuer of OpenID Connect: it signs prepared, fictional people in, well or badly. See README.md."""

from .clients import Client
from .people import Person
from .shapes import entra, plain
from .simulator import IssuerSimulator

__all__ = ["Client", "IssuerSimulator", "Person", "entra", "plain"]

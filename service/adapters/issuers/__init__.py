"""Issuers of OpenID Connect: the organisations whose word the bridge takes for who somebody is."""

from service.adapters.issuers.model import Issuer
from service.adapters.issuers.provider import Provider
from service.adapters.issuers.reading import read_issuers

__all__ = ["Issuer", "Provider", "read_issuers"]

"""A SOAP server nobody of this project wrote: the npm package `soap`, serving the description of our protocol page.

It is installed once below `var/soap` (ignored by git), as `tests.support.npm` says.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.support.npm import ROOT, npm_server

SOURCE = ROOT / "tests" / "support" / "soap_server"
INSTALLED = ROOT / "var" / "soap"
WSDL = ROOT / "docs" / "protocols" / "mosaic.wsdl"
_LISTENING = re.compile(r"listening on (\d+)\n")


@dataclass(frozen=True)
class SoapServer:
    """A running server: the address of its service, and the one user it knows (WS-Security)."""

    soap: str
    user: str
    password: str


@contextmanager
def npm_soap_server() -> Iterator[SoapServer]:
    """An empty server on a free loopback port that knows one person, 40211; gone afterwards."""
    password = secrets.token_urlsafe(16)
    settings = {"WSDL": str(WSDL), "SOAP_USER": "bridge", "SOAP_PASSWORD": password}
    with npm_server(SOURCE, INSTALLED, ("server.js",), settings, _LISTENING) as port:
        yield SoapServer(f"http://127.0.0.1:{port}/soap/v1", "bridge", password)

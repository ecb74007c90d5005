"""SAP CAP, an OData 4 server nobody of this project wrote, serving the model in `tests/support/cap`.

It is installed once below `var/cap` (ignored by git), as `tests.support.npm` says.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.support.npm import ROOT, npm_server

SOURCE = ROOT / "tests" / "support" / "cap"
INSTALLED = ROOT / "var" / "cap"
_SERVE = ("node_modules/@sap/cds/bin/serve.js", "all")
_LISTENING = re.compile(r"server listening on \{ url: 'http://localhost:(\d+)' \}")


@dataclass(frozen=True)
class CapServer:
    """A running server: the base of its service, and the one user it knows (HTTP Basic)."""

    api: str
    user: str
    password: str


@contextmanager
def cap_server() -> Iterator[CapServer]:
    """An empty server on a free loopback port, with the test persons of the protocol page; gone afterwards."""
    password = secrets.token_urlsafe(16)
    with npm_server(SOURCE, INSTALLED, _SERVE, _settings(password), _LISTENING) as port:
        yield CapServer(f"http://127.0.0.1:{port}/odata/v4/social-care", "bridge", password)


def _settings(password: str) -> dict[str, str]:
    users = {"bridge": {"password": password}, "*": False}
    return {"PORT": "0", "CDS_CONFIG": json.dumps({"requires": {"auth": {"kind": "basic", "users": users}}})}

"""Three issuers over real sockets, the file that names them, and a browser that goes to them and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.adapters.issuers import Provider, read_issuers
from service.api.people import People
from simulators.issuer import Client, IssuerSimulator, entra, plain
from tests.support.bridge import SALFORD, STOCKPORT

PUBLIC = "https://bridge.example"
BACK = f"{PUBLIC}/sign-in/back"
TENANT = "7e570000-0000-4000-8000-00000000aaaa"
SECRET = "fictional secret & more"  # what has to be encoded on the way
SESSION, FLOW = "__Host-wise", "__Host-wise-sign-in"
PAGE = {"Accept": "text/html"}
OURS = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Hand:
    """A clock that is put on by hand."""

    seconds: float = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Issuers:
    """`stockport` without a tenant, `salford` in Entra's form, `hub` the Hub's own; `file` names them all."""

    folder: Path
    sims: dict[str, IssuerSimulator] = field(default_factory=dict)
    hand: Hand = field(default_factory=Hand)

    @property
    def file(self) -> Path:
        return self.folder / "people.yml"

    @property
    def key_file(self) -> Path:
        return self.folder / "people.key"

    def write(self) -> None:
        (self.folder / "secret").write_text(f"{SECRET}\n")
        self.key_file.write_text("fictional-key-of-the-deployment-0123456789")
        self.file.write_text(json.dumps({"issuers": self.entries()}, indent=1))

    def entries(self) -> list[dict[str, Any]]:
        tenant = {"tenant": TENANT, "issuer": f"{self.sims['salford'].world.host}/{{tenantid}}/v2.0"}
        groups = {"claim": "groups", "roles": {"9c000000-0000-4000-8000-000000000001": "officer"}}
        hubs = {"WiseBridge.Officer": "analyst", "WiseBridge.Manager": "hub_approver"}
        return [
            self._entry("stockport", STOCKPORT, max_age_minutes=60),
            self._entry("salford", SALFORD) | tenant | groups,
            self._entry("hub", "hub") | {"roles": hubs},
        ]

    def _entry(self, name: str, authority: str, **more: Any) -> dict[str, Any]:
        return {
            "name": name,
            "label": f"Fictional {name.title()}",
            "authority": authority,
            "issuer": self.sims[name].issuer,
            "client_id": "wise bridge",
            "client_secret_file": "secret",
            "claim": "roles",
            "roles": {"WiseBridge.Officer": "officer", "WiseBridge.Manager": "approver", "WiseBridge.Both": "approver"},
            "ca_file": str(self.sims[name].authority),
            **more,
        }

    def forgotten(self, app: Flask) -> None:
        """The application knows nothing of any issuer yet."""
        people: People = app.extensions["wise_bridge_people"]
        there: dict[str, Any] = people.providers  # type: ignore[assignment] # a plain dictionary, read-only to routes
        known = {STOCKPORT, SALFORD}
        for each in read_issuers(self.file, known):
            if each.name in there:
                there[each.name] = Provider(each, monotonic=self.hand)


@contextmanager
def issuers(folder: Path) -> Iterator[Issuers]:
    """Running ones."""
    client = Client("wise bridge", SECRET, (BACK,))
    shapes = {"stockport": plain("/realms/stockport"), "salford": entra(TENANT), "hub": plain()}
    with ExitStack() as stack:
        made = Issuers(folder)
        for name, shape in shapes.items():
            other = Client("another", "another secret", ("https://another.example/back",))
            sim = IssuerSimulator(folder / name, [client, other], shape=shape)
            made.sims[name] = stack.enter_context(sim)
        made.write()
        yield made


@dataclass
class Browser:
    """Somebody's browser: cookies of ours in the test client, those of issuers nowhere."""

    client: FlaskClient
    issuers: Issuers

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, base_url=PUBLIC, headers=headers)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        sent = {name.replace("_", "-"): value for name, value in headers.items()} or OURS
        return self.client.post(path, base_url=PUBLIC, json=body, headers=sent)

    def sent_to(self, name: str) -> str:
        """The address at the issuer."""
        answer = self.get(f"/sign-in/{name}", Accept="text/html")
        assert answer.status_code == 302, answer.text
        return str(answer.headers["Location"])

    def way_back(self, name: str, login: str) -> str:
        """Path and query with which the issuer sends them back."""
        there = f"{self.sent_to(name)}&login_hint={login}"
        trust = str(self.issuers.sims[name].authority)
        answer = requests.get(there, verify=trust, allow_redirects=False, timeout=10)
        assert answer.status_code == 302, answer.text
        parts = urlsplit(answer.headers["Location"])
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == BACK
        return f"{parts.path}?{parts.query}"

    def sign_in(self, name: str = "stockport", login: str = "amira") -> TestResponse:
        return self.get(self.way_back(name, login), Accept="text/html")

    def me(self) -> Any:
        """What /me says, or None."""
        answer = self.get("/me", Accept="application/json")
        return answer.get_json() if answer.status_code == 200 else None

    def cookie(self, name: str = SESSION) -> str:
        found = self.client.get_cookie(name, domain="bridge.example")
        return found.value if found else ""

    def plant(self, value: str, name: str = SESSION) -> None:
        self.client.set_cookie(name, value, domain="bridge.example")


def asked(address: str) -> dict[str, str]:
    """The parameters of an address, each given once."""
    found = parse_qs(urlsplit(address).query, keep_blank_values=True)
    assert all(len(values) == 1 for values in found.values())
    return {name: values[0] for name, values in found.items()}

"""The service in this process, from its real wiring, with real credentials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service import wiring
from service.api.scopes import AUTHORITY_SCOPES, HUB, HUB_SCOPES
from service.central.facts import FactDoor
from service.configuration import profiles
from service.keyring import key_ring
from service.live import LiveProfiles
from service.settings import Settings
from service.store.casework import CaseworkStore
from service.store.clients import ClientRows
from service.store.engine import make_engine, short_lived_engine
from service.store.profile_versions import ProfileVersionRows
from service.store.vault import KeyedVault
from service.usecases.deliver import Deliverer
from tests.support.records import ADDRESS
from tests.support.servers import Database

STOCKPORT, SALFORD, TAMESIDE, OLDHAM = "E08000007", "E08000006", "E08000008", "E08000004"


@dataclass
class Bridge:
    """Both web applications and the delivering parts, over one database."""

    database: Database
    broker_url: str
    config_dir: Path
    keys_dir: Path
    lease_seconds: int = 30
    sandbox: bool = True
    also: Mapping[str, Any] = field(default_factory=dict)
    """More settings, by name."""
    _tokens: dict[tuple[int, str, tuple[str, ...]], str] = field(default_factory=dict)
    _closing: list[Callable[[], None]] = field(default_factory=list)

    def settings(self, role: str) -> Settings:
        return Settings(
            database_url=self.database.url(role),
            broker_url=self.broker_url,
            config_dir=self.config_dir,
            keys_dir=self.keys_dir,
            token_signing_key_file=self.keys_dir / "token-signing.pem",
            token_public_key_file=self.keys_dir / "token-public.pem",
            token_minutes=10,
            lease_seconds=self.lease_seconds,
            sweep_seconds=1,
            reviews_seconds=1,
            sandbox=self.sandbox,
            training_database_url=self.database.url("wise_training"),
            **self.also,
        )

    @cached_property
    def casework(self) -> FlaskClient:
        """A test client of the casework side."""
        return wiring.casework_app(self.settings("wise_intake")).test_client()

    @cached_property
    def hub(self) -> FlaskClient:
        """A test client of the Hub's side."""
        return wiring.hub_app(self.settings("wise_central")).test_client()

    @cached_property
    def vault(self) -> KeyedVault:
        return KeyedVault(key_ring(self.settings("wise_intake")))

    def store(self, role: str = "wise_delivery") -> CaseworkStore:
        """The casework store, signed in as one of the roles."""
        store = CaseworkStore(make_engine(self.database.url(role)), FactDoor)
        self._closing.append(store.close)
        return store

    def close(self) -> None:
        """Lets go of every connection."""
        for name in ("casework", "hub"):
            if name in self.__dict__:
                self.__dict__[name].application.extensions["wise_bridge_close"]()
        for close in self._closing:
            close()

    def deliverer(self, environ: Mapping[str, str]) -> Deliverer:
        """The real delivering parts, with the case systems' addresses and credentials given."""
        engine = make_engine(self.database.url("wise_delivery"))
        self._closing.append(engine.dispose)
        now = LiveProfiles(profiles(self.config_dir), ProfileVersionRows(engine), seconds=0)
        lanes = wiring.make_lanes(now, environ, engine)
        return wiring.make_deliverer(self.settings("wise_delivery"), self.store(), lanes)

    def credentials(self, authority: str, scopes: tuple[str, ...]) -> tuple[str, str]:
        """A new client's id and secret."""
        with short_lived_engine(self.database.url("wise_owner")) as engine:
            return ClientRows(engine).create(authority=authority, name="test", scopes=list(scopes))

    def token(self, authority: str, *scopes: str) -> str:
        """A real token from the real endpoint."""
        wanted = scopes or (HUB_SCOPES if authority == HUB else AUTHORITY_SCOPES)
        known = len(self.database.emptied), authority, wanted
        if known not in self._tokens:
            answer = self.casework.post(
                "/oauth/token", data={"grant_type": "client_credentials"}, auth=self.credentials(authority, wanted)
            )
            assert answer.status_code == 200, answer.text
            self._tokens[known] = answer.get_json()["access_token"]
        return self._tokens[known]

    def headers(self, authority: str, *scopes: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(authority, *scopes)}"}

    def post(self, record: dict[str, Any], *, authority: str | None = None) -> TestResponse:
        """Posts a record to the address of its kind, as its own authority unless said otherwise."""
        return self.casework.post(
            ADDRESS[record["record_type"]], json=record, headers=self.headers(authority or record["authority"])
        )

    def get(self, path: str, authority: str) -> TestResponse:
        return self.casework.get(path, headers=self.headers(authority))

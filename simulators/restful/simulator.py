"""The simulator as one object: a real HTTP server on a loopback socket, with a look inside."""

import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from ruamel.yaml import YAML

from simulators.kit.bad_days import BadDays
from simulators.kit.control import control_blueprint
from simulators.kit.faults import Faults
from simulators.kit.server import WebServer

from . import odata, plain
from .forms import load_forms
from .model import Note, Person, Record, Task
from .names import Names
from .operations import Operations
from .pages import pages_blueprint
from .sign_in import TOKEN_PATH, SignIn
from .store import Lock, Store
from .tls import TlsFront

HERE = Path(__file__).parent
_LARGEST_REQUEST = 64 * 1024 * 1024
_BASES = {"plain": plain.BASE, "odata": odata.BASE}


class RestfulSimulator:
    """One authority's case system. What it holds is in memory and outlives `stop`; `folder` keeps certificates.

    `secret` is the API key, the password or the client secret, as `sign_in` says; `names` is for the plain dialect.
    """

    def __init__(
        self,
        folder: Path | str,
        dialect: str = "plain",
        *,
        secret: str,
        sign_in: str = "api_key",
        user: str = "bridge",
        key_header: str = "X-Api-Key",
        people: Iterable[Person] | None = None,
        names: Names | None = None,
        forms: Path | None = None,
        largest_document: int = 5 * 1024 * 1024,
        port: int = 0,
    ) -> None:
        if dialect not in _BASES:
            raise ValueError(f"unknown dialect; there are {', '.join(_BASES)}")
        if names is not None and dialect != "plain":
            raise ValueError("only the plain dialect can be renamed")
        self.dialect, self.faults = dialect, Faults()
        self._store = Store.holding(_seed() if people is None else people)
        self._front = TlsFront(Path(folder)) if sign_in == "certificate" else None
        self._sign_in = SignIn(
            sign_in, user, secret, key_header, trusted_ports=self._front.ports if self._front else ()
        )
        held = load_forms(forms or HERE / "forms.yaml")
        self._operations = Operations(self._store, held, largest_document, guids=dialect == "odata")
        stopping = threading.Event()
        app = BadDays(self._app(names or Names()), self.faults, stopping, prefix=_BASES[dialect])
        self._server = WebServer(app, port, stopping)

    def start(self) -> "RestfulSimulator":
        """Listen and serve in a thread; a second start takes the same port, like a restarted server."""
        self._server.start()
        if self._front:
            self._front.start(self._server.port)
        return self

    def stop(self) -> None:
        """Stop at once; stopping what does not run is fine."""
        if self._front:
            self._front.stop()
        self._server.stop()

    def __enter__(self) -> "RestfulSimulator":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def port(self) -> int:
        return self._server.port

    @property
    def url(self) -> str:
        """The page a person looks at."""
        return self._server.url

    @property
    def api(self) -> str:
        """The base of the protocol; https where a client certificate is the way in."""
        base = _BASES[self.dialect]
        return f"{self._front.url}{base}" if self._front else self._server.url.rstrip("/") + base

    @property
    def token_url(self) -> str:
        """Where tokens are fetched, for `sign_in="oauth2"`."""
        return self._server.url.rstrip("/") + TOKEN_PATH

    @property
    def certificates(self) -> "dict[str, Path]":
        """Files for `sign_in="certificate"`: authority (to trust), certificate and key (of the client)."""
        if self._front is None:
            raise LookupError("this sign-in needs no certificates")
        return self._front.files

    def records(self, reference: str) -> list[Record | Task | Note]:
        """Everything under one reference, with the bytes of documents; also while it is stopped."""
        store = self._store
        with store.lock:
            held: list[Record | Task | Note] = [*store.records.values(), *store.tasks.values(), *store.notes.values()]
        return [entity for entity in held if entity.reference == reference]

    def lock(self, who_or_what: str, by: str, until: str | None = None) -> None:
        """A user opens a person's file (child id) or a record (id)."""
        for key in self._keys(who_or_what):
            self._store.locks[key] = Lock(by, until)

    def unlock(self, who_or_what: str) -> None:
        for key in self._keys(who_or_what):
            self._store.locks.pop(key, None)

    def change_person(self, child_id: str, **changes: Any) -> None:
        """What happens to people overnight: merged, restricted, hidden, an episode closed. Fields of `Person`."""
        with self._store.lock:
            for key in self._keys(child_id):
                self._store.people[key] = replace(self._store.people[key], **changes)

    def expire_tokens(self) -> None:
        """Every token handed out so far is worth nothing any more."""
        self._sign_in.expire()

    def _keys(self, who_or_what: str) -> list[str]:
        if who_or_what in self._store.records:
            return [who_or_what]
        found = [person.id for person in self._store.people.values() if person.child_id == who_or_what]
        if not found:
            raise LookupError("there is no such person or record")
        return found

    def _app(self, names: Names) -> Flask:
        app = Flask(__name__)
        app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = _LARGEST_REQUEST
        app.json.sort_keys = False  # type: ignore[attr-defined]
        app.before_request(self._guard)
        in_plain = self.dialect == "plain"
        operations = self._operations
        app.register_blueprint(
            plain.plain_blueprint(operations, names) if in_plain else odata.odata_blueprint(operations)
        )
        app.register_blueprint(self._sign_in.blueprint())
        app.register_blueprint(control_blueprint(self.faults))
        app.register_blueprint(pages_blueprint(self._store, f"A case system over REST ({self.dialect})"))
        return app

    def _guard(self) -> Response | None:
        """Sign-in covers the whole base path, so that even unknown routes tell a stranger nothing."""
        if not request.path.startswith(_BASES[self.dialect]):
            return None
        request.get_data(cache=True, parse_form_data=False)
        return None if self._sign_in.allows(request) else self._sign_in.unauthorised()


def _seed() -> list[Person]:
    entries = YAML(typ="safe", pure=True).load((HERE / "people.yaml").read_text(encoding="utf-8"))
    return [Person(**entry) for entry in entries]

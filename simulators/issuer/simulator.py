"""The issuer as one object: real servers on loopback sockets, with and without TLS, and a look inside."""

from collections.abc import Iterable
from pathlib import Path

from flask import Flask, Response

from simulators.kit.control import control_blueprint
from simulators.kit.server import WebServer

from . import certificates
from .authorize import authorize_blueprint
from .bad_answers import Layers
from .clients import Client, Clients
from .discovery import discovery_blueprint
from .grants import Session
from .logout import BackChannel, Told, logout_blueprint
from .pages import POLICY
from .people import People, Person
from .shapes import Shape, plain
from .switches import switches_blueprint
from .token_routes import token_blueprint
from .tokens import logout_token
from .world import World

_LARGEST_REQUEST = 1 << 20


class IssuerSimulator:
    """Serves between `start` and `stop`; a second start takes the same port. What it knows outlives a stop.

    `folder` is for certificates; a client trusts `authority`. `name` is the host in the issuer's address: 127.0.0.1,
    localhost, or one that the caller resolves to the loopback. `trust`: the authority behind clients' certificates.
    The same issuer answers without TLS at `plain_url`, and on another host at `elsewhere`, for clients that must not
    go there.
    """

    def __init__(
        self,
        folder: Path,
        clients: Iterable[Client],
        *,
        shape: Shape | None = None,
        people: Iterable[Person] | None = None,
        name: str = "127.0.0.1",
        port: int = 0,
        trust: Path | None = None,
    ) -> None:
        self.authority = certificates.make(folder, *([] if name in {"127.0.0.1", "localhost"} else [name]))
        self.world = World(shape or plain(), Clients(clients), People(people))
        self.channel = BackChannel(self.world, trust)
        self._name, app, stopping = name, Layers(self._app(), self.world), self.world.stopping
        context = certificates.context(folder)
        self._server = WebServer(app, port, stopping, context)
        self._elsewhere = WebServer(app, 0, stopping, context)
        self._plain = WebServer(app, 0, stopping)

    def start(self) -> "IssuerSimulator":
        """Listen and serve in threads."""
        for server in (self._server, self._elsewhere, self._plain):
            server.start()
        self.world.host = f"https://{self._name}:{self._server.port}"
        other = "127.0.0.1" if self._name == "localhost" else "localhost"
        self.world.elsewhere = f"https://{other}:{self._elsewhere.port}"
        return self

    def stop(self) -> None:
        """Stop at once; stopping what does not run is fine."""
        for server in (self._server, self._elsewhere, self._plain):
            server.stop()

    def __enter__(self) -> "IssuerSimulator":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def issuer(self) -> str:
        """The issuer's identifier; discovery is below it."""
        return self.world.issuer

    @property
    def port(self) -> int:
        return self._server.port

    @property
    def plain_url(self) -> str:
        """The issuer without TLS: what is announced here is without TLS as well."""
        return self._plain.url.rstrip("/") + self.world.shape.issuer

    @property
    def elsewhere(self) -> str:
        """The other host's base. `asked_elsewhere` counts who went there."""
        return self.world.elsewhere

    def be(self, *variants: str, times: int | None = 1, on: str = "any", after: int = 0) -> None:
        """Do these wrongly: names of variants.py or `simulators.kit.faults`. `on`: a path, `/id-token`, …"""
        for name in variants:
            self.world.faults.set(name, times, on, after)

    def well(self) -> None:
        """Nothing wrong any more."""
        self.world.faults.clear()
        self.world.clock.ahead = 0.0

    def asked(self, path: str) -> int:
        """How many requests came for this path at the issuer's own address."""
        return sum(each.path == path and self.world.host.endswith(each.host) for each in self.world.asked)

    @property
    def asked_elsewhere(self) -> int:
        """How many requests of any kind came to the other host, or without TLS."""
        return sum(not self.world.host.endswith(each.host) for each in self.world.asked)

    def log_out(self, login: str) -> list[Told]:
        """End every session of this person, and tell the clients."""
        return [told for each in self.world.grants.sessions_of(login) for told in self.channel.end(each)]

    def logout_token(self, client_id: str, login: str) -> str:
        """One for their newest session, without sending it: to be sent twice, late, or to the wrong place."""
        return logout_token(self.world, self._client(client_id), self._newest(login))

    def _client(self, client_id: str) -> Client:
        found = self.world.clients.get(client_id)
        if found is None:
            raise LookupError("there is no such client")
        return found

    def _newest(self, login: str) -> Session:
        found = self.world.grants.sessions_of(login)
        if not found:
            raise LookupError("nobody of that name is signed in")
        return found[-1]

    def _app(self) -> Flask:
        app = Flask(__name__)
        app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = _LARGEST_REQUEST
        app.json.sort_keys = False  # type: ignore[attr-defined]
        for blueprint in (discovery_blueprint, authorize_blueprint, token_blueprint):
            app.register_blueprint(blueprint(self.world))
        app.register_blueprint(logout_blueprint(self.world, self.channel))
        app.register_blueprint(control_blueprint(self.world.faults))
        app.register_blueprint(switches_blueprint(self.world, self.channel))
        app.after_request(_careful)
        return app


def _careful(answer: Response) -> Response:
    """For whatever a browser is shown."""
    answer.headers.setdefault("Content-Security-Policy", POLICY)
    answer.headers.setdefault("Cache-Control", "no-store")
    answer.headers["X-Content-Type-Options"], answer.headers["Referrer-Policy"] = "nosniff", "no-referrer"
    return answer

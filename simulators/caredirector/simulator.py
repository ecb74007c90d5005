"""The simulator as one object: a real HTTP server on a loopback socket, with a look inside."""

import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

from simulators.kit.bad_answers import JSON, Media
from simulators.kit.bad_days import BadDays, reads_by_method
from simulators.kit.control import control_blueprint
from simulators.kit.faults import Faults
from simulators.kit.server import WebServer

from .api import PREFIX, ROUTES, TOKEN_PATH, build_app
from .forms import load_templates
from .model import Record
from .operations import Operations
from .pages import Pages
from .people import TEST_PEOPLE, Person
from .store import Store
from .tokens import Tokens
from .views import Views

CLIENT_ID, CLIENT_SECRET = "wise-bridge", "fictional-secret-for-tests"
FILE_LIMIT = 5 * 1024 * 1024
_FORMS = Path(__file__).parent / "forms.yaml"
_MEDIA = Media(JSON.type, b'{"hasMoreRecords": "False", "data": ["', b"x", b'{"hasMoreRecords": "Fal')


class CareDirectorSimulator:
    """One authority's CareDirector. State is in memory and outlives a restart; `folder` holds the bytes of files.

    `routes` is the client's allow-list (`"GET person"`, `"PUT caseform"`, …): take one out, and its answer is
    `RouteNotFound`.
    """

    def __init__(
        self,
        folder: Path | str,
        client_id: str = CLIENT_ID,
        client_secret: str = CLIENT_SECRET,
        port: int = 0,
        *,
        people: Iterable[Person] = TEST_PEOPLE,
        file_limit: int = FILE_LIMIT,
        token_seconds: float = 300.0,
        forms: Path = _FORMS,
    ) -> None:
        self.faults = Faults()
        self.routes = set(ROUTES)
        self._store = Store(Path(folder), people)
        self._tokens = Tokens(client_id, client_secret, token_seconds)
        templates = load_templates(forms)
        operations = Operations(self._store, templates, file_limit)
        app = build_app(operations, Views(self._store, templates), self._tokens, self.routes, self._store.lock)
        app.register_blueprint(Pages(self._store, templates).blueprint())
        app.register_blueprint(control_blueprint(self.faults))
        stopping = threading.Event()
        layered = BadDays(app, self.faults, stopping, PREFIX, media=_MEDIA, is_read=_is_read)
        self._server = WebServer(layered, port, stopping)

    def start(self) -> "CareDirectorSimulator":
        """Listen and serve in a thread; a second start takes the same port, and no token outlives the stop."""
        self._tokens.end_all()
        self._server.start()
        return self

    def stop(self) -> None:
        self._server.stop()

    def __enter__(self) -> "CareDirectorSimulator":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        return self._server.port

    @property
    def url(self) -> str:
        """Where the page is."""
        return self._server.url

    @property
    def api(self) -> str:
        """The base of the protocol."""
        return self._server.url.rstrip("/") + PREFIX

    @property
    def token_seconds(self) -> float:
        """How long tokens handed out from now on are good for."""
        return self._tokens.seconds

    @token_seconds.setter
    def token_seconds(self, seconds: float) -> None:
        self._tokens.seconds = seconds

    def expire_tokens(self) -> None:
        """Every token handed out so far is no longer good."""
        self._tokens.end_all()

    def records(self, reference: str | None = None) -> list[Record]:
        """Everything, or everything under one reference, oldest first; works while the simulator is stopped, too."""
        found = self._store.records()
        return [record for record in found if reference in {None, record.reference}]

    def change_person(self, number: str, **changes: Any) -> None:
        """Do what a worker does at the screen: `lock=Lock("…")`, `hidden=True`, `merged_to="40211"`, …."""
        self._store.change_people(number, **changes)


def _is_read(environ: dict[str, Any]) -> bool:
    """Signing in changes nothing, though it is posted."""
    return environ["PATH_INFO"] == TOKEN_PATH or reads_by_method(environ)

"""The simulator as one object: a real HTTP server on a loopback socket, with a look inside."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

from simulators.kit.bad_answers import XML
from simulators.kit.bad_days import BadDays, WsgiApp
from simulators.kit.faults import Faults
from simulators.kit.server import HOST, WebServer

from .app import build_app
from .forms import Form, load_forms
from .knobs import Knobs
from .model import STATUSES, Note, Step
from .operations import Operations
from .pages import Pages
from .seed import Seed, load_seed
from .soap import SOAP, UsernameTokens, bad_xml, operation_named, reads, soap_blueprint
from .store import Store
from .transport import API, TurnedKnobs
from .yamlfile import DefinitionError

HERE = Path(__file__).parent
SOAP_USER = "wise-bridge"
SOAP_PASSWORD = "fictional-password-for-tests"


class MosaicSimulator:
    """One authority's Mosaic. Usable in a thread (`with MosaicSimulator(...) as sim`) or as a process."""

    def __init__(
        self,
        data_folder: Path | str,
        key: str,
        port: int = 0,
        forms: Path | None = None,
        seed: Path | None = None,
        *,
        soap_user: str = SOAP_USER,
        soap_password: str = SOAP_PASSWORD,
        soap_password_text: bool = False,
    ) -> None:
        if not key:
            raise ValueError("the key must not be empty")
        self._folder, self._key, self._port = Path(data_folder), key, port
        self._forms = load_forms(forms) if forms else _own_forms()
        self._seed = load_seed(seed) if seed else _own_seed()
        _check_actions(self._forms, self._seed)
        self.knobs = Knobs()
        self.faults = Faults(*bad_xml())
        self._tokens = UsernameTokens(soap_user, soap_password, allow_text=soap_password_text)
        self._server: WebServer | None = None
        self._store: Store | None = None
        self._stopping = threading.Event()

    def start(self) -> "MosaicSimulator":
        """Listen and serve in a thread. A second start takes the same port, like a restarted server."""
        if self._server is not None:
            raise RuntimeError("the simulator is running already")
        self._stopping = threading.Event()
        self._store = Store(self._folder)
        self._server = WebServer(self._application(), self._port, self._stopping).start()
        self._port = self._server.port
        return self

    def stop(self) -> None:
        """Stop at once: requests that wait are cut off, a change under way is finished first."""
        if self._server is None or self._store is None:
            return
        self._server.stop()
        self._store.close()
        self._server = self._store = None

    def __enter__(self) -> "MosaicSimulator":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """The port in use; 0 until the first start when a free one was asked for."""
        return self._port

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{HOST}:{self._port}/"

    @property
    def api(self) -> str:
        """The base path of the protocol."""
        return f"http://{HOST}:{self._port}{API}"

    @property
    def soap(self) -> str:
        """The address of the SOAP binding."""
        return f"http://{HOST}:{self._port}{SOAP}"

    def set_knobs(self, **values: Any) -> None:
        """Change the named knobs; the others stay as they are."""
        self.knobs.set(values)

    def steps(self, external_reference: str | None = None) -> list[Step]:
        """What is stored, with the bytes of documents; also works while the simulator is stopped."""
        with self._reading() as store:
            return store.steps(external_reference, with_content=True)

    def notes(self, external_reference: str) -> list[Note]:
        """The notes with a reference; also works while the simulator is stopped."""
        with self._reading() as store:
            return store.notes(external_reference)

    def set_status(self, step_id: int, status: str) -> None:
        """Do what a worker does at the screen, for example reopen or cancel a step."""
        if status not in STATUSES:
            raise ValueError(f"unknown status {status!r}; states are {', '.join(STATUSES)}")
        with self._reading() as store, store.transaction():
            if store.step(step_id) is None:
                raise LookupError(f"there is no step {step_id}")
            store.set_status(step_id, status)

    def _application(self) -> WsgiApp:
        assert self._store is not None
        operations = Operations(self._store, self._seed, self._forms, self.knobs)
        pages = Pages(self._store, self._forms, self._seed)
        soap = soap_blueprint(operations, self._tokens)
        app = build_app(operations, pages, self.knobs, self._key, soap=soap, faults=self.faults)
        turned = TurnedKnobs(app, self.knobs, self._stopping)
        rest = BadDays(turned, self.faults, self._stopping, "/api")
        return BadDays(
            rest, self.faults, self._stopping, SOAP, media=XML, is_read=reads, place=operation_named, more=bad_xml()
        )

    @contextmanager
    def _reading(self) -> Iterator[Store]:
        if self._store is not None:
            yield self._store
            return
        store = Store(self._folder)
        try:
            yield store
        finally:
            store.close()


@cache
def _own_forms() -> dict[int, Form]:
    """Read once: nobody changes them, and tests start very many simulators."""
    return load_forms(HERE / "forms.yaml")


@cache
def _own_seed() -> Seed:
    return load_seed(HERE / "seed.yaml")


def _check_actions(forms: dict[int, Form], seed: Seed) -> None:
    """Both files name action types; a number only one of them knows is a typing mistake."""
    for form in forms.values():
        for action in form.next_steps or {}:
            if action not in seed.action_types:
                raise DefinitionError(
                    f"step type {form.step_type_id}: action {action} is not in the seed's actionTypes"
                )

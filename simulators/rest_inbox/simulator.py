"""The simulator as one object: a real HTTP server on a loopback socket, with a look inside."""

import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask
from ruamel.yaml import YAML
from werkzeug.exceptions import HTTPException

from simulators import restful
from simulators.kit.bad_days import BadDays
from simulators.kit.control import control_blueprint
from simulators.kit.faults import Faults
from simulators.kit.server import WebServer
from simulators.restful.forms import load_forms

from .api import BASE, api_blueprint, http_error, key_guard
from .checks import Rules
from .inbox import Inbox
from .model import REFUSED, Item, Person
from .pages import pages_blueprint

HERE = Path(__file__).parent
FORMS = Path(restful.__file__).parent / "forms.yaml"
"""The self-test form with a question of each type, and three that take any question."""
_LARGEST_REQUEST = 64 * 1024 * 1024


class RestInboxSimulator:
    """One authority's inbox. What it holds is in memory and outlives `stop`; `folder` is made and left alone.

    `later`: None files each item at once (201); else it is taken (202) and filed that many seconds later.
    """

    def __init__(
        self,
        folder: Path | str,
        *,
        secret: str,
        key_header: str = "X-Api-Key",
        authority: str = "E08000007",
        people: Iterable[Person] | None = None,
        forms: Path = FORMS,
        largest_document: int = 5 * 1024 * 1024,
        later: float | None = None,
        port: int = 0,
    ) -> None:
        if not secret:
            raise ValueError("the key is empty")
        Path(folder).mkdir(parents=True, exist_ok=True)
        self.faults, stopping = Faults(), threading.Event()
        rules = Rules(authority, load_forms(forms), largest_document)
        self._inbox = Inbox(rules, _seed() if people is None else people, later)
        app = self._app(key_header, secret)
        self._server = WebServer(BadDays(app, self.faults, stopping, prefix=BASE), port, stopping)

    def start(self) -> "RestInboxSimulator":
        """Listen and serve in a thread; a second start takes the same port, like a restarted server."""
        self._server.start()
        return self

    def stop(self) -> None:
        """Stop at once; stopping what does not run is fine."""
        self._server.stop()

    def __enter__(self) -> "RestInboxSimulator":
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
        """The base of the protocol."""
        return self._server.url.rstrip("/") + BASE

    def records(self, reference: str) -> list[Item]:
        """What was filed or is waiting under a reference, with the bytes of its document; not what was refused."""
        return [item for item in self._inbox.every() if item.reference == reference and item.state != REFUSED]

    def file_waiting(self) -> None:
        """Everything that was only taken is filed, or refused, now."""
        self._inbox.file_waiting()

    def change_person(self, child_id: str, **changes: Any) -> None:
        """What happens to people overnight: merged, restricted, locked, an episode closed. Fields of `Person`."""
        with self._inbox.lock:
            held = self._inbox.people
            if child_id not in {person.child_id for person in held}:
                raise LookupError("there is no such person")
            held[:] = [replace(each, **changes) if each.child_id == child_id else each for each in held]

    def _app(self, key_header: str, secret: str) -> Flask:
        app = Flask(__name__)
        app.config["MAX_CONTENT_LENGTH"] = _LARGEST_REQUEST
        app.json.sort_keys = False  # type: ignore[attr-defined]
        app.before_request(key_guard(key_header, secret))
        app.register_blueprint(api_blueprint(self._inbox))
        app.register_blueprint(control_blueprint(self.faults))
        app.register_blueprint(pages_blueprint(self._inbox))
        app.register_error_handler(HTTPException, http_error)
        return app


def _seed() -> list[Person]:
    entries = YAML(typ="safe", pure=True).load((HERE / "people.yaml").read_text(encoding="utf-8"))
    return [Person(**entry) for entry in entries]

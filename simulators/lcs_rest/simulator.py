"""The simulator as one object: a real HTTP server on a loopback socket, with a look inside."""

import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from simulators.kit.bad_days import BadDays
from simulators.kit.faults import Faults
from simulators.kit.server import WebServer
from simulators.lcs_rest.app import API, TOKENS, build_app
from simulators.lcs_rest.forms import load_forms
from simulators.lcs_rest.memory import Held, Memory
from simulators.lcs_rest.operations import Operations
from simulators.lcs_rest.people import Person, load_world
from simulators.lcs_rest.sign_in import Credentials, SignIn

HERE = Path(__file__).parent
LARGEST_DOCUMENT = 5 * 1024 * 1024


class LcsRestSimulator:
    """One authority's LCS over HTTP. Everything is kept in memory, for as long as the object lives.

    `folder` is made and otherwise left alone. `faults` meet the protocol, `token_faults` the asking for a token.
    """

    def __init__(
        self,
        folder: Path | str,
        credentials: Credentials | None = None,
        port: int = 0,
        *,
        people: Iterable[Person] | None = None,
        forms: Path = HERE / "forms.yaml",
        seed: Path = HERE / "seed.yaml",
        largest_document: int = LARGEST_DOCUMENT,
        token_seconds: int = 600,
    ) -> None:
        Path(folder).mkdir(parents=True, exist_ok=True)
        self.faults, self.token_faults = Faults(), Faults()
        self.credentials = credentials or Credentials()
        self._memory, self._world = Memory(), load_world(seed, people)
        self._sign_in, self._stopping = SignIn(self.credentials, token_seconds), threading.Event()
        operations = Operations(self._memory, self._world, load_forms(forms), largest_document)
        app = build_app(operations, self._memory, self._world, self._sign_in, self.faults)
        tokens = BadDays(app, self.token_faults, self._stopping, TOKENS)
        self._server = WebServer(BadDays(tokens, self.faults, self._stopping, API), port, self._stopping)

    def start(self) -> "LcsRestSimulator":
        """Listen and serve in a thread; what was stored before a stop is still there."""
        self._server.start()
        return self

    def stop(self) -> None:
        """Stop at once; requests that wait are cut off."""
        self._server.stop()

    def __enter__(self) -> "LcsRestSimulator":
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
        """The base path of the protocol."""
        return self.url.rstrip("/") + API

    @property
    def token_url(self) -> str:
        """Where a token is asked for."""
        return self.url.rstrip("/") + TOKENS + "/token"

    @property
    def tokens_issued(self) -> int:
        """How many tokens have been given out."""
        return self._sign_in.issued

    def records(self, reference: str) -> list[Held]:
        """Everything under a reference: forms with the bytes of their documents, tasks, withdrawals."""
        return self._memory.under(reference)

    def person(self, number: int) -> Person:
        """A row of people as it is now."""
        return self._world.people[number]

    def set_person(self, person: Person) -> None:
        """Change or add a row, as if somebody had done so at the screen."""
        with self._memory.lock:
            self._world.people[person.number] = person

    def expire_tokens(self) -> None:
        """End every token now."""
        self._sign_in.expire()

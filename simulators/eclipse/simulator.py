"""The simulator as one object: a real HTTP server on a loopback socket, with a look inside."""

import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

from simulators.kit.bad_days import BadDays, Environ, reads_by_method
from simulators.kit.faults import Faults
from simulators.kit.server import WebServer

from .app import API, build_app, is_sign_in
from .forms import Design, load_forms
from .model import Record
from .routes import PERMISSIONS
from .seed import Seed, load_seed, read_people
from .signin import Credentials, SignIn
from .world import World

HERE = Path(__file__).parent
LARGEST_ATTACHMENT = 5 * 1024 * 1024


class EclipseSimulator:
    """One authority's Eclipse. What it holds is kept over `stop` and `start`, and lost with the object.

    `folder` takes the bytes of attachments. `secret` is both the password of user `wise.bridge` and the secret of
    client `wise-bridge`. `people` replace the seed's, and `forms` is a file like `forms.yaml`.
    """

    USER, CLIENT = "wise.bridge", "wise-bridge"

    def __init__(
        self,
        folder: Path | str,
        secret: str,
        port: int = 0,
        *,
        people: Mapping[int, Mapping[str, Any]] | None = None,
        forms: Path | None = None,
        permissions: Collection[str] = PERMISSIONS,
        token_seconds: int = 300,
        largest_attachment: int = LARGEST_ATTACHMENT,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if not secret:
            raise ValueError("the secret must not be empty")
        Path(folder).mkdir(parents=True, exist_ok=True)
        seed = _own_seed() if people is None else replace(_own_seed(), people=read_people(dict(people), "people"))
        designs = _own_forms() if forms is None else load_forms(forms)
        self._world = World(seed, designs, Path(folder), largest_attachment)
        self._sign_in = SignIn(Credentials(self.USER, secret, self.CLIENT, secret), token_seconds, clock)
        self.faults, stopping = Faults(), threading.Event()
        app = build_app(self._world, self._sign_in, self.faults, permissions)
        self._server = WebServer(BadDays(app, self.faults, stopping, API, is_read=_is_read), port, stopping)

    def start(self) -> "EclipseSimulator":
        """Listen and serve in a thread. A second start takes the same port, like a restarted server."""
        self._server.start()
        return self

    def stop(self) -> None:
        """Stop at once; stopping what does not run is fine."""
        self._server.stop()

    def __enter__(self) -> "EclipseSimulator":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """The port in use; 0 until the first start when a free one was asked for."""
        return self._server.port

    @property
    def url(self) -> str:
        """Where the page is."""
        return self._server.url

    @property
    def api(self) -> str:
        """The base URL of the protocol."""
        return self.url.rstrip("/") + API

    def records(self, reference: str) -> list[Record]:
        """Everything under a reference, oldest first; an attachment has its bytes in `content`."""
        with self._world.lock:
            return self._world.under(reference)

    def change_person(self, number: int, **changes: Any) -> None:
        """Do what a worker does at the screen, for example `hidden=True` or `locked_by="SIM.WORKER"`."""
        self._world.change_person(number, **changes)

    def merge(self, number: int, into: int) -> None:
        """Mark a person as the duplicate of another, and move what is filed to the survivor."""
        self._world.merge(number, into)

    def sign_everybody_out(self) -> None:
        """Every session and token ends now, as after a restart of the product."""
        self._sign_in.expire_all()


@cache
def _own_seed() -> Seed:
    """Read once: tests start a simulator each."""
    return load_seed(HERE / "seed.yaml")


@cache
def _own_forms() -> dict[str, Design]:
    return load_forms(HERE / "forms.yaml")


def _is_read(environ: Environ) -> bool:
    """Signing in files nothing, so that a fault on writing meets the writing."""
    return reads_by_method(environ) or is_sign_in(environ["PATH_INFO"])

"""One target: its SFTP port, its importer and its page."""

from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from simulators.filedrop.answers import WRITERS
from simulators.filedrop.manifest import READERS
from simulators.filedrop.memory import Memory
from simulators.filedrop.model import Person, Record, RefusedSet
from simulators.filedrop.pages import create_app
from simulators.filedrop.reception import LOCKED, Reception
from simulators.filedrop.world import FORMS, SEED, load_world
from simulators.kit.server import WebServer
from simulators.sftp.faults import FileFaults
from simulators.sftp.host_key import read_authorized
from simulators.sftp.importer import Importer
from simulators.sftp.knobs import Knobs
from simulators.sftp.layout import Layout
from simulators.sftp.loop_thread import LoopThread
from simulators.sftp.mailbox import Mailbox
from simulators.sftp.server import ExchangeServer, root_of

FOLDERS = ("in", "archive", "out", "out/collected")
LIMIT = 5 * 1024 * 1024


class FileDropSimulator(Knobs):
    """`with FileDropSimulator(folder, public_key_file) as sim:`; its knobs are its attributes: `sim.paused = True`.

    `port` is that of SFTP; 0 takes a free one. Stopped and started again, it keeps its ports, its host key and all it
    holds. `people` replaces the test persons. `folders` are inbox, archive, outbox and what was collected.
    """

    def __init__(
        self,
        folder: Path,
        authorized_keys: Path,
        port: int = 0,
        *,
        manifest: str = "json",
        answers: str = "json",
        folders: tuple[str, str, str, str] = FOLDERS,
        people: dict[str, Person] | None = None,
        limit: int = LIMIT,
        seed: Path = SEED,
        forms: Path = FORMS,
        page_port: int = 0,
        poll_seconds: float = 0.5,
    ) -> None:
        super().__init__(poll_seconds=poll_seconds)
        if manifest not in READERS or answers not in WRITERS:
            raise ValueError(f"manifests are {', '.join(READERS)}; answers are {', '.join(WRITERS)}")
        world = load_world(seed, forms)
        self.world = world if people is None else replace(world, people=dict(people))
        self.faults = FileFaults(LOCKED)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.root = root_of(folder)
        self._memory = Memory(self.world, WRITERS[answers])
        self.reception = Reception(self.world, self._memory, self.faults, manifest, limit)
        mailbox = Mailbox(self.root, Layout(*folders, suffixes=(manifest, "pdf")))
        self.importer = Importer(folder.name, mailbox, self._memory, self.reception.settle, knobs=self)
        keys = read_authorized(authorized_keys)
        self._server = ExchangeServer(folder, world.user, keys, self.importer, self, port)
        self._pages = WebServer(create_app(self._memory, self.faults), page_port)
        self._loop: LoopThread | None = None

    @property
    def port(self) -> int:
        return self._server.port

    @property
    def user(self) -> str:
        return self.world.user

    @property
    def host_key_fingerprint(self) -> str:
        """As OpenSSH shows it: `SHA256:…`."""
        return self._server.host_key_fingerprint

    @property
    def url(self) -> str:
        """The page; its switches are under `_simulator/`."""
        return self._pages.url

    @property
    def api(self) -> str:
        """Where the exchange is."""
        return f"sftp://{self.user}@127.0.0.1:{self.port}/"

    def records(self, reference: str | None = None) -> list[Record]:
        """Everything filed, in order; with a reference, what is under it: one form, task or withdrawal, or nothing."""
        return [record for record in self._memory.records() if reference in (None, record.reference)]

    def refusals(self) -> list[RefusedSet]:
        """Every refusal given, oldest first."""
        return self._memory.refusals()

    def set_person(self, person: Person) -> None:
        """Changes or adds a row, as if somebody had done so on screen."""
        self.world.people[person.child_id] = person

    def change_host_key(self) -> None:
        """The server comes back with another key, on the same port. Only while running."""
        assert self._loop is not None
        self._loop.run(self._server.change_host_key())

    def start(self) -> Self:
        """All of it or, if a port or the folder is taken, nothing."""
        self._loop = LoopThread()
        try:
            self._loop.run(self._server.open())
            self._pages.start()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """May be called twice."""
        self._pages.stop()
        if self._loop is None:
            return
        self._loop.run(self._server.close())
        self._loop.stop()
        self._loop = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()

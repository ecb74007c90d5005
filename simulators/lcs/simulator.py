"""Several instances in one process, each with its own SFTP port, and one port for the pages."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from simulators.kit.server import WebServer
from simulators.lcs.instance import LcsInstance
from simulators.lcs.pages import create_app
from simulators.lcs.world import FORMS, SEED, load_authorities
from simulators.sftp.host_key import read_authorized
from simulators.sftp.loop_thread import LoopThread


class LcsSimulator:
    """`with LcsSimulator(data, {"stockport": 0}, key_file) as simulator:`

    Port 0 takes a free one; read it from `instance.port` and `http_port` afterwards. Once stopped, an
    object stays readable (`filed`, `refusals`) but is not started again: make a new one over the same data.
    """

    def __init__(
        self,
        data: Path,
        instances: Mapping[str, int],
        authorized_keys: Path,
        http_port: int = 0,
        seed: Path = SEED,
        forms: Path = FORMS,
        poll_seconds: float = 0.5,
    ) -> None:
        known = load_authorities(seed, forms)
        if missing := set(instances) - set(known):
            raise ValueError(f"no such authority in {seed.name}: {', '.join(sorted(missing))}")
        keys = read_authorized(authorized_keys)
        rows = {slug: LcsInstance(known[slug], data / slug, keys, port) for slug, port in instances.items()}
        self.instances: dict[str, LcsInstance] = rows
        for instance in rows.values():
            instance.poll_seconds = poll_seconds
        self._pages = WebServer(create_app(rows), http_port)
        self._loop: LoopThread | None = None

    @property
    def http_port(self) -> int:
        return self._pages.port

    @property
    def http_url(self) -> str:
        return self._pages.url

    def instance(self, slug: str) -> LcsInstance:
        return self.instances[slug]

    def change_host_key(self, slug: str) -> None:
        """One instance's server comes back with another key, on the same port. Only while running."""
        assert self._loop is not None
        self._loop.run(self.instances[slug].server.change_host_key())

    def start(self) -> None:
        """All of it or, if a port or folder is taken, nothing."""
        self._loop = LoopThread()
        try:
            for instance in self.instances.values():
                self._loop.run(instance.server.open())
            self._pages.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """May be called twice."""
        self._pages.stop()
        if self._loop is None:
            return
        for instance in self.instances.values():
            self._loop.run(instance.server.close())
        self._loop.stop()
        self._loop = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()

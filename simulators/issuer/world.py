"""What all endpoints of one issuer share."""

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from simulators.kit.faults import Call, Faults

from .clients import Clients
from .grants import Grants
from .keys import Keys
from .people import People
from .shapes import CONFIGURATION, Shape
from .variants import ALL


class Clock:
    """The issuer's time. `ahead`: so many seconds before (or, below zero, behind) this machine's."""

    ahead = 0.0

    def now(self) -> float:
        return time.time() + self.ahead


@dataclass(frozen=True)
class Asked:
    """A request that came in: which host, which path, the names in its query. No value is kept."""

    host: str
    method: str
    path: str
    names: frozenset[str]


@dataclass
class World:
    """`host` is where it is served, as `https://127.0.0.1:8443`; `elsewhere` another host with the same keys."""

    shape: Shape
    clients: Clients
    people: People = field(default_factory=People)
    keys: Keys = field(default_factory=Keys)
    faults: Faults = field(default_factory=lambda: Faults(*ALL))
    clock: Clock = field(default_factory=Clock)
    host: str = ""
    elsewhere: str = ""
    slow_seconds: float = 3.0
    token_seconds: int = 3600
    asked: list[Asked] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.grants = Grants(self.clock.now)

    @property
    def issuer(self) -> str:
        """The identifier: with the tenant, for Entra ID."""
        return self.host + self.shape.issuer

    @property
    def configuration(self) -> str:
        """Where discovery is."""
        return self.issuer + CONFIGURATION

    def met(self, path: str, variants: Mapping[str, str] | Iterable[str]) -> set[str]:
        """Which of these variants the answer at this place meets; each is used up by one."""
        return {name for name in variants if self.faults.take(Call((path,), is_read=False), {name})}

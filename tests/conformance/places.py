"""A shipped sample at home in a simulator: what is the place's own is replaced, and nothing else."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from ruamel.yaml import YAML

from service.adapters.authority import AuthorityAdapter
from service.adapters.profiles import Profile
from service.adapters.registry import connector, document_sink
from service.configuration import profile
from service.ports import Answer, Awaiting, Receipt
from service.settings import ROOT
from tests.support.waiting import eventually

CONFIG = ROOT / "config"
AUTHORITY = "E08000007"
SECRET = "fictional-secret-for-tests"  # pragma: allowlist secret


@dataclass(frozen=True)
class Held:
    """A finished form as a simulator holds it, in the profile's words: `target` is what `records.….target` asked for.

    `corrects` is the number of the record it took the place of. `document` is empty where none is in the case system.
    """

    number: str
    child_id: str
    target: Mapping[str, str | int]
    restricted: bool
    answers: tuple[Answer, ...]
    corrects: str | None
    document_number: str | None = None
    document: bytes = b""
    title: str = ""


class Place(ABC):
    """A simulator, and the adapter that the sample makes for it.

    `child_id` is the simulator's right young person, born on 2 May 2010. `unsaid` are keys of a target that never
    reach this place.
    """

    sample: ClassVar[str]
    child_id: ClassVar[str] = "40211"
    unsaid: ClassVar[frozenset[str]] = frozenset()
    profile: Profile
    adapter: AuthorityAdapter

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def running(self) -> AbstractContextManager[Any]:
        """The simulator, for as long as the context lasts."""

    @abstractmethod
    def own(self) -> Mapping[str, Any]:
        """Keys of the sample's sections with the place's own values; None takes a key, or a section, away."""

    @abstractmethod
    def addresses(self) -> list[tuple[str, int]]:
        """Scheme and port of everything that is called on this machine."""

    @abstractmethod
    def environ(self) -> Mapping[str, str]:
        """The credentials that the sample refers to."""

    @abstractmethod
    def forms(self, reference: str) -> list[Held]:
        """Every finished form under a reference."""

    @abstractmethod
    def trays(self, reference: str) -> list[Mapping[str, str | int]]:
        """Where each task under a reference lies, as `review.task` says it."""

    @abstractmethod
    def withdrawn(self, reference: str) -> list[str]:
        """The number of every record that was withdrawn under a reference."""

    @contextmanager
    def open(self) -> Iterator[Place]:
        """The simulator runs, and the adapter is made as the worker makes it."""
        with self.running():
            self.profile = profile(CONFIG, self._moved())
            kept = self.profile.documents.elsewhere
            sink = document_sink(kept) if kept else None
            self.adapter = AuthorityAdapter(self.profile, connector(self.profile.connector), self.environ(), sink=sink)
            yield self

    def form(self, reference: str) -> Held:
        """The one form under a reference."""
        (form,) = self.forms(reference)
        return form

    def settled(self, outcome: Receipt | Awaiting, reference: str) -> Receipt:
        """The receipt, asked for where it comes later."""
        if isinstance(outcome, Receipt):
            return outcome
        system = self.adapter.case_system
        found = eventually(lambda: receipt if isinstance(receipt := system.look_up(reference), Receipt) else None)
        assert found
        return found

    def document(self, reference: str) -> tuple[bytes, str, bool]:
        """The document's bytes, its title, and whether it is kept apart, wherever this place keeps documents."""
        form = self.form(reference)
        return form.document, form.title, form.restricted

    def _moved(self) -> Path:
        """The sample, read and written again with what is this place's own."""
        yaml, file = YAML(typ="safe", pure=True), self.folder / f"{self.sample}.yaml"
        sections = yaml.load((CONFIG / "samples" / file.name).read_text("utf-8"))
        sections |= {"authority": AUTHORITY, "egress": [_loopback(*each) for each in self.addresses()]}
        yaml.dump(_with(sections, self.own()), file)
        return file


def _with(sections: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Keys inside keys too; what is None goes."""
    both = {**sections, **own}
    inner = {key for key, value in own.items() if isinstance(value, Mapping)}
    return {
        key: _with(sections[key], value) if key in inner else value for key, value in both.items() if value is not None
    }


def _loopback(scheme: str, port: int) -> dict[str, Any]:
    return {"scheme": scheme, "host": "127.0.0.1", "port": port, "loopback_for_tests_only": True}

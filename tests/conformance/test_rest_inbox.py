"""An inbox over REST against the whole suite; and one that takes a record first and files it later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest

from service.adapters.rest_inbox.system import RestInbox
from service.adapters.shared.link import Link
from service.ports import Answer, CaseSystem
from simulators.rest_inbox import Item, RestInboxSimulator
from tests.conformance.faults import Faults
from tests.conformance.http_world import HttpWorld
from tests.conformance.promises import Conformance
from tests.conformance.world import MARKER

SECRET = "fictional-secret-for-tests"  # pragma: allowlist secret
TARGETS = {"wise_assessment": {"form": "TEST", "document_type": "ASSESS"}}
TASK = {"task_kind": "REVIEW", "team": "CSAFE"}
PEOPLE = {"unknown": "P0000999", "merged": "P0000102", "estimated": "P0000103", "restricted": "P0000104"}
PEOPLE |= {"right": "P0000101", "hidden": "P0000105", "ambiguous": "P0000106", "no_episode": "P0000107"}
LARGEST = 65536
SOON = 0.05


class RestInboxWorld(HttpWorld):
    """One authority's integration platform."""

    people: ClassVar[Mapping[str, str]] = PEOPLE
    base_path: ClassVar[str] = "/inbox"
    cannot_happen: ClassVar[Mapping[str, str]] = {"sign-in ends": "A key or a certificate does not end by itself."}

    def __init__(self, simulator: RestInboxSimulator) -> None:
        self.simulator = simulator
        self.system: CaseSystem = self.connected()

    def connected(self, seconds: float = 20.0, *, documents_here: bool = True, **changes: str) -> RestInbox:
        connection = {"base_url": self.simulator.api, "api_key": SECRET, **changes}
        return RestInbox(Link(connection, TARGETS, TASK, documents_here=documents_here), seconds=seconds)

    def answers(self) -> tuple[Answer, ...]:
        rows = (Answer("ROWS", 1, "one"), Answer("ROWS", 2, "two"))
        return (Answer("SHORT", None, "x"), Answer("DATE", None, "2026-09-14"), *rows, Answer("LONG", None, MARKER))

    @contextmanager
    def locked(self) -> Iterator[None]:
        self.simulator.change_person("P0000101", locked=True)
        yield
        self.simulator.change_person("P0000101", locked=False)

    def unfit_answer(self) -> Answer:
        return Answer("NUMBER", None, MARKER)

    def too_large(self) -> bytes:
        return b"x" * LARGEST

    def stored_words(self, reference: str) -> list[str]:
        return [answer["value"] for answer in self.item(reference).sent["answers"]]

    def stored_restriction(self, reference: str) -> bool:
        return bool(self.item(reference).sent["restricted"])

    def item(self, reference: str = "WB-0001") -> Item:
        """The one item under a reference."""
        (item,) = self.simulator.records(reference)
        assert isinstance(item, Item)
        return item


class Platform:
    """It files while it is asked, or so many seconds later."""

    later: ClassVar[float | None] = None

    @pytest.fixture
    def world(self, tmp_path: Path) -> Iterator[RestInboxWorld]:
        simulated: dict[str, Any] = {"secret": SECRET, "largest_document": LARGEST, "later": self.later}
        with RestInboxSimulator(tmp_path / "inbox", **simulated) as simulator:
            yield RestInboxWorld(simulator)


class TestRestInbox(Platform, Conformance, Faults):
    World = RestInboxWorld


class TestRestInboxThatFilesLater(Platform, Conformance):
    """What is refused there is told when it is asked for; the promises are the same."""

    World = RestInboxWorld
    later: ClassVar[float | None] = SOON

"""The generic file exchange against the whole suite."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Literal

import asyncssh
import pytest

from service.adapters.generic_sftp.system import GenericSftpCaseSystem
from service.adapters.shared.link import Link
from service.ports import Answer, Awaiting, CaseSystem, PersonReference
from simulators.filedrop import FileDropSimulator
from tests.conformance.faults import Faults
from tests.conformance.file_answers import FileAnswers
from tests.conformance.promises import Conformance
from tests.conformance.world import MARKER, World, file

OURS, STRANGER = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
TARGETS = {"wise_assessment": {"form": "TEST", "document_type": "WISEASM", "document_sub_type": "FULL"}}
TASK = {"team": "REVIEW"}
PEOPLE = {"right": "0040211", "merged": "0040212", "estimated": "0040213", "restricted": "0040214"}
PEOPLE |= {"hidden": "0040215", "ambiguous": "0040216", "no_episode": "0040217", "unknown": "0040299"}
LIMIT = 300_000
MARKERS = [f"/in/{reference}.done" for reference in ("WB-0001", "WB-T001", "WB-W001")]
BEFORE_THE_MARKER = 3
"""Operations on a marker's name, or one that begins so, before it gets its name: looked for, opened, measured."""


def pem(key: asyncssh.SSHKey) -> str:
    return key.export_private_key("openssh").decode()


class GenericSftpWorld(World):
    """One authority's file exchange, with the formats its simulator was started with."""

    transport: ClassVar[Literal["http", "files"]] = "files"
    cannot_happen: ClassVar[Mapping[str, str]] = {
        "sign-in ends": "A key does not end by itself; a refused one is a fault of its own.",
        "garbage": "An answer cut short is one still being written, for as long as it lies there; it becomes overdue.",
    }

    def __init__(self, simulator: FileDropSimulator, manifest: str, answers: str) -> None:
        self.simulator, self.formats = simulator, {"manifest": manifest, "answers": answers}
        self.system: CaseSystem = self.connected()

    def connected(self, seconds: float = 20.0, *, documents_here: bool = True, **changes: Any) -> GenericSftpCaseSystem:
        here = {"host": "127.0.0.1", "port": str(self.simulator.port), "user": self.simulator.user}
        keys = {"private_key": pem(OURS), "host_keys": self.simulator.host_key_fingerprint}
        connection = {**here, **keys, **self.formats, **changes}
        return GenericSftpCaseSystem(Link(connection, TARGETS, TASK, documents_here=documents_here), seconds=seconds)

    def answers(self) -> tuple[Answer, ...]:
        rows = (Answer("places", 1, "one"), Answer("places", 2, '=two, "2"'))
        return (Answer("day", None, "2026-09-14"), *rows, Answer("longText", None, MARKER))

    def person(self, kind: str = "right") -> PersonReference:
        born = {"other_birth": date(2010, 5, 3), "neither": None}.get(kind, date(2010, 5, 2))
        age = {"other_age": 17, "neither": None, "other_birth": None}.get(kind, 16)
        return PersonReference(PEOPLE.get(kind, PEOPLE["right"]), born, age, date(2026, 9, 14))

    def records(self, reference: str) -> int:
        return len(self.simulator.records(reference))

    def unreachable(self) -> CaseSystem:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        return self.connected(port=str(port))

    @contextmanager
    def losing_the_reply(self, after: int = 0) -> Iterator[None]:
        if not after:  # handing the set over is the only change
            self.simulator.faults.set("reset_after_commit", times=1)
        yield
        self.simulator.faults.clear()

    def impatient(self) -> CaseSystem:
        return self.connected(seconds=1.0)

    def set_fault(self, fault: str, on: str) -> None:
        faults = self.simulator.faults
        if fault == "host_key_changed":
            self.simulator.change_host_key()
        elif fault.endswith("_at_marker"):
            for path in MARKERS:
                faults.set(fault.removesuffix("_at_marker"), times=None, on=path, after=BEFORE_THE_MARKER)
        elif on == "answer":
            faults.set(fault, on="/out")
        else:
            faults.set(fault, times=None, on="any" if fault == "auth_expired" else on)

    def clear_faults(self) -> None:
        """Whoever confirmed the host key has put it into the profile."""
        self.simulator.faults.clear()
        self.system = self.connected()

    @contextmanager
    def locked(self) -> Iterator[None]:
        self.simulator.faults.set("locked", times=None)
        yield
        self.simulator.faults.clear()

    def unfit_answer(self) -> Answer:
        return Answer("number", None, MARKER)

    def too_large(self) -> bytes:
        return b"x" * LIMIT

    def stored_words(self, reference: str) -> list[str]:
        return [answer.value for answer in self.simulator.records(reference)[0].answers]

    def stored_restriction(self, reference: str) -> bool:
        return self.simulator.records(reference)[0].restricted

    def inbox(self) -> list[str]:
        return sorted(path.name for path in (self.simulator.root / "in").iterdir())


@contextmanager
def exchange(folder: Path, manifest: str, answers: str, **more: Any) -> Iterator[GenericSftpWorld]:
    keys = folder / "keys"
    OURS.write_public_key(str(keys))
    formats = {"manifest": manifest, "answers": answers}
    with FileDropSimulator(folder / "data", keys, **formats, limit=LIMIT, poll_seconds=0.02, **more) as simulator:
        yield GenericSftpWorld(simulator, manifest, answers)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[GenericSftpWorld]:
    with exchange(tmp_path, "csv", "json") as made:
        yield made


class TestGenericSftp(Conformance, Faults, FileAnswers):
    World = GenericSftpWorld


@pytest.mark.parametrize(("manifest", "answers"), [("xml", "csv"), ("json", "csv"), ("json", "json")])
def test_every_format_files_corrects_withdraws_and_raises_a_task(tmp_path: Path, manifest: str, answers: str) -> None:
    with exchange(tmp_path, manifest, answers) as world:
        first = world.filed(world.filing())
        second = world.filed(world.filing("WB-0002", replaces=first.record_number))
        assert (second.record_number, second.evidence["version"]) == (first.record_number, "2")
        (filed, corrected) = world.simulator.records()
        assert world.answers() == tuple(Answer(each.question, each.row, each.value) for each in filed.answers)
        assert corrected.document
        assert (corrected.document.sub_type, corrected.restricted) == ("FULL", False)
        assert world.system.raise_task(world.task()) == Awaiting()
        assert world.settled("WB-T001").record_number
        assert world.retracted(world.retraction(first.record_number)).evidence["withdrawn_at"]
        assert file(world.system, world.filing()) == first
        assert world.simulator.refusals() == []

"""LCS over SFTP against the whole suite."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Literal

import asyncssh
import pytest

from service.adapters.lcs.system import LcsCaseSystem
from service.adapters.shared.link import Link
from service.ports import Answer, CaseSystem, PersonReference
from simulators.lcs import LcsSimulator
from tests.conformance.faults import Faults
from tests.conformance.file_answers import FileAnswers
from tests.conformance.promises import Conformance
from tests.conformance.world import MARKER, World

OURS, STRANGER = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
TARGETS = {"wise_assessment": {"form": "9001", "document_type": "WISEASM"}}
TASK = {"type": "REVIEW", "assign_to": "CSE-TEAM"}
PEOPLE = {"unknown": "STK9999999", "merged": "STK0000500", "estimated": "STK0000600", "closed": "STK0000602"}

PEOPLE["no_episode"] = PEOPLE["closed"]
CLOSED = ("closed", "no_episode")
MARKERS = [f"/inbox/{reference}.done" for reference in ("WB-0001", "WB-T001", "WB-W001")]
BEFORE_THE_MARKER = 3
"""Operations on a marker's name, or one that begins so, before it gets its name: looked for, opened, measured."""


def pem(key: asyncssh.SSHKey) -> str:
    return key.export_private_key("openssh").decode()


class LcsWorld(World):
    """Stockport's LCS."""

    transport: ClassVar[Literal["http", "files"]] = "files"
    cannot_happen: ClassVar[Mapping[str, str]] = {
        "sign-in ends": "A key does not end by itself; a refused one is a fault of its own.",
        "ambiguous": "The person id is LCS's own key: there is one person or none.",
        "restricted": "The exchange has no refusal for a restricted file.",
        "hidden": "The exchange has no refusal for a hidden file: it would be one that is not there.",
        "locked": "LCS picks sets up when it can; the exchange has no refusal for a record that is open.",
        "unfit answer": "Every answer of the exchange is text, and it refuses unknown codes alone.",
        "too large": "The exchange names no limit.",
    }

    def __init__(self, simulator: LcsSimulator) -> None:
        self.simulator, self.instance = simulator, simulator.instance("stockport")
        self.system: CaseSystem = self.connected()

    def connected(self, seconds: float = 20.0, **changes: Any) -> LcsCaseSystem:
        here = {"host": "127.0.0.1", "port": str(self.instance.port), "user": self.instance.user}
        keys = {"private_key": pem(OURS), "host_keys": self.instance.host_key_fingerprint}
        return LcsCaseSystem(Link({**here, **keys, **changes}, TARGETS, TASK), seconds=seconds)

    def answers(self) -> tuple[Answer, ...]:
        return (Answer("selfDay", None, "14"), Answer("selfText", 1, "one"), Answer("selfText", 2, MARKER))

    def person(self, kind: str = "right") -> PersonReference:
        born = {"other_birth": date(2011, 3, 3), "neither": None, "estimated": date(2012, 7, 1)}
        age = {"other_age": 14, "neither": None, "estimated": None, "other_birth": None}
        name, birth = PEOPLE.get(kind, "STK0000417"), born.get(kind, date(2011, 3, 2))
        birth = date(2010, 5, 23) if kind in CLOSED else birth
        return PersonReference(name, birth, None if kind in CLOSED else age.get(kind, 15), date(2026, 9, 14))

    def records(self, reference: str) -> int:
        withdrawn = [each for each in self.instance.withdrawals() if each.reference == reference]
        return len(self.instance.filed(reference)) + len(withdrawn)

    def unreachable(self) -> CaseSystem:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        return self.connected(port=str(port))

    @contextmanager
    def losing_the_reply(self, after: int = 0) -> Iterator[None]:
        if not after:  # handing the set over is the only change
            self.instance.faults.set("reset_after_commit", times=1)
        yield
        self.instance.faults.clear()

    def impatient(self) -> CaseSystem:
        return self.connected(seconds=1.0)

    def set_fault(self, fault: str, on: str) -> None:
        faults = self.instance.faults
        if fault == "host_key_changed":
            self.simulator.change_host_key("stockport")
        elif fault.endswith("_at_marker"):
            for path in MARKERS:
                faults.set(fault.removesuffix("_at_marker"), times=None, on=path, after=BEFORE_THE_MARKER)
        elif on == "answer":
            faults.set(fault, on="/outbox")
        else:
            faults.set(fault, times=None, on="any" if fault == "auth_expired" else on)

    def clear_faults(self) -> None:
        """Whoever confirmed the host key has put it into the profile."""
        self.instance.faults.clear()
        self.system = self.connected()

    def stored_words(self, reference: str) -> list[str]:
        return [answer.text for answer in self.instance.filed(reference)[0].answers]

    def stored_restriction(self, reference: str) -> bool:
        return self.instance.filed(reference)[0].restricted

    def wait(self, ready: Callable[[], object]) -> None:
        end = time.monotonic() + 5
        while not ready() and time.monotonic() < end:
            time.sleep(0.02)

    def inbox(self) -> list[str]:
        return sorted(path.name for path in (self.instance.root / "inbox").iterdir())


@pytest.fixture
def world(tmp_path: Path) -> Iterator[LcsWorld]:
    keys = tmp_path / "keys"
    OURS.write_public_key(str(keys))
    with LcsSimulator(tmp_path / "data", {"stockport": 0}, keys, poll_seconds=0.02) as simulator:
        yield LcsWorld(simulator)


class TestLcs(Conformance, Faults, FileAnswers):
    World = LcsWorld

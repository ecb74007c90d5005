"""LCS over SFTP against the whole suite."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from service.adapters.lcs.system import LcsCaseSystem
from service.adapters.sftp.folder import Folder
from service.adapters.shared.link import Link
from service.ports import Answer, CaseSystem, PersonReference
from simulators.lcs import LcsInstance, LcsSimulator
from tests.conformance.promises import Conformance
from tests.conformance.world import MARKER, World

OURS, STRANGER = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
TARGETS = {"wise_assessment": {"form": "9001", "document_type": "WISEASM"}}
TASK = {"type": "REVIEW", "assign_to": "CSE-TEAM"}
PEOPLE = {"unknown": "STK9999999", "merged": "STK0000500", "estimated": "STK0000600", "closed": "STK0000602"}


def pem(key: asyncssh.SSHKey) -> str:
    return key.export_private_key("openssh").decode()


class LcsWorld(World):
    """Stockport's LCS."""

    def __init__(self, instance: LcsInstance) -> None:
        self.instance = instance
        self.system: CaseSystem = self.connected()

    def connected(self, seconds: float = 20.0, **changes: Any) -> LcsCaseSystem:
        here = {"host": "127.0.0.1", "port": str(self.instance.port), "user": self.instance.user}
        keys = {"private_key": pem(OURS), "host_keys": self.instance.host_key_fingerprint}
        return LcsCaseSystem(Link({**here, **keys, **changes}, TARGETS, TASK), seconds=seconds)

    def answers(self) -> tuple[Answer, ...]:
        return (Answer("selfDay", None, "14"), Answer("selfText", 1, "one"), Answer("selfText", 2, MARKER))

    def person(self, kind: str = "right") -> PersonReference:
        born = {"other_birth": date(2011, 3, 3), "neither": None, "estimated": date(2012, 7, 1)}
        age = {"other_age": 14, "neither": None, "estimated": None, "closed": None, "other_birth": None}
        name, birth = PEOPLE.get(kind, "STK0000417"), born.get(kind, date(2011, 3, 2))
        birth = date(2010, 5, 23) if kind == "closed" else birth
        return PersonReference(name, birth, age.get(kind, 15), date(2026, 9, 14))

    def records(self, reference: str) -> int:
        withdrawn = [each for each in self.instance.withdrawals() if each.reference == reference]
        return len(self.instance.filed(reference)) + len(withdrawn)

    def unreachable(self) -> CaseSystem:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        return self.connected(port=str(port))

    @contextmanager
    def losing_the_reply(self) -> Iterator[None]:
        rename = Folder.rename

        def lost(folder: Folder, before: str, after: str) -> None:
            rename(folder, before, after)
            if after.endswith(".done"):
                raise OSError(MARKER)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Folder, "rename", lost)
            yield

    def impatient(self) -> CaseSystem:
        return self.connected(seconds=1.0)

    def set_fault(self, fault: str, on: str) -> None:
        raise NotImplementedError

    def clear_faults(self) -> None:
        raise NotImplementedError

    def unfit_answer(self) -> Answer:
        raise NotImplementedError

    def stored_words(self, reference: str) -> list[str]:
        return [answer.text for answer in self.instance.filed(reference)[0].answers]

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
        yield LcsWorld(simulator.instance("stockport"))


class TestLcs(Conformance):
    World = LcsWorld

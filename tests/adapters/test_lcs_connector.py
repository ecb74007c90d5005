"""The LCS connector against the simulator over real SFTP, and against servers that behave worse than it does."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import asyncssh
import paramiko
import pytest

from service.adapters.lcs import LcsCaseSystem
from service.adapters.lcs.folder import Folder
from service.domain.delivery import Reason
from service.errors import ConfigurationFault, NeedsHuman, NothingSent, OutcomeUnknown
from service.ports import Absent, Answer, Awaiting, CaseSystem, PersonReference
from simulators.lcs import LcsInstance, LcsSimulator
from tests.adapters.conformance import MARKER, PDF, Conformance, World, assert_silent

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
        return LcsCaseSystem({**here, **keys, **changes}, TARGETS, TASK, seconds=seconds)

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


class TestConformance(Conformance):
    @pytest.fixture
    def world(self, world: LcsWorld) -> World:
        return world

    def stored_words(self, world: World, reference: str) -> list[str]:
        assert isinstance(world, LcsWorld)
        return [answer.text for answer in world.instance.filed(reference)[0].answers]


def refusal(call: Callable[[], object]) -> Reason:
    with pytest.raises(NeedsHuman) as caught:
        call()
    assert_silent(caught.value)
    return caught.value.reason


class TestSignIn:
    def test_another_host_key_gets_nothing_not_even_our_name(self, world: LcsWorld) -> None:
        system = world.connected(host_keys=f"{STRANGER.get_fingerprint()}=")
        assert refusal(lambda: system.file(world.filing())) is Reason.HOST_KEY_CHANGED
        assert refusal(lambda: system.look_up("WB-0001")) is Reason.HOST_KEY_CHANGED
        assert world.inbox() == []

    def test_the_host_key_is_checked_before_sign_in(self, world: LcsWorld) -> None:
        with server() as (port, tries):
            assert refusal(lambda: world.connected(port=str(port)).look_up("WB-1")) is Reason.HOST_KEY_CHANGED
        assert tries == []

    def test_two_pins_serve_a_rotation(self, world: LcsWorld) -> None:
        both = f"{STRANGER.get_fingerprint()}, {world.instance.host_key_fingerprint}"
        assert world.connected(host_keys=both).look_up("WB-0001") == Absent()
        assert world.connected(host_keys=both.split(", ")).look_up("WB-0001") == Absent()

    def test_a_refused_key_or_user_is_for_a_person(self, world: LcsWorld) -> None:
        for change in ({"private_key": pem(STRANGER)}, {"user": "somebody"}):
            assert refusal(lambda c=change: world.connected(**c).file(world.filing())) is Reason.SIGN_IN_REFUSED

    def test_wrong_settings_stop_the_start_without_printing_them(self, world: LcsWorld) -> None:
        with pytest.raises(ConfigurationFault) as caught:
            world.connected(port="x", host_keys=" ,", private_key="-----BEGIN SECRETMARK")
        assert {fault.field for fault in caught.value.faults} == {"port", "host_keys", "private_key"}
        assert "SECRETMARK" not in str(caught.value)

    @pytest.mark.parametrize("kind", ["ecdsa-sha2-nistp256", "ssh-rsa"])
    def test_other_kinds_of_key_are_read(self, world: LcsWorld, kind: str) -> None:
        key = asyncssh.generate_private_key(kind)
        assert refusal(lambda: world.connected(private_key=pem(key)).look_up("WB-1")) is Reason.SIGN_IN_REFUSED
        for form in ("pkcs1-pem", "pkcs8-pem"):
            world.connected(private_key=key.export_private_key(form).decode())


@contextmanager
def listening(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that treats every connection with `talk`."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                talk(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


class Deaf(paramiko.ServerInterface):
    """Lets anybody in, opens the SFTP subsystem and never says a word there."""

    def __init__(self, tries: list[str]) -> None:
        self.tries = tries

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        self.tries.append(username)
        return paramiko.AUTH_SUCCESSFUL

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED

    def check_channel_subsystem_request(self, channel: paramiko.Channel, name: str) -> bool:
        return True


SERVER_KEY = paramiko.ECDSAKey.generate()


@contextmanager
def server() -> Iterator[tuple[int, list[str]]]:
    tries: list[str] = []

    def talk(connection: socket.socket) -> None:
        transport = paramiko.Transport(connection)
        transport.add_server_key(SERVER_KEY)
        try:
            transport.start_server(server=Deaf(tries))
            transport.join(5)
        except (paramiko.SSHException, EOFError):
            pass
        finally:
            transport.close()

    with listening(talk) as port:
        yield port, tries


def drip(connection: socket.socket) -> None:
    for _ in range(100):
        connection.sendall(b"-")
        time.sleep(0.1)


class TestDeadline:
    def test_silence_dripping_and_a_deaf_server_end_at_the_deadline(self, world: LcsWorld) -> None:
        with (
            listening(drip) as dripping,
            listening(lambda it: it.recv(1) and time.sleep(4)) as silent,
            server() as deaf,
        ):
            for port in (dripping, silent, deaf[0]):
                system = world.connected(1.0, port=str(port), host_keys=SERVER_KEY.fingerprint)
                started = time.monotonic()
                with pytest.raises(NothingSent) as caught:
                    system.file(world.filing())
                assert time.monotonic() - started < 3.0
                assert caught.value.reason is Reason.UNREACHABLE


class TestHandingOver:
    def test_a_connection_lost_in_mid_upload_had_no_effect(self, world: LcsWorld) -> None:
        big = replace(world.filing(), document=replace(world.filing().document, content=PDF + b"x" * 300_000))
        world.instance.disconnect_after_bytes = 100_000
        with pytest.raises(NothingSent) as caught:
            world.system.file(big)
        assert_silent(caught.value)
        assert world.system.look_up("WB-0001") == Absent()
        world.instance.disconnect_after_bytes = None
        assert world.filed(big).record_number
        assert world.records("WB-0001") == 1

    def test_a_lost_answer_to_the_markers_rename_is_unknown(self, world: LcsWorld) -> None:
        with world.losing_the_reply(), pytest.raises(OutcomeUnknown) as caught:
            world.system.file(world.filing())
        assert caught.value.reason is Reason.NO_CLEAR_ANSWER
        assert_silent(caught.value)
        assert world.settled("WB-0001") == world.system.file(world.filing())
        assert world.records("WB-0001") == 1

    def test_what_waits_is_not_sent_again(self, world: LcsWorld) -> None:
        world.instance.paused = True
        assert world.system.file(world.filing()) == Awaiting()
        before = {path: path.stat().st_mtime_ns for path in (world.instance.root / "inbox").iterdir()}
        assert world.inbox() == ["WB-0001.done", "WB-0001.pdf", "WB-0001.xml"]
        assert world.system.file(world.filing()) == world.system.look_up("WB-0001") == Awaiting()
        assert before == {path: path.stat().st_mtime_ns for path in (world.instance.root / "inbox").iterdir()}

    def test_what_was_picked_up_and_not_answered_is_awaited(self, world: LcsWorld) -> None:
        world.instance.withhold_answers = True
        world.system.file(world.filing())
        world.wait(lambda: world.records("WB-0001"))
        assert world.system.file(world.filing()) == world.system.look_up("WB-0001") == Awaiting()
        world.instance.withhold_answers = False
        assert world.settled("WB-0001").document_number
        assert world.records("WB-0001") == 1

    def test_a_refusal_nobody_has_read_is_raised_not_sent_over(self, world: LcsWorld) -> None:
        closed = world.filing(kind="closed")
        world.system.file(closed)
        world.wait(lambda: list((world.instance.root / "outbox").glob("*.rej")))
        assert refusal(lambda: world.system.file(closed)) is Reason.NO_OPEN_EPISODE
        assert len(world.instance.refusals()) == 1

    def test_no_open_referral_then_released_is_filed(self, world: LcsWorld) -> None:
        """A refusal once read is history: a person mended it there and let the delivery go again."""
        closed = world.filing(kind="closed")
        assert refusal(lambda: world.filed(closed)) is Reason.NO_OPEN_EPISODE
        assert refusal(lambda: world.system.look_up("WB-0001")) is Reason.NO_OPEN_EPISODE
        assert refusal(lambda: world.filed(closed)) is Reason.NO_OPEN_EPISODE
        someone = world.instance.authority.people[PEOPLE["closed"]]
        world.instance.set_person(replace(someone, client=True, referral="authorised"))
        assert world.system.file(closed) == Awaiting()
        assert world.settled("WB-0001").record_number
        assert world.records("WB-0001") == 1

    def test_a_receipt_for_another_manifest_is_a_contradiction(self, world: LcsWorld) -> None:
        world.filed(world.filing())
        assert refusal(lambda: world.system.file(replace(world.filing(), restricted=True))) is Reason.CONTRADICTION

    def test_a_hostile_answer_is_for_a_person_and_stays_where_it_is(self, world: LcsWorld) -> None:
        world.instance.withhold_answers = True
        world.system.file(world.filing())
        bomb = (
            b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><acknowledgement version="1">&b;</acknowledgement>'
        )
        answer = world.instance.root / "outbox/WB-0001.ack"
        answer.write_bytes(bomb)
        assert refusal(lambda: world.system.look_up("WB-0001")) is Reason.UNEXPECTED_ANSWER
        assert answer.exists()

"""The LCS connector against the simulator over real SFTP, and against servers that behave worse than it does."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import asyncssh
import paramiko
import pytest

from service.domain.delivery import Reason
from service.errors import ConfigurationFault, NeedsHuman, NothingSent, OutcomeUnknown
from service.ports import Absent, Awaiting
from tests.conformance.test_lcs import PEOPLE, STRANGER, LcsWorld, pem, world
from tests.conformance.world import PDF, assert_silent, file

__all__ = ["world"]


def refusal(call: Callable[[], object]) -> Reason:
    with pytest.raises(NeedsHuman) as caught:
        call()
    assert_silent(caught.value)
    return caught.value.reason


class TestSignIn:
    def test_another_host_key_gets_nothing_not_even_our_name(self, world: LcsWorld) -> None:
        system = world.connected(host_keys=f"{STRANGER.get_fingerprint()}=")
        assert refusal(lambda: file(system, world.filing())) is Reason.HOST_KEY_CHANGED
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
            assert refusal(lambda c=change: file(world.connected(**c), world.filing())) is Reason.SIGN_IN_REFUSED

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
    while True:
        connection.sendall(b"-")
        time.sleep(0.1)


def silence(connection: socket.socket) -> None:
    while connection.recv(1024):
        pass


class TestDeadline:
    def test_silence_dripping_and_a_deaf_server_end_at_the_deadline(self, world: LcsWorld) -> None:
        with (
            listening(drip) as dripping,
            listening(silence) as silent,
            server() as deaf,
        ):
            for port in (dripping, silent, deaf[0]):
                system = world.connected(1.0, port=str(port), host_keys=SERVER_KEY.fingerprint)
                with pytest.raises(NothingSent) as caught:
                    file(system, world.filing())
                assert caught.value.reason is Reason.UNREACHABLE


class TestHandingOver:
    def test_a_connection_lost_in_mid_upload_had_no_effect(self, world: LcsWorld) -> None:
        big = replace(world.filing(), document=replace(world.filing().document, content=PDF + b"x" * 300_000))
        world.instance.disconnect_after_bytes = 100_000
        with pytest.raises(NothingSent) as caught:
            file(world.system, big)
        assert_silent(caught.value)
        assert world.system.look_up("WB-0001") == Absent()
        world.instance.disconnect_after_bytes = None
        assert world.filed(big).record_number
        assert world.records("WB-0001") == 1

    def test_a_lost_answer_to_the_markers_rename_is_unknown(self, world: LcsWorld) -> None:
        with world.losing_the_reply(), pytest.raises(OutcomeUnknown) as caught:
            file(world.system, world.filing())
        assert caught.value.reason is Reason.NO_CLEAR_ANSWER
        assert_silent(caught.value)
        assert world.settled("WB-0001") == file(world.system, world.filing())
        assert world.records("WB-0001") == 1

    def test_what_waits_is_not_sent_again(self, world: LcsWorld) -> None:
        world.instance.paused = True
        assert file(world.system, world.filing()) == Awaiting()
        before = {path: path.stat().st_mtime_ns for path in (world.instance.root / "inbox").iterdir()}
        assert world.inbox() == ["WB-0001.done", "WB-0001.pdf", "WB-0001.xml"]
        assert file(world.system, world.filing()) == world.system.look_up("WB-0001") == Awaiting()
        assert before == {path: path.stat().st_mtime_ns for path in (world.instance.root / "inbox").iterdir()}

    def test_what_was_picked_up_and_not_answered_is_awaited(self, world: LcsWorld) -> None:
        world.instance.withhold_answers = True
        file(world.system, world.filing())
        world.wait(lambda: world.records("WB-0001"))
        assert file(world.system, world.filing()) == world.system.look_up("WB-0001") == Awaiting()
        world.instance.withhold_answers = False
        assert world.settled("WB-0001").document_number
        assert world.records("WB-0001") == 1

    def test_a_refusal_nobody_has_read_is_raised_not_sent_over(self, world: LcsWorld) -> None:
        closed = world.filing(kind="closed")
        file(world.system, closed)
        world.wait(lambda: list((world.instance.root / "outbox").glob("*.rej")))
        assert refusal(lambda: file(world.system, closed)) is Reason.NO_OPEN_EPISODE
        assert len(world.instance.refusals()) == 1

    def test_no_open_referral_then_released_is_filed(self, world: LcsWorld) -> None:
        """A refusal once read is history: a person mended it there and let the delivery go again."""
        closed = world.filing(kind="closed")
        assert refusal(lambda: world.filed(closed)) is Reason.NO_OPEN_EPISODE
        assert refusal(lambda: world.system.look_up("WB-0001")) is Reason.NO_OPEN_EPISODE
        assert refusal(lambda: world.filed(closed)) is Reason.NO_OPEN_EPISODE
        someone = world.instance.authority.people[PEOPLE["closed"]]
        world.instance.set_person(replace(someone, client=True, referral="authorised"))
        assert file(world.system, closed) == Awaiting()
        assert world.settled("WB-0001").record_number
        assert world.records("WB-0001") == 1

    def test_a_receipt_for_another_manifest_is_a_contradiction(self, world: LcsWorld) -> None:
        world.filed(world.filing())
        assert refusal(lambda: file(world.system, replace(world.filing(), restricted=True))) is Reason.CONTRADICTION

    def test_a_hostile_answer_is_for_a_person_and_stays_where_it_is(self, world: LcsWorld) -> None:
        world.instance.withhold_answers = True
        file(world.system, world.filing())
        bomb = (
            b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><acknowledgement version="1">&b;</acknowledgement>'
        )
        answer = world.instance.root / "outbox/WB-0001.ack"
        answer.write_bytes(bomb)
        assert refusal(lambda: world.system.look_up("WB-0001")) is Reason.UNEXPECTED_ANSWER
        assert answer.exists()

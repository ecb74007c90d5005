"""Where connections may go, against a trap on this machine that counts whoever comes."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any

import asyncssh
import pytest

from service.adapters.egress import (
    ALLOW_LOOPBACK,
    Egress,
    Rule,
    Server,
    Surroundings,
    only,
    read_egress,
    read_surroundings,
)
from service.adapters.egress.addresses import Network, is_public, meant
from service.adapters.http import HttpClient, Request
from service.adapters.sftp import read_endpoint, session
from service.domain.delivery import Reason
from service.errors import ConfigurationFault, NeedsHuman, NothingSent

REHEARSAL = Surroundings(loopback=True)
WRITE = Request("POST", "/x", writes=True, json={"words": "fictional"})
NAME = "mosaic.example"


@dataclass
class Trap:
    port: int
    visitors: list[tuple[str, bytes]]


@pytest.fixture
def trap() -> Iterator[Trap]:
    """A port of this machine under both kinds of address."""
    here = {"family": socket.AF_INET6, "dualstack_ipv6": True} if socket.has_dualstack_ipv6() else {}
    listener = socket.create_server(("::" if here else "0.0.0.0", 0), **here)  # noqa: S104 - seen at every address
    found = Trap(listener.getsockname()[1], [])

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, where = listener.accept()
                with connection:
                    connection.settimeout(1)
                    found.visitors.append((where[0], connection.recv(4096)))
                    connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield found
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


def refusal(call: Callable[[], object]) -> str:
    """The note of a refusal, which is one of our own words."""
    with pytest.raises(NeedsHuman) as caught:
        call()
    assert caught.value.reason is Reason.ADDRESS_NOT_ALLOWED
    return caught.value.note


def post(url: str, **client: Any) -> int:
    with HttpClient(url, {}, seconds=3, **client).conversation() as conversation:
        return conversation.ask(WRITE).status


def networks(*written: str) -> tuple[Network, ...]:
    return tuple(ip_network(each) for each in written)


def answering(*addresses: str) -> Callable[[str, float], Sequence[str]]:
    return lambda _host, _seconds: addresses


SPELLINGS = ["127.1", "0x7f.1", "2130706433", "017700000001", "localhost", "127.0.0.1", "0.0.0.0", "0"]  # noqa: S104
SIXES = ["::ffff:127.0.0.1", "::1", "::", "64:ff9b::7f00:1", "2002:7f00:1::1", "::127.0.0.1", "64:ff9b:1::7f00:1"]
FAR = ["169.254.169.254", "100.100.100.200", "224.0.0.1", "255.255.255.255", "fe80::1", "ff02::1", "fd00:ec2::254"]
HOSTS = SPELLINGS + [f"[{each}]" if ":" in each else each for each in SIXES + FAR]


class TestTrap:
    def test_the_trap_sees_who_is_let_through(self, trap: Trap) -> None:
        url = f"http://127.0.0.1:{trap.port}"
        assert post(url, egress=only(url, surroundings=REHEARSAL)) == 204
        for spelling in ("127.1", "0x7f.1", "2130706433"):
            with socket.create_connection((spelling, trap.port), 2) as visit:  # what the resolver makes of it
                visit.sendall(b"here")
                assert visit.recv(64), "the trap answers when it has written the visitor down"
        assert len(trap.visitors) == 4

    @pytest.mark.parametrize("host", HOSTS)
    @pytest.mark.parametrize("around", [Surroundings(), REHEARSAL])
    def test_an_address_of_this_machine_or_of_nobody(self, trap: Trap, host: str, around: Surroundings) -> None:
        """Under the switch too, unless it plainly says this machine."""
        plain = around.loopback and host in ("127.0.0.1", "localhost", "[::1]")
        url = f"http://{host}:{trap.port}"
        if not plain:
            assert refusal(lambda: post(url, egress=only(url, surroundings=around))) == "address_never_allowed"
            wide = (Rule("http", host.strip("[]"), trap.port, networks("0.0.0.0/0", "::/0")),)
            assert refusal(lambda: post(url, egress=Egress(wide, around))) == "address_never_allowed"
        assert trap.visitors == []

    @pytest.mark.parametrize(
        "url", ["file:///etc/hosts", "gopher://127.0.0.1/_x", "ftp://h.example/", "//h", "", "http:"]
    )
    def test_other_schemes(self, url: str) -> None:
        assert refusal(lambda: post(url)) == "scheme_not_http"

    @pytest.mark.parametrize("port", [6379, 5432, 22, 25])
    def test_ports_where_a_request_could_be_a_command(self, port: int) -> None:
        url = f"http://127.0.0.1:{port}"
        assert refusal(lambda: post(url, egress=only(url, surroundings=REHEARSAL))) == "port_of_another_protocol"

    def test_other_targets_than_those_listed(self, trap: Trap) -> None:
        listed = only(f"http://127.0.0.1:{trap.port}", surroundings=REHEARSAL)
        for url in (
            f"https://127.0.0.1:{trap.port}",
            f"http://localhost:{trap.port}",
            f"http://127.0.0.1:{trap.port + 1}",
        ):
            assert refusal(lambda url=url: post(url, egress=listed)) == "target_not_listed"
        assert trap.visitors == []

    def test_without_rules_and_switch_nothing_here_is_called(self, trap: Trap, monkeypatch: pytest.MonkeyPatch) -> None:
        url = f"http://127.0.0.1:{trap.port}"
        monkeypatch.delenv(ALLOW_LOOPBACK, raising=False)
        assert refusal(lambda: post(url)) == "address_never_allowed"
        assert trap.visitors == []
        monkeypatch.setenv(ALLOW_LOOPBACK, "1")
        assert post(url) == 204

    def test_a_name_that_is_bound_anew(self, trap: Trap) -> None:
        """192.0.2.0/24 is nobody's; a connection by name would come here with the second answer."""
        answers = ["192.0.2.1", "127.0.0.1", "127.0.0.1"]
        rule = Rule("http", NAME, trap.port, networks("192.0.2.0/24"))
        egress = Egress((rule,), REHEARSAL, resolve=lambda _host, _seconds: [answers.pop(0)])
        with contextlib.suppress(OSError):
            egress.dial(NAME, trap.port, 0.2, scheme="http").close()
        assert answers == ["127.0.0.1", "127.0.0.1"]
        assert refusal(lambda: egress.dial(NAME, trap.port, 0.2, scheme="http")) == "address_never_allowed"
        assert trap.visitors == []

    def test_one_bad_address_among_good_ones_is_enough(self, trap: Trap) -> None:
        rule = Rule("http", NAME, trap.port, networks("192.0.2.0/24"))
        egress = Egress((rule,), resolve=answering("192.0.2.1", "10.0.0.1"))
        assert refusal(lambda: egress.dial(NAME, trap.port, 0.2, scheme="http")) == "address_outside_the_networks"

    def test_the_connection_goes_to_the_address_and_keeps_the_name(self, trap: Trap) -> None:
        rule = Rule("http", NAME, trap.port, loopback=True)
        egress = Egress((rule,), REHEARSAL, resolve=answering("127.0.0.1"))
        assert post(f"http://{NAME}:{trap.port}", egress=egress) == 204
        assert f"Host: {NAME}:{trap.port}\r\n".encode() in trap.visitors[0][1]

    def test_sftp_goes_through_the_same_door(self, trap: Trap) -> None:
        key = asyncssh.generate_private_key("ssh-ed25519").export_private_key("openssh").decode()
        given = {"port": str(trap.port), "user": "bridge", "private_key": key, "host_keys": f"SHA256:{'A' * 43}"}

        def call(host: str, around: Surroundings) -> None:
            rules = only(f"sftp://{host}:{trap.port}", surroundings=around)
            with session(read_endpoint({**given, "host": host}, egress=rules), 3):
                pass

        for host in ("127.1", "0x7f.1", "2130706433", "169.254.169.254", "localhost", "127.0.0.1"):
            assert refusal(lambda host=host: call(host, Surroundings())) == "address_never_allowed"
        assert trap.visitors == []
        with pytest.raises(NothingSent):
            call("127.0.0.1", REHEARSAL)
        assert trap.visitors[0][1].startswith(b"SSH-2.0-")


class TestAddresses:
    def test_what_an_address_stands_for(self) -> None:
        given = ["::ffff:10.1.2.3", "64:ff9b::a01:203", "2002:a01:203::1", "10.1.2.3", "2a00::1"]
        assert [str(meant(ip_address(each))) for each in given] == ["10.1.2.3"] * 4 + ["2a00::1"]

    @pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450::1", "192.0.1.1"])
    def test_public(self, address: str) -> None:
        assert is_public(ip_address(address))

    @pytest.mark.parametrize(
        "address",
        [
            *(
                "10.0.0.1",
                "172.16.0.1",
                "192.168.0.1",
                "100.64.0.1",
                "192.0.0.9",
                "192.0.2.1",
                "198.18.0.1",
                "240.0.0.1",
            ),
            *("192.88.99.1", "fc00::1", "2001:db8::1", "3fff::1", "64:ff9b:1::1", "5f00::1", "ff0e::1", "224.0.0.1"),
        ],
    )
    def test_not_public(self, address: str) -> None:
        assert not is_public(ip_address(address))
        egress = Egress((Rule("https", NAME, 443),), resolve=answering(address))
        assert refusal(lambda: egress.dial(NAME, 443, 0.05, scheme="https"))

    @pytest.mark.parametrize("address", ["100.64.0.1", "10.20.0.5", "fc00::1"])
    def test_what_is_not_public_takes_a_network(self, address: str) -> None:
        assert not Rule("https", NAME, 443).allows(ip_address(address))
        assert Rule("https", NAME, 443, networks("100.64.0.0/10", "10.20.0.0/16", "fc00::/32")).allows(
            ip_address(address)
        )
        assert not Rule("https", NAME, 443, networks("10.20.0.0/16")).allows(ip_address("10.21.0.1"))
        assert not Rule("https", NAME, 443, networks("10.20.0.0/16")).allows(ip_address("8.8.8.8"))


class TestOwnServers:
    def egress(self, around: Surroundings, *, port: int = 443, loopback: bool = False) -> Egress:
        known = {NAME: ["64:ff9b::a14:5"], "database.example": ["10.20.0.5"], "here.example": ["127.0.0.1"]}
        rules = (
            Rule("https", NAME, port, networks("10.20.0.0/16")),
            Rule("https", "here.example", port, loopback=True),
        )
        return Egress(rules, around, resolve=lambda host, _seconds: known[host])

    def test_a_network_that_covers_our_database(self) -> None:
        around = Surroundings(own=(Server("database.example", 5432),))
        assert refusal(lambda: self.egress(around).dial(NAME, 443, 0.05, scheme="https")) == "address_of_our_own_server"

    def test_on_this_machine_only_the_very_port_is_ours(self, trap: Trap) -> None:
        beside = Surroundings(loopback=True, own=(Server("here.example", trap.port + 1),))
        self.egress(beside, port=trap.port).dial("here.example", trap.port, 1, scheme="https").close()
        same = Surroundings(loopback=True, own=(Server("here.example", trap.port),))
        strict = self.egress(same, port=trap.port)
        note = refusal(lambda: strict.dial("here.example", trap.port, 1, scheme="https"))
        assert note == "address_of_our_own_server"

    def test_they_are_known_from_the_environment(self) -> None:
        environ = {
            "WISE_DATABASE_URL": "postgresql+psycopg://u:p@db.example/wise",
            "WISE_BROKER_URL": "redis://:p@b:7000/0",
        }
        found = read_surroundings(environ)
        assert found == Surroundings(own=(Server("db.example", 5432), Server("b", 7000)))
        for value in ("0", "true", "", "yes"):
            assert not read_surroundings({ALLOW_LOOPBACK: value}).loopback
        sockets = {"WISE_DATABASE_URL": "postgresql:///wise?host=/run", "WISE_BROKER_URL": "redis://[x"}
        assert read_surroundings(sockets).own == ()


def entry(**changes: Any) -> dict[str, Any]:
    return {"scheme": "https", "host": NAME, "port": "443", **changes}


FAULTY = {
    "scheme": [entry(scheme="gopher"), entry(scheme="")],
    "host": [entry(host=each) for each in ("*.example", "https://h", "127.1", "0x7f.1", "a b", "", "h/x", "u@h")],
    "port": [entry(port=each) for each in ("0", "65536", "https", "", "6379", "²")],
    "networks": [
        entry(networks=each)
        for each in ("10.20.0.0/33", "0.0.0.0/0", "10.20.0.1/16", ["127.0.0.0/8"], "169.254.0.0/16,10.0.0.0/8")
    ]
    + [entry(networks=["::ffff:a00:0/104"]), entry(networks="64:ff9b::/96"), entry(networks="2000::/3")],
    "loopback_for_tests_only": [entry(loopback_for_tests_only=each) for each in ("true", True, "perhaps")],
    "entry": [entry(loopback="true")],
}


class TestReading:
    def test_an_entry(self) -> None:
        wide = entry(host="Mosaic.Example.", port=443, networks=["10.20.0.0/16", "2a00:1::/32"])
        read = read_egress([wide, entry()], file="oldham.yaml", surroundings=Surroundings())
        assert read.rules == (
            Rule("https", NAME, 443, networks("10.20.0.0/16", "2a00:1::/32")),
            Rule("https", NAME, 443),
        )

    @pytest.mark.parametrize(("key", "given"), [(key, each) for key, all_of in FAULTY.items() for each in all_of])
    def test_a_fault_names_its_place_and_no_value(self, key: str, given: dict[str, Any]) -> None:
        with pytest.raises(ConfigurationFault) as caught:
            read_egress([entry(), given], file="oldham.yaml", surroundings=Surroundings())
        assert [fault.field for fault in caught.value.faults] == [f"egress.1.{key}"]
        assert all(fault.file == "oldham.yaml" and fault.fix for fault in caught.value.faults)

    def test_loopback_takes_the_switch_and_stands_alone(self) -> None:
        asked = entry(loopback_for_tests_only="true")
        assert read_egress([asked], file="f", surroundings=REHEARSAL).rules == (
            Rule("https", NAME, 443, loopback=True),
        )
        with pytest.raises(ConfigurationFault):
            read_egress([{**asked, "networks": "10.0.0.0/8"}], file="f", surroundings=REHEARSAL)

    def test_a_rule_made_for_a_rehearsal_is_nothing_without_the_switch(self, trap: Trap) -> None:
        egress = Egress((Rule("http", "127.0.0.1", trap.port, loopback=True),), Surroundings())
        assert refusal(lambda: egress.dial("127.0.0.1", trap.port, 1, scheme="http")) == "address_never_allowed"
        assert trap.visitors == []

    def test_a_slow_resolver_ends_in_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        gate = threading.Event()
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: gate.wait(5) and [])
        with pytest.raises(OSError, match="name not found"):
            Egress((Rule("https", NAME, 443),)).dial(NAME, 443, 0.1, scheme="https")
        gate.set()

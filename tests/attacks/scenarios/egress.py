"""Scenario 17: whoever may set an address makes the bridge call what only the bridge can reach.

Every setting from which a connection comes, with every way of writing this machine, the metadata service or nobody;
a name that is bound anew; and honest-looking servers that send on to each of these. Traps on this machine count who
comes.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from ipaddress import ip_network

from service.adapters.egress import Egress, Rule, only
from service.adapters.http import HttpClient, Request
from service.errors import WiseBridgeError
from tests.attacks import doors
from tests.attacks.outcome import Attack, Effort, Line, Report, Size
from tests.attacks.target import Target
from tests.attacks.traps import Trap, redirecting, trap

HOSTS = (
    "127.1", "0x7f.1", "2130706433", "017700000001", "localhost", "127.0.0.1", "0.0.0.0", "0",  # noqa: S104
    "[::ffff:127.0.0.1]", "[::1]", "[::]", "[64:ff9b::7f00:1]", "[2002:7f00:1::1]", "[::127.0.0.1]",
    "[64:ff9b:1::7f00:1]", "169.254.169.254", "100.100.100.200", "224.0.0.1", "255.255.255.255", "[fe80::1]",
    "[ff02::1]", "[fd00:ec2::254]", "127.0.0.1.", "LOCALHOST",
)  # fmt: skip
OTHERS = (
    "file:///etc/passwd", "gopher://127.0.0.1:6379/_FLUSHALL", "ftp://127.0.0.1/", "http://127.0.0.1:6379/",
    "https://127.0.0.1:6379/", "https://user:secret@127.0.0.1/", "dict://127.0.0.1:11211/", "//127.0.0.1/", "https:///x",
)  # fmt: skip
SHORT_HOSTS = ("127.1", "2130706433", "[::ffff:127.0.0.1]", "169.254.169.254")
STATUSES = (301, 302, 303, 307, 308)
HOLDERS = ("the master key's Vault", "the master key's KMS")
OWN_MACHINE = frozenset(("localhost", "127.0.0.1", "[::1]", "127.1", "LOCALHOST", "127.0.0.1."))
"""A holder of the master key may stand on the very machine: its operator says so by writing one of these."""


def run(target: Target, effort: Effort) -> Report:
    """Each door with each address; then the name, then the redirects; and at last that the traps work."""
    report = Report("egress")
    hosts = HOSTS if effort.size is Size.FULL else SHORT_HOSTS
    inner = dict(doors.doors(target.folder, doors.STRICT)) | {"a connector by SFTP": doors.sftp}
    for name, door in inner.items():
        report.lines.append(_door(name, door, HOSTS))
    for name, door in doors.officers(target).items():
        report.lines.append(_door(name, door, hosts))
    report.lines += [_bound_anew(), *_redirected(target), _seen()]
    report.remarks += [
        "A refusal at `profiles check` is kept with the version, one of a delivery in its trail and on its lane.",
        "A refused address of a webhook, checkpoints, Vault, KMS or releases is told to who sets it, with no entry.",
    ]
    return report


def _door(name: str, door: doors.Door, hosts: tuple[str, ...]) -> Line:
    """Everything that is written for one setting. Refused, every time, before anybody was called."""
    began, wrong, asked = time.monotonic(), [], 0
    with trap() as caught:
        urls = [f"{scheme}://{host}:{caught.port}" for host in hosts for scheme in ("https", "http")]
        for url in (*urls, *OTHERS):
            if name in HOLDERS and any(f"//{host}:" in url for host in OWN_MACHINE):
                continue
            answer, asked = door(url), asked + 1
            if not answer.startswith("refused"):
                wrong.append(f"{url}: {answer}")
        came = len(caught.visitors)
    if came:
        wrong.append(f"{came} connections at the trap")
    line = Line(name, f"{asked} addresses, {came} connections", time.monotonic() - began)
    line.wrong = "; ".join(wrong[:4])
    return line


def _bound_anew() -> Line:
    """Public when it was judged, here when it is called; and one bad address among good ones."""
    began, wrong = time.monotonic(), []
    with trap() as caught:
        here = ("127.0.0.1", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "169.254.169.254", "2002:7f00:1::1")
        for leads_to in here:
            answers = [["192.0.2.1"], [leads_to], ["192.0.2.1", leads_to]]
            rule = Rule("http", "records.example", caught.port, (ip_network("192.0.2.0/24"),))
            egress = Egress((rule,), doors.STRICT, resolve=lambda _host, _seconds, given=answers: given.pop(0))
            for _ in range(3):
                with contextlib.suppress(OSError, WiseBridgeError):
                    egress.dial("records.example", caught.port, 0.2, scheme="http").close()
                    wrong.append(f"{leads_to}: a connection was made")
        came = len(caught.visitors)
    line = Line("a name that is bound anew", f"{3 * len(here)} calls, {came} connections", time.monotonic() - began)
    line.wrong = "; ".join([*wrong, *([f"{came} connections at the trap"] if came else [])])
    return line


def _redirected(target: Target) -> Iterator[Line]:
    """Each kind of client at a server that it may call, which sends it on to the trap."""
    for name, door in doors.doors(target.folder, doors.REHEARSAL).items():
        began, wrong, calls = time.monotonic(), [], 0
        with trap() as caught:
            for to in _elsewhere(caught):
                for status in STATUSES:
                    with trap(redirecting(to, status)) as allowed:
                        door(allowed.url)
                        calls += 1
                        if len(allowed.visitors) != 1:
                            wrong.append(f"{status} to {to}: {len(allowed.visitors)} calls of the first server")
            came = len(caught.visitors)
        line = Line(f"redirects, {name}", f"{calls} followed by nobody, {came} at the trap", time.monotonic() - began)
        line.wrong = "; ".join([*wrong[:3], *([f"{came} connections at the trap"] if came else [])])
        yield line


def _elsewhere(caught: Trap) -> list[str]:
    return [f"http://127.0.0.1:{caught.port}/x", f"http://2130706433:{caught.port}/", "file:///etc/passwd"]


def _seen() -> Line:
    """A trap that sees nobody would prove nothing."""
    began = time.monotonic()
    with trap() as caught:
        _call(caught.url)
        came = len(caught.visitors)
    line = Line("… a call that is allowed", f"{came} at the trap", time.monotonic() - began)
    line.wrong = "" if came == 1 else "the trap does not see it"
    return line


def _call(url: str) -> int:
    with HttpClient(url, {}, seconds=3, egress=only(url, surroundings=doors.REHEARSAL)).conversation() as talk:
        return talk.ask(Request("POST", "/x", writes=True, json={"words": "fictional"})).status


ATTACK = Attack("egress", "Addresses by which the bridge would call what it must not.", run)

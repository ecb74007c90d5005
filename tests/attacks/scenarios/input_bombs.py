"""Scenario 21: what a body, a head and a connection can be that no honest client sends.

Each is answered by a 4xx, or, where HTTP itself is broken, by the connection's end; never by 5xx and never by 2xx. The
processes are the same afterwards, and well.
"""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import requests

from tests.attacks.outcome import Attack, Effort, Line, Report, Size
from tests.attacks.raw import Reply, head, send
from tests.attacks.target import CASEWORK, HUB_SIDE, Target
from tests.support.records import example

POST = "/v1/wise-assessments"
EVERYTHING = "authority, everything"
TLS_HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"
SHUT = 0
"""Stands for a connection that was ended without an answer."""


@dataclass(frozen=True)
class Bomb:
    """`expected`: the statuses that are right; `SHUT` where ending the connection is."""

    name: str
    throw: Callable[[Target], Reply]
    expected: tuple[int, ...]


def posted(body: bytes, **headers: str) -> Callable[[Target], Reply]:
    """By a proper client."""

    def throw(target: Target) -> Reply:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = target.headers(EVERYTHING) | {"Content-Type": "application/json"} | given
        began = time.monotonic()
        answer = requests.post(target.url(CASEWORK) + POST, data=body, headers=sent, timeout=60)
        return Reply(answer.status_code, answer.content, time.monotonic() - began)

    return throw


def text(value: str) -> bytes:
    """A good record but for one narrative."""
    return json.dumps(example("wise", analysis_narrative=value, submission_id="BOMB-1")).encode()


def bodies(effort: Effort) -> Iterator[Bomb]:
    """Bytes that are no record."""
    record = json.dumps(example("wise", submission_id="BOMB-2")).encode()
    keys = 1_000_000 if effort.size is Size.FULL else 60_000
    many = b"{" + b",".join(b'"k%d":0' % number for number in range(keys)) + b"}"
    yield Bomb("100,000 lists in each other", posted(b"[" * 100_000 + b"]" * 100_000), (400,))
    yield Bomb("100,000 objects in each other", posted(b'{"a":' * 100_000 + b"1" + b"}" * 100_000), (400,))
    yield Bomb(f"{keys:,} names in one object", posted(many), (413, 422))
    yield Bomb("a number of 5,000 digits", posted(b'{"version": ' + b"9" * 5_000 + b"}"), (400,))
    yield Bomb("a number with an exponent of 400", posted(b'{"version": 1e400}'), (400,))
    for word in (b"NaN", b"Infinity", b"-Infinity"):
        yield Bomb(word.decode(), posted(b'{"version": ' + word + b"}"), (400,))
    yield Bomb("the same name twice", posted(b'{"authority": "E08000007", "authority": "E08000006"}'), (400,))
    yield Bomb("half a character, written out", posted(b'{"authority": "\\ud800"}'), (400,))
    yield Bomb("NUL, written out", posted(b'{"authority": "\\u0000"}'), (400,))
    yield Bomb("NUL as a byte", posted(b'{"authority": "\x00"}'), (400,))
    yield Bomb("bytes that are no UTF-8", posted(b'{"authority": "\xff\xfe\xc0\x80"}'), (400,))
    for code in ("utf-16", "utf-32"):
        coded = record.decode().encode(code)
        yield Bomb(f"{code}", posted(coded), (400,))
        yield Bomb(f"{code}, and says so", posted(coded, Content_Type=f"application/json; charset={code}"), (415,))
    yield Bomb("gzip, and says so", posted(gzip.compress(record), Content_Encoding="gzip"), (415,))
    yield Bomb("gzip, and does not", posted(gzip.compress(record)), (400,))
    yield Bomb("1 MiB and one byte", posted(b" " * (1024 * 1024 + 1)), (413,))
    yield Bomb("another media type", posted(record, Content_Type="text/plain"), (415,))
    yield Bomb("only zero-width signs as a text", posted(text("\u200b\u200d\ufeff")), (422,))
    yield Bomb("only bidi controls as a text", posted(text("\u202e\u2066\u2069")), (422,))
    yield Bomb("a text of 8,001 characters", posted(text("x" * 8_001)), (422,))
    yield Bomb("an empty body", posted(b""), (400,))


def raw(name: str, expected: tuple[int, ...], *parts: bytes, side: str = CASEWORK, slow: float = 0) -> Bomb:
    """By hand. `slow` seconds lie between the parts."""

    def throw(target: Target) -> Reply:
        sign_in = f"Authorization: Bearer {target.tokens[EVERYTHING]}".encode()
        return send(
            target.url(side), [part.replace(b"@SIGN-IN@", sign_in) for part in parts], pause=lambda: time.sleep(slow)
        )

    return Bomb(name, throw, expected)


def connections(effort: Effort) -> Iterator[Bomb]:
    """What is wrong with the way of sending."""
    json_type, sign_in = "Content-Type: application/json", "@SIGN-IN@"
    smuggled = b"GET /v1/reviews HTTP/1.1\r\nHost: x\r\n\r\n"
    chunked = "Transfer-Encoding: chunked"
    yield raw(
        "chunked and a length: a request inside of a request", (400, 401, SHUT),
        head("POST", POST, json_type, sign_in, "Content-Length: 4", chunked) + b"0\r\n\r\n" + smuggled,
    )  # fmt: skip
    yield raw(
        "two lengths", (400, SHUT),
        head("POST", POST, json_type, sign_in, "Content-Length: 2", "Content-Length: 44") + b"{}" + smuggled,
    )  # fmt: skip
    for odd in ("xchunked", "chunked, identity", "\x0bchunked", "chunked, chunked"):
        yield raw(
            f"Transfer-Encoding: {odd!r}", (400, 501, SHUT),
            head("POST", POST, json_type, sign_in, f"Transfer-Encoding: {odd}") + b"0\r\n\r\n" + smuggled,
        )  # fmt: skip
    for length in ("-1", "+2", "2 2", "0x2", "9" * 40):
        yield raw(
            f"Content-Length: {length[:12]}", (400, 413, SHUT),
            head("POST", POST, json_type, sign_in, f"Content-Length: {length}") + b"{}",
        )  # fmt: skip
    yield raw(
        "a chunk of a size that is none", (400, SHUT),
        head("POST", POST, json_type, sign_in, chunked) + b"zz\r\n{}\r\n0\r\n\r\n",
    )  # fmt: skip
    yield raw(
        "2 GB declared, nothing sent", (413,),
        head("POST", POST, json_type, sign_in, f"Content-Length: {2 * 1024**3}"),
    )  # fmt: skip
    yield raw(
        "2 GB declared, a megabyte sent", (413, SHUT),
        head("POST", POST, json_type, sign_in, f"Content-Length: {2 * 1024**3}"), b" " * 1_000_000,
    )  # fmt: skip
    seconds = 20 if effort.size is Size.FULL else 2
    yield raw(
        f"a body of {seconds} bytes, one a second, and not signed in", (401, 408, SHUT),
        head("POST", POST, json_type, f"Content-Length: {seconds}"), *[b" "] * seconds, slow=1,
    )  # fmt: skip
    yield raw(
        "a hundred headers and more", (400, 431, SHUT), head("GET", "/health/live", *[f"X-{n}: 1" for n in range(200)])
    )
    yield raw("a header of 100 KB", (400, 431, SHUT), head("GET", "/health/live", "X-Long: " + "x" * 100_000))
    yield raw("a name of 100 KB", (400, 431, SHUT), head("GET", "/health/live", "X" * 100_000 + ": 1"))
    yield raw("a folded header", (400, SHUT), head("GET", "/health/live", "X-One: 1\r\n two"))
    yield raw("a header without a name", (400, SHUT), head("GET", "/health/live", ": 1"))
    yield raw("a space before the colon", (400, SHUT), head("GET", "/health/live", "Content-Length : 4"))
    for side in (CASEWORK, HUB_SIDE):
        yield raw(f"an address of 100 KB ({side})", (400, 414, SHUT), head("GET", "/" + "a" * 100_000), side=side)
        yield raw(f"a query of 3 KB ({side})", (404,), head("GET", "/x?" + "a" * 3_000), side=side)
        yield raw(
            f"no HTTP at all ({side})", (400, SHUT), b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", side=side
        )
        yield raw(f"a version there is not ({side})", (400, 505, SHUT), b"GET /health/live HTTP/9.9\r\n\r\n", side=side)
        yield raw(f"NUL in the address ({side})", (400, 404, SHUT), head("GET", "/v1/\x00"), side=side)
        yield raw(f"TRACE ({side})", (405,), head("TRACE", "/health/live"), side=side)
        yield raw(f"CONNECT ({side})", (400, 404, 405, SHUT), head("CONNECT", "wise-bridge.example:443"), side=side)


def run(target: Target, effort: Effort) -> Report:
    """Throws them one after another, and looks after each whether everybody is still there."""
    report, before = Report("input_bombs"), target.memory()
    for bomb in (*bodies(effort), *connections(effort)):
        report.lines.append(_thrown(bomb, target))
    grown = (target.memory() - before) / 1024**2
    report.remarks.append(f"The web processes' memory grew by {grown:.0f} MiB.")
    counted = target.answered()
    report.remarks.append(f"Answers by the logs: {dict(sorted(counted.items()))}")
    return report


def _thrown(bomb: Bomb, target: Target) -> Line:
    before = {side: target.pids(side) for side in (CASEWORK, HUB_SIDE)}
    reply = bomb.throw(target)
    answered = "connection ended" if reply.closed else str(reply.status)
    line = Line(bomb.name, answered, reply.seconds)
    if reply.status not in bomb.expected:
        line.wrong = f"expected {', '.join('the end' if each == SHUT else str(each) for each in bomb.expected)}"
    elif reply.answers > 1:
        line.wrong = f"{reply.answers} answers to one request"
    elif {side: target.pids(side) for side in before} != before:
        line.wrong = "a process died of it"
    elif not target.is_well():
        line.wrong = "the service is not well afterwards"
    return line


ATTACK = Attack("input_bombs", "Bodies, heads and connections that no honest client sends.", run)

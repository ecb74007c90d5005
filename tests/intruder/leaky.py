"""A made-up Hub of the attacker's own tests: any rule, any fault, over a real socket, without the service."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.intruder.claims import Row, Rule
from tests.intruder.codes import CODES, STATEMENTS
from tests.intruder.judge import Truth
from tests.intruder.people import AUTHORITIES

Shown = Callable[[int], int | None]
"""What is shown of a count: a number, or None for hidden."""
Axis = tuple[str, Mapping[str, tuple[str, ...]]]
"""A field, and for each group's code its values."""

BY_AUTHORITY: Axis = ("authority", {each: (each,) for each in AUTHORITIES})
BY_STATEMENT: Axis = ("exploitation", {each: (each,) for each in STATEMENTS})
BY_AGE: Axis = ("age_band", {each: (each,) for each in CODES["age_band"]})
BY_WIDE_AGE: Axis = (
    "age_band",
    {"under_16": ("under_10", "10_13", "14_15"), "16_plus": ("16_17", "18_plus"), "not_recorded": ("not_recorded",)},
)
BY_SEX: Axis = ("sex", {each: (each,) for each in CODES["sex"]})
ASKED = {"record_type": ("wise_assessment", "rise_meeting_output")}


def exact_over_five(count: int) -> int | None:
    """One to five hidden, everything else as it is: the older rule."""
    return None if 1 <= count <= 5 else count


def seven_and_five(count: int) -> int | None:
    """One to seven hidden, none shown, the rest rounded to five."""
    return None if 1 <= count <= 7 else (count + 2) // 5 * 5


def ten_and_five(count: int) -> int | None:
    """Our rule, without anything that protects the hidden ones."""
    return None if count < 10 else (count + 2) // 5 * 5


def nothing(_count: int) -> int | None:
    """Everything hidden: the only release that is safe without thought."""
    return None


OLDER, SEVEN = Rule(1, 5, 0, 0), Rule(1, 7, 2, 0)


@dataclass(frozen=True)
class Spec:
    """A table to be published."""

    name: str
    unit: str
    axes: tuple[Axis, ...]
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def body(self, truth: Truth, release: str, shown: Shown) -> dict[str, Any]:
        """As the Hub would serve it."""
        figures = [
            self._figure(truth, release, at, shown) for at in product(*([*groups, "total"] for _, groups in self.axes))
        ]
        return {
            "table": self.name,
            "title": self.name,
            "unit": self.unit,
            "universe": {"name": "some", "where": self.where},
            "axes": [
                {
                    "name": name,
                    "field": name,
                    "groups": [{"code": code, "label": code, "values": values} for code, values in groups.items()],
                }
                for name, groups in self.axes
            ],
            "figures": figures,
            "reasons": [],
            "release": release,
        }

    def _figure(self, truth: Truth, release: str, at: Sequence[str], shown: Shown) -> dict[str, Any]:
        where = {name: frozenset(values) for name, values in self.where.items()}
        for (name, groups), code in zip(self.axes, at, strict=True):
            if code != "total":
                where[name] = frozenset(groups[code])
        value = shown(truth.count(release, self.unit, where))
        status, symbol = ("rounded", "") if value is not None else ("suppressed", "c")
        return {"at": at, "value": value, "status": status, "symbol": symbol, "as_of": release}


@dataclass
class Served:
    """What the little Hub serves, and its faults. `etag_salt` may change while it runs."""

    bodies: Mapping[tuple[str, str], dict[str, Any]]
    takes_any_question: bool = False
    etag_salt: str = ""

    @property
    def releases(self) -> list[str]:
        """Oldest first."""
        return sorted({release for release, _ in self.bodies})

    def answer(self, path: str, query: Mapping[str, list[str]]) -> tuple[int, Any]:
        """Status and body."""
        is_known = set(query) <= {"release"} and all(each == [each[0]] for each in query.values())
        if not is_known and not self.takes_any_question:
            return 400, {"detail": "There is no such filter."}
        if path == "/v1/aggregates" and not (query and not self.takes_any_question):
            return 200, {"tables": [{"table": name} for name in self._names()], "releases": self.releases}
        release = query.get("release", self.releases[-1:])[0]
        found = self.bodies.get((release, path.removeprefix("/v1/aggregates/")))
        if found is None:
            return (400 if "release" in query and release not in self.releases else 404), {"detail": "No such table."}
        return 200, found

    def _names(self) -> list[str]:
        return sorted({name for _, name in self.bodies})


def _handler(served: Served) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            status, found = served.answer(parts.path, parse_qs(parts.query, keep_blank_values=True))
            if self.headers["Authorization"] == "Bearer not-a-token":
                status, found = 401, {"detail": "Sign in."}
            body = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("ETag", sha256(body + served.etag_salt.encode()).hexdigest())
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_HEAD = do_GET  # noqa: N815 # http.server calls it so

        def do_POST(self) -> None:
            self.send_response(405)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_PUT = do_PATCH = do_DELETE = do_POST  # noqa: N815 # as above

        def log_message(self, *_: object) -> None:
            """Nothing: it is a test."""

    return Handler


@contextmanager
def serving(served: Served) -> Iterator[str]:
    """The address of a little Hub, while it is needed."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(served))
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def published(
    counted: Mapping[str, Counter[Row]], specs: Sequence[Spec], shown: Shown
) -> dict[tuple[str, str], dict[str, Any]]:
    """Every table of every release."""
    truth = Truth(counted)
    return {(release, each.name): each.body(truth, release, shown) for release in counted for each in specs}

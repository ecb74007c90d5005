"""Checkpoints: when one is made, that each way takes them all, and what happens when one does not."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from service.adapters.checkpoints import FolderWay, read_address, read_signer
from service.errors import ConfigurationFault
from service.store.pulse import PulseRows
from tests.audit.conftest import Scene
from tests.support.bridge import STOCKPORT


@dataclass
class Taken:
    url: str = ""
    status: int = 204
    lines: list[bytes] = field(default_factory=list)


@contextmanager
def council() -> Iterator[Taken]:
    """An address at a council that keeps what it is sent."""
    taken = Taken()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if taken.status < 300:
                taken.lines.append(body)
            self.send_response(taken.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    taken.url = f"http://127.0.0.1:{server.server_address[1]}/checkpoints"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield taken
    finally:
        server.shutdown()
        server.server_close()


def says(scene: Scene) -> list[tuple[int, int]]:
    """Position and entries of each line in the folder."""
    lines = [json.loads(line)["says"] for line in scene.checkpoints().read_bytes().splitlines()]
    return [(each["position"], each["entries"]) for each in lines]


def retry_at_once(scene: Scene) -> None:
    scene.tamper("UPDATE casework.checkpoint_sending SET tried_at = now() - interval '31 seconds'")


def test_one_is_made_when_the_chain_has_grown_and_the_last_is_old_enough(scene: Scene) -> None:
    scene.keep(3)
    assert scene.checkpointer().look() == 0
    scene.add(2)
    scene.sealer().look()
    assert scene.checkpointer(every=timedelta(minutes=5)).look() == 0
    scene.tamper("UPDATE casework.audit_checkpoint SET at = at - interval '5 minutes'")
    assert scene.checkpointer(every=timedelta(minutes=5)).look() == 2
    assert says(scene) == [(3, 3), (5, 2)]


def test_what_is_signed_is_what_a_stranger_can_read(scene: Scene) -> None:
    scene.keep(2)
    line = json.loads(scene.checkpoints().read_bytes())
    head, body, _ = (base64.urlsafe_b64decode(part + "==") for part in line["checkpoint"].split("."))
    assert json.loads(head)["alg"] == "Ed25519"
    assert json.loads(body) == line["says"]
    ((digest,),) = scene.rows("SELECT encode(digest, 'hex') FROM casework.audit_link WHERE position = 2")
    assert (line["says"]["authority"], line["says"]["digest"]) == (STOCKPORT, digest)


def test_a_folder_that_is_away_is_told_and_gets_everything_later(scene: Scene, tmp_path: Path) -> None:
    away = FolderWay(tmp_path / "not-mounted")
    for _ in range(2):
        scene.add(1)
        scene.sealer().look()
        scene.checkpointer(away).look()
    behind = PulseRows(scene.engine("wise_intake")).of_lane(STOCKPORT, in_use=True).trail_behind
    assert set(behind) == {"folder"}
    retry_at_once(scene)
    assert scene.checkpointer().look() == 2
    assert says(scene) == [(1, 1), (2, 1)]
    assert PulseRows(scene.engine("wise_intake")).of_lane(STOCKPORT, in_use=True).trail_behind == {}


def test_a_line_that_broke_off_is_followed_by_a_whole_one(scene: Scene) -> None:
    scene.keep(1)
    whole = scene.checkpoints().read_bytes()
    scene.checkpoints().write_bytes(whole[:70])
    scene.tamper("DELETE FROM casework.checkpoint_sending")
    scene.checkpointer().look()
    assert scene.checkpoints().read_bytes() == whole[:70] + b"\n" + whole
    assert scene.verify() == set()


def test_an_address_takes_the_same_lines(scene: Scene) -> None:
    with council() as taken:
        ways = FolderWay(scene.folder), read_address(taken.url)
        scene.add(1)
        scene.sealer().look()
        assert scene.checkpointer(*ways).look() == 3
        assert b"\n".join(taken.lines) + b"\n" == scene.checkpoints().read_bytes()
        taken.status = 503
        scene.add(1)
        scene.sealer().look()
        assert scene.checkpointer(*ways).look() == 2
        trouble = "SELECT way, trouble FROM casework.checkpoint_sending WHERE failing_since IS NOT NULL"
        assert [way for way, _ in scene.rows(trouble)] == ["address"]
        taken.status = 204
        assert scene.checkpointer(*ways).look() == 0
        retry_at_once(scene)
        assert scene.checkpointer(*ways).look() == 1
        assert scene.rows(trouble) == []
        assert len(taken.lines) == 2


def test_keepers_at_once_bring_each_checkpoint_once(scene: Scene) -> None:
    for _ in range(3):
        scene.add(1)
        scene.sealer().look()
        with ThreadPoolExecutor(4) as pool:
            looks = [pool.submit(scene.checkpointer().look) for _ in range(4)]
        assert sum(each.result() for each in looks) == 2
    assert says(scene) == [(1, 1), (2, 1), (3, 1)]


def test_keys_and_addresses_that_will_not_do_are_told_at_the_start(tmp_path: Path) -> None:
    for url in ("ftp://council.example/", "https://", "https://user@council.example/"):
        with pytest.raises(ConfigurationFault, match="WISE_CHECKPOINT_URL"):
            read_address(url)
    for content in (
        "",
        "nothing",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",  # pragma: allowlist secret
    ):
        (tmp_path / "key.pem").write_text(content)
        with pytest.raises(ConfigurationFault, match="WISE_AUDIT_SIGNING_KEY_FILE"):
            read_signer(tmp_path / "key.pem")


def test_entries_that_wait_are_seen_by_those_who_watch_and_nothing_else_of_them(scene: Scene) -> None:
    watching = PulseRows(scene.engine("wise_delivery"))
    scene.add(1)
    ((at,),) = scene.rows("SELECT at FROM casework.audit")
    assert watching.of_lane(STOCKPORT, in_use=True).trail_behind == {"sealing": at}
    scene.sealer().look()
    assert watching.of_lane(STOCKPORT, in_use=True).trail_behind == {"checkpoint": at}
    scene.checkpointer().look()
    assert watching.of_lane(STOCKPORT, in_use=True).trail_behind == {}

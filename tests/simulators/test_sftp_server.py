"""The SFTP server that the file exchanges share: it lets go of what a broken connection leaves behind."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Callable
from pathlib import Path

import asyncssh
import pytest

from simulators.lcs import LcsInstance
from simulators.sftp.safe_xml import MAX_DEPTH, BadManifest, parse
from tests.simulators.lcs_client import Pair, pair, simulator, until


def _is_open(path: Path) -> bool:
    """Whether this process, in which the simulator runs too, has the file open."""
    numbers = Path("/proc/self/fd")
    return any(os.path.realpath(numbers / number) == str(path) for number in os.listdir(numbers))


def _answer(instance: LcsInstance) -> Path:
    """A file to read, in place of an answer."""
    path = (instance.root / "outbox" / "WB-OPEN.ack").resolve()
    path.write_bytes(b"<acknowledgement/>")
    return path


async def _leave_in_the_middle(lcs: Pair, answer: Path, *, cut: Callable[[], None] | None) -> None:
    """Reads from a dripping file, and is cut off while more reads are in hand; without `cut`, by this side."""
    options = {"known_hosts": None, "username": lcs.client.user, "config": None}
    ssh = await asyncssh.connect("127.0.0.1", lcs.client.port, client_keys=[str(lcs.client.key)], **options)
    file = await (await ssh.start_sftp_client()).open(f"outbox/{answer.name}", "rb")
    assert _is_open(answer)
    asked = [asyncio.ensure_future(file.read(1, offset)) for offset in range(50)]
    await asked[0]
    if cut is None:
        ssh.abort()
    else:
        await asyncio.to_thread(cut)
    await asyncio.gather(*asked, return_exceptions=True)
    await ssh.wait_closed()


@pytest.mark.parametrize("by", ["client", "server"])
def test_an_open_file_is_closed_when_its_connection_is_lost(tmp_path: Path, key: Path, by: str) -> None:
    """A read that is called off would leave it to the garbage collector, with a warning; that is held back here."""
    with simulator(tmp_path, key) as running:
        lcs = pair(running, key)
        answer = _answer(lcs.instance)
        lcs.instance.faults.set("drip", on="/outbox")
        gc.disable()
        try:
            asyncio.run(_leave_in_the_middle(lcs, answer, cut=running.stop if by == "server" else None))
            until(lambda: not _is_open(answer))
        finally:
            gc.enable()


def test_a_file_closed_by_its_client_is_closed_here(lcs: Pair) -> None:
    answer = _answer(lcs.instance)

    async def read(sftp: asyncssh.SFTPClient) -> None:
        async with sftp.open(f"outbox/{answer.name}", "rb") as file:
            content: object = await file.read()
            assert content == answer.read_bytes()
        assert not _is_open(answer)

    lcs.client.run(read)
    answer.unlink()


def test_depth_ends_the_reading_of_a_manifest() -> None:
    """One level more than may be, though all elements are closed; elements beside each other are no depth."""
    deepest = b"<a>" * MAX_DEPTH + b"</a>" * MAX_DEPTH
    assert parse(deepest).tag == "a"
    assert len(parse(b"<a>" + b"<b/>" * 1000 + b"</a>")) == 1000
    with pytest.raises(BadManifest, match="within each other"):
        parse(b"<a>" + deepest + b"</a>")

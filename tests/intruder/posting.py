"""Posts records whose texts are all canaries through the real intake, so that what crosses can be searched for them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from itertools import cycle
from typing import Any

from tests.intruder.archives import unpacked
from tests.intruder.canaries import corpus, searched
from tests.intruder.client import Client
from tests.intruder.cohort import RELEASES
from tests.intruder.harness import RealHarness
from tests.intruder.intruder import menu
from tests.intruder.judge import Breach
from tests.intruder.queries import served
from tests.support.records import example
from tests.support.training import train_the_workers

RECORDS = 40


def egress(harness: RealHarness) -> tuple[int, list[Breach]]:
    """T8. Searches what is served with the records for what was not served without them."""
    before = _served(harness)
    canaries = corpus()
    harness.clear()
    train_the_workers(harness.database)
    if not _posted(harness, canaries):
        return 0, [Breach("T8", "intake", "no record with canaries was taken, so nothing was tried")]
    return searched([_served(harness, clear=False)], canaries, allowed=before)


def _served(harness: RealHarness, *, clear: bool = True) -> bytes:
    """Every byte the Hub serves after a release of what there is."""
    if clear:
        harness.clear()
    if why := harness.release(RELEASES[-1]):
        raise AssertionError(f"nothing was published, so nothing was searched: {why}")
    with harness.serving() as there, closing(Client(there.base_url, there.token)) as client:
        return everything(client)


def everything(client: Client) -> bytes:
    """Every answer's headers and body, and what is packed in it. Raises `Unreadable` where there is no menu."""
    known = menu(client)
    for path in served(known) if known.releases else ["/v1/aggregates", "/v1/releases"]:
        client.get(path)
    return b"\n".join(map(unpacked, client.served))


def _posted(harness: RealHarness, canaries: Sequence[str]) -> int:
    """How many records were taken. The canaries are gone through, a few a text."""
    texts = cycle(" ".join(canaries[at : at + 5]) for at in range(0, len(canaries), 5))
    taken = 0
    for number in range(RECORDS):
        record = example("wise", submission_id=f"CANARY-{number}")
        taken += harness.bridge.post(_filled(record, texts)).status_code in (200, 201, 202)
    return taken


def _filled(value: Any, texts: Any) -> Any:
    """With canaries for every text of several words."""
    if isinstance(value, dict):
        return {key: _filled(each, texts) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, texts) for each in value]
    return next(texts) if isinstance(value, str) and value.count(" ") > 3 else value

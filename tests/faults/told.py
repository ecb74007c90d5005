"""Being told of alarms, as an operator is: a webhook outside the service, and how soon something came through it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests

from tests.alarms.receiver import SECRET, Received, receiver
from tests.faults.processes import WEB, WORKER
from tests.faults.world import World


@dataclass(frozen=True)
class Told:
    """`since` is on the database's clock: what was raised before is no concern of this scenario's."""

    world: World
    received: Received
    since: datetime

    def of(self, kind: str, authority: str | None, word: str = "raised") -> list[dict[str, Any]]:
        """What came of one kind about one authority; None: about the bridge."""
        found = [each["data"] for each in list(self.received.bodies) if each["type"] == f"alarm.{word}"]
        mine = [each for each in found if (each["kind"], each["authority"]) == (kind, authority)]
        return [each for each in mine if datetime.fromisoformat(each["raised_at"]) >= self.since]

    def wait(self, kind: str, authority: str | None, seconds: float, word: str = "raised") -> float:
        """How long it took until it came. Raises `TimeoutError`."""
        return self.world.wait(lambda: self.of(kind, authority, word), seconds, f"the alarm {kind} ({word})")


@contextmanager
def alarms_told(world: World, *, every: float, **settings: str) -> Iterator[Told]:
    """Web and worker tell alarms there, looking every so many seconds; with these settings besides, while it lasts.

    Afterwards they are gone, and `World.calm` starts them as they were.
    """
    with receiver() as received:
        file = world.stack.folder / "alarm-secret"
        file.write_text(SECRET)
        told = {"WISE_ALARM_SECONDS": str(every), "WISE_ALARM_WEBHOOK_URL": received.url}
        world.restart(WEB, WORKER, besides=told | {"WISE_ALARM_WEBHOOK_SECRET_FILE": str(file)} | settings)
        ((since,),) = world.sql("SELECT now()")
        try:
            yield Told(world, received, since)
        finally:
            for name in (WEB, WORKER):
                world.processes.besides.pop(name, None)
                world.processes.kill(name)


def status(world: World, place: str) -> int:
    """Of one of the web's addresses; 0 when nobody answers."""
    try:
        return requests.get(f"{world.stack.casework_url}/{place}", timeout=5).status_code
    except requests.RequestException:
        return 0


def metrics(world: World, name: str) -> dict[tuple[str, str], float]:
    """One metric's values by authority and state, "" where it has none."""
    found = {}
    for line in requests.get(f"{world.stack.casework_url}/metrics", timeout=10).text.splitlines():
        if line.startswith((f"{name}{{", f"{name} ")):
            labels, _, value = line.removeprefix(name).rpartition(" ")
            given = dict(each.split("=", 1) for each in labels.strip("{}").split(",") if each)
            found[given.get("authority", "").strip('"'), given.get("state", "").strip('"')] = float(value)
    return found

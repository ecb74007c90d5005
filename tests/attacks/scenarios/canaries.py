"""Scenario 20: marks in every place of a record where somebody's words or reference can stand, through all that can go
well or wrong; then a search for them, in every form, wherever they must not be.

They may lie in the vault, where they are sealed and cannot be found, and in the authorities' own case systems. A known
text is put into each kind of place beforehand: a search that does not find that would find nothing else either.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.attacks import cores
from tests.attacks.canary_world import CanaryWorld
from tests.attacks.outcome import Attack, Effort, Line, Report, Size
from tests.attacks.planting import MARK, SOAP_CHILDREN, STEM, Planter
from tests.attacks.sweeping import swept
from tests.attacks.target import Target
from tests.faults.release import release
from tests.faults.towns import Town

NAME = "CANARY"
SILENT = 4
"""Seconds: a call that took longer found nobody who answered. It is given up after five."""
LATER = "2099-01-01T00:00:00Z"
_OPEN = "SELECT count(*) FROM casework.delivery WHERE state IN ('ready', 'in_flight', 'retry', 'unknown')"
_DEAD = """
    SELECT authority, reference FROM casework.delivery
     WHERE state = 'needs_human' AND reason = 'content_refused' AND kind = 'record'
"""
_UNMAPPED = "SELECT count(*) FROM casework.delivery WHERE reason = 'mapping_incomplete' AND kind = 'record'"
_OUT_OF_TIME = """
    SELECT count(*) FROM casework.attempt
     WHERE authority = %s AND reason = 'no_clear_answer' AND ended_at - started_at > make_interval(secs => %s)
"""
_STATES = "SELECT state || ' ' || reason, count(*) FROM casework.delivery WHERE kind = 'record' GROUP BY 1 ORDER BY 1"


@dataclass(frozen=True)
class Numbers:
    """Submissions in all; seconds until a lane's faults must be over; whether calls run into their time's end."""

    records: int
    patience: float
    timeouts: bool


SIZES = {Size.SHORT: Numbers(60, 120, timeouts=False), Size.FULL: Numbers(1000, 900, timeouts=True)}


class Ways:
    """Sends records each way there is. `answers` are the texts of all answers that were no plain success."""

    def __init__(self, world: CanaryWorld, numbers: Numbers) -> None:
        self.world, self.numbers, self.planter = world, numbers, Planter()
        self.answers: list[str] = []
        self.statuses: Counter[str] = Counter()
        self.sent = self.marked = 0
        self.crashed: list[Path] = []

    def play(self) -> Iterator[Line]:
        """One way after the other; the rest, half of all, without any fault."""
        tenth = self.numbers.records // 10
        yield self._way("a failure of the mapping", lambda: self._meetings(tenth // 2), "201")
        yield self._way(
            "refused by a constraint of the database", lambda: self._refused_by_the_database(tenth), "503 500 201 200"
        )
        yield self._way("refused at the door", lambda: self._refused_at_the_door(tenth), "400 403 404 405 422")
        yield self._way("faults of SOAP", lambda: self._faults_of_soap(min(tenth // 2, len(SOAP_CHILDREN))), "201")
        yield self._way("answers cut off, late or false", lambda: self._on_the_way(tenth), "201")
        yield self._way("refused there, and left to a person", lambda: self._dead_letters(tenth), "201")
        yield self._way("crashes in the middle", lambda: self._crashes(tenth), "201")
        rest = max(self.numbers.records - self.sent, 0)
        yield self._way("nothing in the way", lambda: self._post(self._records(self.world.of_rest(), rest)), "201")
        yield self._way("left to a person, and sent again", self._replayed)
        yield self._way("all of it to its end", self._settled)

    def _way(self, name: str, go: Callable[[], object], expected: str = "") -> Line:
        began, before = time.monotonic(), self.sent
        self.statuses.clear()
        said = go()
        told = ", ".join(f"{status} × {count}" for status, count in sorted(self.statuses.items()))
        sent = f"{self.sent - before} sent" if self.sent > before else ""
        words = "; ".join(each for each in (sent, told, str(said or "")) if each)
        line = Line(name, words, time.monotonic() - began)
        if strange := set(self.statuses) - set(expected.split()):
            line.wrong = f"answered {', '.join(sorted(strange))}: {self.answers[-1][:300]}"
        if self.sent == before and not said:
            line.wrong = "nothing happened"
        return line

    def _records(self, towns: list[Town], count: int, name: str = NAME) -> list[tuple[str, str, bytes]]:
        """Authority, address and body."""
        return [self._written(self.planter.wise, towns[number % len(towns)], name) for number in range(count)]

    @staticmethod
    def _written(make: Callable[..., tuple[str, dict[str, Any]]], town: Town, *more: str) -> tuple[str, str, bytes]:
        path, record = make(town.code, *more)
        return town.code, path, json.dumps(record, ensure_ascii=False).encode()

    def _post(self, records: list[tuple[str, str, bytes]]) -> None:
        """Counted here, since threads would miscount."""
        self.sent += len(records)
        self.marked += sum(bool(MARK.forms_in(body)) for _, _, body in records)
        with ThreadPoolExecutor(8) as pool:
            for status, answer in pool.map(self._one, records):
                self.statuses[str(status or "no answer")] += 1
                if status not in (200, 201):
                    self.answers.append(json.dumps(answer))

    def _one(self, asked: tuple[str, str, bytes]) -> tuple[int, Any]:
        authority, path, body = asked
        return self.world.ledger.ask("POST", authority, path, body)

    def _meetings(self, count: int) -> str:
        """Taken at the door, and then met by a worker whose profile has no place for them."""
        town = self.world.of_rest()[0]
        with self.world.worker_without_meetings():
            self._post([self._written(self.planter.meeting, town, NAME) for _ in range(count)])
            self.world.wait(lambda: self.world.sql(_UNMAPPED) == [(count,)], 60, "what has no place in a mapping")
        return f"{count} left to a person as mapping_incomplete"

    def _refused_by_the_database(self, count: int) -> None:
        """In one transaction with the sealed body; then the same record eight times at once, for the unique key."""
        with self.world.refusing(f"{NAME}-DB"):
            self._post(self._records(self.world.of_rest(), count, f"{NAME}-DB"))
        self._post(self._records(self.world.of_rest(), 1) * 8)

    def _refused_at_the_door(self, count: int) -> None:
        towns = self.world.of_rest()
        for number, (authority, path, body) in enumerate(self._records(towns, count)):
            record = json.loads(body)
            spoilt = [
                json.dumps(record | {"completed_on": self.planter.mark(), "more": self.planter.mark()}).encode(),
                body[:-40],
                json.dumps(record | {"analysis_narrative": self.planter.mark() * 900}).encode(),
                body,
            ][number % 4]
            other = towns[(number + 1) % len(towns)].code
            self._post([(other if spoilt is body else authority, path, spoilt)])
        self._post([(authority, f"{path}/{self.planter.mark()}?q={self.planter.mark()}", body)])

    def _faults_of_soap(self, count: int) -> None:
        """Locked steps and a failing server: each is a fault in an envelope, with what was sent quoted or not."""
        town = self.world.soap_town
        self.world.knobs(lock_all_until=LATER)
        made = [self.planter.short(town.code, NAME, SOAP_CHILDREN[number]) for number in range(count)]
        path, full = self.planter.wise(town.code, NAME, child="40211")
        made.append((path, full))  # more than the form there has room for
        bodies = [(town.code, path, json.dumps(record).encode()) for path, record in made]
        self._post(bodies[: count // 2])
        self.world.wait(lambda: self._reached(town), 60, "a fault of SOAP", every=0.2)
        self.world.knobs()
        self.world.knobs(fail_next=[{"status": 500, "times": 3}])
        self._post(bodies[count // 2 :])

    def _reached(self, town: Town) -> bool:
        """Whether a delivery there was tried and did not come through."""
        query = "SELECT count(*) FROM casework.delivery WHERE authority = %s AND attempts > 0 AND state <> 'in_flight'"
        return self.world.sql(query, town.code) > [(0,)]

    def _on_the_way(self, count: int) -> str:
        first, second, third = self.world.of_rest()[:3]
        late = "black_hole" if self.numbers.timeouts else "reset"
        self.world.proxy(first, {"fault": "cut_answer", "which": {"every": 3}, "match": "POST|PATCH", "bytes": 20})
        self.world.proxy(second, {"fault": late, "which": {"first": 4}, "match": "POST|PATCH"})
        self.world.mood(third, {"mode": "fault_inside", "first": 4}, {"mode": "login_page", "first": 2})
        self._post(self._records([first, second, third], count))
        for town in (first, second):
            self.world.wait(lambda at=town: sum(self.world.struck(at).values()) > 0, 60, "a fault on the way")
        ended = [(0,)]
        if self.numbers.timeouts:
            asked = _OUT_OF_TIME, second.code, SILENT
            self.world.wait(lambda: self.world.sql(*asked) > [(0,)], 60, "a call that ran out of time")
            ended = self.world.sql(*asked)
        self.world.partners.proxy.ask(do="clear")
        return f"{ended[0][0]} calls ran out of time"

    def _dead_letters(self, count: int) -> None:
        town = self.world.of_rest()[0]
        self.world.mood(town, {"mode": "refuse", "only": "writes"})
        self._post(self._records([town], count))
        self.world.wait(lambda: len(self.world.sql(_DEAD)) > 0, self.numbers.patience, "one that was refused")

    def _crashes(self, count: int) -> str:
        """The worker with bodies in its hands, and one process of the web: by a fault of memory, dumps allowed."""
        town = self.world.of_rest()[2]
        self.world.mood(town, {"mode": "delay", "ms": 4000})
        with cores.allowed() as since:
            self.world.restart("worker", "casework", besides={})
            self._post(self._records([town], count))
            in_hand = "SELECT count(*) FROM casework.delivery WHERE state = 'in_flight' AND authority = %s"
            self.world.wait(lambda: self.world.sql(in_hand, town.code) > [(0,)], 60, "one in a worker's hands")
            ended = self._die("worker") + self._die("casework")
            self.crashed = cores.files(since, Path.cwd(), self.world.folder, self.world.temporary)
        self.world.mood(town)
        self.world.up()
        return f"{ended} processes ended by SIGSEGV"

    def _die(self, name: str) -> int:
        """The leader, and what it forked."""
        ended = 0
        for pid in self.world.processes.pids(name):
            with suppress(ProcessLookupError, psutil.NoSuchProcess):
                process = psutil.Process(pid)
                os.kill(pid, signal.SIGSEGV)
                ended += 1
                self.world.wait(lambda ending=process: _has_ended(ending), 30, "its end")
        return ended

    def _replayed(self) -> str:
        self.world.partners.receiver.ask(do="clear")
        dead = self.world.sql(_DEAD)
        for authority, reference in dead:
            release(self.world.ledger, authority, reference)
        return f"{len(dead)} sent again" if dead else ""

    def _settled(self) -> str:
        """Lanes that opened are cooled: nobody waits for them here."""
        with suppress(TimeoutError):
            self.world.wait(self._is_settled, self.numbers.patience, "the end", every=0.5)
        return ", ".join(f"{name} × {count}" for name, count in self.world.sql(_STATES))

    def _is_settled(self) -> bool:
        self.world.cool_lanes()
        return self.world.sql(_OPEN) == [(0,)]


def _has_ended(process: psutil.Process) -> bool:
    """Gone, or only waiting for its parent to notice."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def run(target: Target, effort: Effort) -> Report:
    """On a bridge of its own, beside the one that the other attacks share."""
    report = Report("canaries")
    with CanaryWorld(target.folder / "canaries") as world:
        ways = Ways(world, SIZES[effort.size])
        report.lines += list(ways.play())
        report.lines += list(swept(world, ways.crashed, ways.answers))
        report.remarks.append(f"{ways.sent:,} submissions with {ways.planter.planted:,} marks.")
        ((left,),) = world.sql(_OPEN)
        if left:
            report.remarks.append(f"{left} deliveries were still open when it was searched.")
        ((filed,),) = world.sql("SELECT count(*) FROM casework.delivery WHERE state = 'delivered' AND kind = 'record'")
        seen = Line("… the marks in what was sent", f"in {ways.marked:,} of {ways.sent:,} bodies", 0)
        seen.wrong = "" if ways.marked > 0.9 * ways.sent else "the search does not find what was planted"
        report.lines.append(seen)
        there = Line("filed in the case systems", f"{filed} records", 0)
        there.wrong = "" if filed > ways.numbers.records // 2 else "too few for the search to mean anything"
        report.lines.append(there)
    return report


ATTACK = Attack("canaries", f"Marks ({STEM}…) in every record, and a search for them everywhere else.", run)

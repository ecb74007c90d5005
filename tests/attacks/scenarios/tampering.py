"""Scenario 23: whoever has every power over the database changes the trail of the running service.

An outsider who holds exports and the checkpoints that the keeper wrote elsewhere finds each change, and where. After
each the trail is put back. The one limit is tried as well: what came after the last checkpoint.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import requests

from tests.attacks.outcome import Attack, Effort, Line, Report, Size
from tests.attacks.target import CASEWORK, Target
from tests.attacks.trail import Finding, Trail
from tests.support.bridge import STOCKPORT
from tests.support.records import example

ID_AT = "(SELECT audit_id FROM casework.audit_link WHERE authority = %s AND position = %s)"
CHANGES = (
    "actor = 'client:somebody-else'", "action = 'copy_made'", "at = at - interval '1 microsecond'",
    "subject_id = 's-99'", "subject_type = 'hold'", "detail = detail || '{\"number\": 7}'",
)  # fmt: skip
EVERY_SECONDS = 2
PROMISED_SECONDS = 300


@dataclass(frozen=True)
class Numbers:
    """Entries at least; places at which each kind of change is tried."""

    entries: int
    places: int


SIZES = {Size.SHORT: Numbers(12, 1), Size.FULL: Numbers(300, 10)}
Tamper = Callable[[psycopg.Connection[tuple[Any, ...]], int], None]


def run(target: Target, effort: Effort) -> Report:
    """With a keeper of its own that signs every two seconds; it is away while somebody tampers."""
    report, trail, numbers = Report("tampering"), Trail(target, STOCKPORT), SIZES[effort.size]
    target.stack.tuning |= {"WISE_CHECKPOINT_SECONDS": str(EVERY_SECONDS)}
    target.stack.run_process("keeper")
    try:
        length = _grown(target, trail, numbers.entries)
    finally:
        target.stack.stop_process("keeper")
    untouched = trail.findings()
    report.lines.append(Line("nothing", f"{length} entries", 0, str(untouched or "")))
    places = random.Random(23).sample(range(2, length - 1), numbers.places)
    report.lines += [*_at_places(trail, places), *_of_the_whole(trail, length), _limit(target, trail, length)]
    report.lines.append(_keeper_refuses(target, trail))
    signed = trail.signed()
    report.remarks.append(f"{len(signed)} checkpoints over {length} entries, the last at {signed[-1]}.")
    report.remarks.append(f"Signed every {EVERY_SECONDS} s here, and every {PROMISED_SECONDS} s when nothing is set.")
    return report


def _grown(target: Target, trail: Trail, entries: int) -> int:
    """Records over HTTP until the last checkpoint covers so many entries, in several steps. How many there are."""
    headers, number = target.headers("authority, everything"), 0
    until = time.monotonic() + 600
    while len(signed := trail.signed()) < 3 or signed[-1] < entries:
        if time.monotonic() > until:
            raise TimeoutError("the trail did not grow")
        number += 1
        body = example("wise", submission_id=f"TRAIL-{number}", young_person__la_child_id=f"TRAIL{number:05}")
        url = f"{target.url(CASEWORK)}/v1/wise-assessments"
        requests.post(url, json=body, headers=headers, timeout=30).raise_for_status()
    return _steady(target, trail)


def _steady(target: Target, trail: Trail) -> int:
    """Once the worker has nothing more to add and all of it is signed."""

    def covered() -> int:
        with trail.superuser() as admin:
            (count,) = admin.execute(
                "SELECT count(*) FROM casework.audit WHERE authority = %s", [STOCKPORT]
            ).fetchone() or (0,)
        return int(count) if trail.signed()[-1:] == [count] else 0

    return int(target.wait(covered, "a checkpoint over everything"))


def _tried(trail: Trail, name: str, tamper: Tamper, place: int, expected: set[Finding]) -> str:
    """What is wrong with what was found; empty when all that was expected was."""
    with trail.undone() as admin:
        tamper(admin, place)
        found = trail.findings()
    return "" if expected <= found else f"{name} at {place}: found {sorted(found)}"


def _at_places(trail: Trail, places: list[int]) -> Iterator[Line]:
    for change in CHANGES:
        yield _line(trail, f"changed: {change.partition(' =')[0]}", _changing(change), places, "changed")
    yield _line(trail, "an entry deleted", _deleted, places, "entry_gone")
    yield _line(trail, "an entry and its link deleted", _deleted_with_link, places, "positions_gone")
    yield _line(trail, "two entries in each other's place", _exchanged, places, "order")
    yield _line(trail, "given to another authority", _given_away, places, "entry_gone")


def _line(trail: Trail, name: str, tamper: Tamper, places: list[int], wrong: str) -> Line:
    began = time.monotonic()
    missed = [said for place in places if (said := _tried(trail, name, tamper, place, {(wrong, place, place)}))]
    found = f"{len(places) - len(missed)} of {len(places)} found, each at its place"
    return Line(name, found, time.monotonic() - began, "; ".join(missed[:3]))


def _changing(change: str) -> Tamper:
    def tamper(admin: psycopg.Connection[tuple[Any, ...]], place: int) -> None:
        admin.execute(f"UPDATE casework.audit SET {change} WHERE id = {ID_AT}", [STOCKPORT, place])  # type: ignore[arg-type]

    return tamper


def _deleted(admin: psycopg.Connection[tuple[Any, ...]], place: int) -> None:
    admin.execute(f"DELETE FROM casework.audit WHERE id = {ID_AT}", [STOCKPORT, place])


def _deleted_with_link(admin: psycopg.Connection[tuple[Any, ...]], place: int) -> None:
    _deleted(admin, place)
    admin.execute("DELETE FROM casework.audit_link WHERE authority = %s AND position = %s", [STOCKPORT, place])


def _given_away(admin: psycopg.Connection[tuple[Any, ...]], place: int) -> None:
    admin.execute(f"UPDATE casework.audit SET authority = 'E08000006' WHERE id = {ID_AT}", [STOCKPORT, place])


def _exchanged(admin: psycopg.Connection[tuple[Any, ...]], place: int) -> None:
    """With the one after it."""
    query = "SELECT audit_id FROM casework.audit_link WHERE authority = %s AND position IN (%s, %s) ORDER BY position"
    (first,), (second,) = admin.execute(query, [STOCKPORT, place, place + 1]).fetchall()
    change = "UPDATE casework.audit_link SET audit_id = %s WHERE authority = %s AND position = %s"
    for entry, at in ((-1, place), (first, place + 1), (second, place)):
        admin.execute(change, [entry, STOCKPORT, at])


def _of_the_whole(trail: Trail, length: int) -> Iterator[Line]:
    for last in (length - 1, length // 2, 0):
        cut = {("cut_off", last + 1, length)}
        began = time.monotonic()
        said = _tried(trail, "cut off", _cut_off, last, cut)
        yield Line(f"cut off after {last}", "found" if not said else "not found", time.monotonic() - began, said)
    for name, more in (("the whole chain made anew", ""), ("… and the checkpoints in the database deleted", "all")):
        began = time.monotonic()
        with trail.undone() as admin:
            _changing(CHANGES[0])(admin, length // 2)
            admin.execute("DELETE FROM casework.audit_link WHERE authority = %s", [STOCKPORT])
            if more:
                admin.execute("DELETE FROM casework.audit_checkpoint")
                admin.execute("DELETE FROM casework.checkpoint_sending")
            trail.seal_anew()
            found = trail.findings()
        seen = [each for each in found if each[0] == "rewritten" and each[1] <= length // 2 <= each[2]]
        yield Line(name, str(seen or "not found"), time.monotonic() - began, "" if seen else str(sorted(found)))


def _cut_off(admin: psycopg.Connection[tuple[Any, ...]], last: int) -> None:
    ids = "SELECT audit_id FROM casework.audit_link WHERE authority = %s AND position > %s"
    admin.execute(f"DELETE FROM casework.audit WHERE id IN ({ids})", [STOCKPORT, last])
    admin.execute("DELETE FROM casework.audit_link WHERE authority = %s AND position > %s", [STOCKPORT, last])


def _limit(target: Target, trail: Trail, length: int) -> Line:
    """What came after the last checkpoint can go unseen, and nothing before it with it: the promise's own words."""
    began = time.monotonic()
    body = example("wise", submission_id="TRAIL-LAST", young_person__la_child_id="TRAILLAST")
    headers = target.headers("authority, everything")
    answer = requests.post(f"{target.url(CASEWORK)}/v1/wise-assessments", json=body, headers=headers, timeout=30)
    answer.raise_for_status()
    trail.seal_anew()
    with trail.undone() as admin:
        _cut_off(admin, length)
        after = trail.findings()
        _cut_off(admin, length - 1)
        before = trail.findings()
    line = Line("cut off after the last checkpoint", "as told, unseen; one more is seen", time.monotonic() - began)
    if after or before != {("cut_off", length, length)}:
        line.wrong = f"{sorted(after)}, and with one more {sorted(before)}"
    return line


def _keeper_refuses(target: Target, trail: Trail) -> Line:
    """Over a chain that was made anew the keeper signs nothing, and says so."""
    began, signed = time.monotonic(), trail.signed()
    trouble = "SELECT trouble FROM casework.checkpoint_sending WHERE way = 'chain' AND failing_since IS NOT NULL"
    with trail.undone() as admin:
        _changing(CHANGES[0])(admin, 2)
        admin.execute("DELETE FROM casework.audit_link WHERE authority = %s", [STOCKPORT])
        trail.seal_anew()
        target.stack.run_process("keeper")
        try:
            target.wait(lambda: admin.execute(trouble).fetchall(), "the keeper's word")
        finally:
            target.stack.stop_process("keeper")
        said = {each for (each,) in admin.execute(trouble).fetchall()}
    line = Line("the keeper over a chain made anew", f"{said}, nothing signed", time.monotonic() - began)
    line.wrong = "" if trail.signed() == signed and said == {"chain_changed"} else f"{said}, {trail.signed()[-3:]}"
    return line


ATTACK = Attack("tampering", "Whoever has every power over the database changes the audit trail.", run)

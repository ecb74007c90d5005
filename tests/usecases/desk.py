"""The delivering use case over the real store, keys and mappings, with the fake in the case systems' place.

Waiting is not tried by waiting: a test moves the database's own times, as a superuser.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from typing import Any
from uuid import UUID, uuid4

from service.adapters.authority import AuthorityAdapter
from service.adapters.profiles import Profile
from service.bank_holidays import is_working_day
from service.configuration import policy_of
from service.domain.faults import Findings
from service.domain.london import LONDON
from service.domain.reviews import Calendar
from service.ports import CaseSystem, Claim, Claimer, Record, Settlement
from service.usecases.deliver import Deliverer, Lane
from service.usecases.incoming import Incoming
from service.usecases.outcome import Pace, Spread
from service.usecases.package import Packer
from service.usecases.raise_reviews import ReviewRaiser
from service.usecases.receive import Received, Receiver
from service.usecases.recheck import TrainingRechecker
from service.usecases.release_hold import HoldReleaser
from tests.store.rows import rows, superuser
from tests.support.bridge import Bridge
from tests.support.fake_case_system import Place
from tests.support.records import example

QUIET, POLL, WITHIN = 300, 60, 1800
ALWAYS, ENGLAND = Calendar(bool, around_the_clock=True), Calendar(is_working_day)
PDF = b"%PDF-1.7 of a test"


class _Undone(Exception):
    """So that a look changes nothing."""


class Wakeups:
    """`service.ports.Wakeup` that remembers."""

    def __init__(self) -> None:
        self.lanes: list[str] = []

    def look_now(self, authority: str) -> None:
        self.lanes.append(authority)


class Documents:
    """`service.ports.DocumentMaker` without a compiler: what is tried here is how they travel."""

    def case_file(self, record: Record, *, authority_name: str, reference: str, review_due_on: date | None) -> bytes:
        return PDF


@dataclass(repr=False)
class Desk:
    """One place behind every authority's adapter."""

    bridge: Bridge
    profiles: Mapping[str, Profile]
    place: Place = field(default_factory=Place)
    lease: timedelta = timedelta(seconds=30)
    wakeups: Wakeups = field(default_factory=Wakeups)
    worker: UUID = field(default_factory=uuid4)
    spread: Spread = random.random
    later: float = 0

    def __post_init__(self) -> None:
        self.database = self.bridge.database
        self.casework, self.intake = self.bridge.store(), self.bridge.store("wise_intake")
        self.documents: Any = Documents()
        self.pace = Pace(quiet=QUIET, poll=POLL, answer_within=WITHIN)
        self.lanes = {authority: self._lane(profile) for authority, profile in self.profiles.items()}

    def __repr__(self) -> str:
        return "Desk()"

    def _lane(self, profile: Profile) -> Lane:
        named = {value.removeprefix("env:"): "x" for value in profile.connection.values()}
        return Lane(AuthorityAdapter(profile, self._connect, named), profile.name, self.pace, in_flight_max=4)

    def use(self, place: Place) -> None:
        """From now on this place stands behind every authority's adapter."""
        self.place = place
        for lane in self.lanes.values():
            lane.adapter.case_system = lane.adapter.documents = place.connect()

    def _connect(self, *_: object) -> CaseSystem:
        return self.place.connect()

    def accept(self, name: str = "wise", **changes: Any) -> UUID:
        """Receives a record; its delivery's id."""
        return self.delivery_of(self.receive(example(name, **changes)).receipt_id)

    def receive(self, record: Record, findings: Findings | None = None) -> Received:
        """Without the rules: they are tried elsewhere, and some tests need what they would refuse."""
        policy = policy_of(self.profiles[record["authority"]])
        incoming = Incoming(record, findings or Findings(), record["record_type"], policy, "test")
        return Receiver(self.intake, self.bridge.vault, self.wakeups).accept(incoming)

    def delivery_of(self, receipt_id: UUID) -> UUID:
        """The record's delivery, not its tasks."""
        query = "SELECT id FROM casework.delivery WHERE submission_id = %s AND kind = 'record'"
        (found,) = rows(self.database, query, receipt_id)
        return found["id"]

    @property
    def deliverer(self) -> Deliverer:
        packer = Packer(self.casework, self.bridge.vault, self.documents)
        claimer = Claimer(self.worker, self.lease)
        return Deliverer(self.casework, packer, self.lanes, claimer, self.spread, self.monotonic)

    def monotonic(self) -> float:
        """Seconds that only go forward; a slow call is made by adding to `later`."""
        return time.monotonic() + self.later

    def deliver(self, delivery_id: UUID) -> Settlement | None:
        """One attempt of this one; None when it is not due, held, behind another, or its lane is closed."""
        found = rows(self.database, "SELECT authority FROM casework.delivery WHERE id = %s", delivery_id)
        lanes = [each["authority"] for each in found] or list(self.lanes)
        claims = [claim for lane in lanes for claim in self.deliverer.claim(lane, 1, only=delivery_id)]
        return self.deliverer.work(claims[0]) if claims else None

    def due(self) -> set[UUID]:
        """What could be claimed now in any lane: claimed, and the claim rolled back."""
        found: set[UUID] = set()
        for authority in self.lanes:
            with suppress(_Undone), self.casework.transaction(authority) as tx:
                found |= {
                    each.id for each in tx.deliveries.claim(Claimer(uuid4(), self.lease), in_flight_max=999, limit=999)
                }
                raise _Undone
        return found

    def again(self, delivery_id: UUID) -> Settlement:
        """Once more, when its time has come."""
        self.time_passes(delivery_id)
        settlement = self.deliver(delivery_id)
        assert settlement is not None
        return settlement

    def time_passes(self, *delivery_ids: UUID) -> None:
        """What these wait for has come: their due time, the end of a lease, and whatever their lanes wait for."""
        past = "now() - interval '1 second'"
        superuser(self.database).execute(
            f"UPDATE casework.lane SET quiet_until = {past}, open_until = CASE WHEN open_for > 0 THEN {past} END"
        )
        superuser(self.database).execute(
            f"UPDATE casework.delivery SET due_at = least(due_at, {past}),"
            f" lease_until = CASE WHEN state = 'in_flight' THEN {past} END"
            " WHERE id = ANY(%s) AND state IN ('ready', 'retry', 'unknown', 'in_flight')",
            ([*delivery_ids],),
        )

    def raised(self) -> UUID:
        """The newest review's task."""
        newest = "SELECT id FROM casework.delivery WHERE kind = 'review_task' ORDER BY seq DESC LIMIT 1"
        (found,) = rows(self.database, newest)
        return found["id"]

    def raiser(self, day: date, calendar: Calendar = ALWAYS) -> ReviewRaiser:
        """At ten in the morning of that day, as if each record had come on the day it was completed."""
        superuser(self.database).execute("UPDATE casework.review SET known_on = anchor_on WHERE known_on > anchor_on")
        now = datetime.combine(day, time_of_day(10), LONDON)
        return ReviewRaiser(self.casework, self.wakeups, lambda: now, tuple(self.lanes), {}, calendar)

    def rechecker(self) -> TrainingRechecker:
        authorities, releaser = tuple(self.lanes), HoldReleaser(self.casework, self.wakeups)
        policies = {authority: policy_of(profile) for authority, profile in self.profiles.items()}
        return TrainingRechecker(self.casework, self.bridge.vault, releaser, policies, authorities)

    def claim(self, delivery_id: UUID, authority: str) -> Claim | None:
        with self.casework.transaction(authority) as tx:
            taken = tx.deliveries.claim(Claimer(uuid4(), self.lease), in_flight_max=100, limit=1, only=delivery_id)
        return taken[0] if taken else None


def states(desk: Desk) -> dict[str, int]:
    """How many deliveries are in each state."""
    found = rows(desk.database, "SELECT state, count(*) AS n FROM casework.delivery GROUP BY state")
    return {each["state"]: each["n"] for each in found}


def assert_conserved(desk: Desk) -> None:
    """Nothing accepted is missing, and what is said to be delivered is there: once, under its receipt's number."""
    (counted,) = rows(
        desk.database,
        """
        SELECT (SELECT count(*) FROM casework.submission) AS records,
               (SELECT count(*) FROM casework.reminder) AS raised,
               (SELECT count(*) FROM casework.payload) AS bodies
        """,
    )
    assert sum(states(desk).values()) == counted["records"] + counted["raised"]
    assert counted["bodies"] == counted["records"]
    for each in rows(desk.database, "SELECT * FROM casework.delivery"):
        there = desk.place.filed.get(each["reference"], [])
        assert len(there) <= 1, f"{len(there)} records under one reference"
        assert (each["delivered_at"] is not None) == (each["state"] == "delivered")
        if each["state"] == "delivered":
            receipt = there[0].receipt()
            assert (each["record_number"], each["document_number"]) == (receipt.record_number, receipt.document_number)
            assert each["evidence"] == receipt.evidence
    known = {each["reference"] for each in rows(desk.database, "SELECT reference FROM casework.delivery")}
    assert set(desk.place.filed) <= known

"""What must hold after every step, whoever was killed and whatever a case system answered.

Each looks at what has just been committed, or has just reached a place. None asks the service what it believes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from typing import Any
from uuid import UUID

from tests.simulation.baton import Baton, Violation
from tests.simulation.changes import claimed, owes, still_awaited
from tests.simulation.memory import Change, Memory, Row
from tests.simulation.memory.tables import IN_ORDER, TERMINAL
from tests.simulation.people import People, by_two
from tests.simulation.places import Place

SWEEP = timedelta(seconds=5)
CLAIMS_MAX, DEATHS_MAX = 5, 2
"""How often a record that stops workers may be begun, until a person says so."""


@dataclass
class Invariants:
    """`people` is what persons have said by then."""

    baton: Baton
    memory: Memory
    places: dict[str, Place]
    quiet: timedelta
    in_flight_max: dict[str, int] = field(default_factory=dict)
    checked: Counter[str] = field(default_factory=Counter)
    accepted: dict[str, UUID] = field(default_factory=dict)
    people: People = field(default_factory=People)
    _unclear: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _noted_at: dict[str, float] = field(default_factory=dict)
    _held_since: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    resends: int = 0
    owed: int = 0

    def hold(self, what: str, condition: object, about: object = "") -> None:
        """`what` is the promise in words."""
        self.checked[what] += 1
        if not condition:
            raise Violation(f"{what}: {about}")

    def has_settled(self, place: Place, reference: str) -> bool:
        """Whether what was on its way can be seen by now: a lease and a quiet period after it was noted."""
        since = self.baton.now - self._noted_at.get(reference, -inf)
        return not place.on_the_way[reference] and since > place.lease + place.quiet

    # What is committed

    def committed(self, changes: Sequence[Change]) -> None:
        moved = [change for change in changes if change.table == "delivery"]
        for change in changes:
            if change.table == "lane":
                self._lane(change)
            if change.table == "attempt" and change.after["phase"] == "sending":
                self._noted(change.after["delivery_id"])
            self.owed += owes(change)
        audited = any(change.table == "audit" for change in changes)
        orders = [change.after for change in changes if change.table == "officer_order"]
        if orders:
            self.hold("an order is audited", audited, orders[0]["action"])
        for change in moved:
            self._by_a_person(change, {order["delivery_id"]: order for order in orders})
            self._delivery(change, audited=audited)
        for authority in {change.after["authority"] for change in moved if claimed(change)}:
            self._room(authority)

    def _delivery(self, change: Change, *, audited: bool) -> None:
        before, after = change.before, change.after
        if before is None:
            self.hold("a new delivery is audited", audited, after["reference"])
            return
        about = f"{after['reference']} {before['state']} -> {after['state']}"
        self.hold("a fence only grows", after["fence"] >= before["fence"], about)
        self.hold("every claim is counted", after["attempts"] == after["fence"], about)
        if claimed(change):
            self._claim(before, after, about)
        elif before["state"] != after["state"] and not still_awaited(before, after):
            self.hold("a change of state is audited", audited, about)
        if after["first_sent_at"] != before["first_sent_at"]:
            self._in_order(after)
        if after["state"] in ("ready", "retry"):
            self._nothing_there(after, about)
        if before["may_have_arrived"] and after["state"] == "ready":
            self._absent(before, after, about)
        if after["state"] == "delivered" != before["state"]:
            self._proven(after, about)

    def _by_a_person(self, change: Change, orders: Mapping[UUID, Row]) -> None:
        """What was delivered is doubted by two people only; every other end is one."""
        before, after = change.before, change.after
        if before is None or before["state"] == after["state"]:
            return
        order, about = orders.get(after["id"]), f"{after['reference']} {before['state']} -> {after['state']}"
        if before["state"] == "needs_human" and after["state"] in ("unknown", "delivered"):
            self.hold("what a person moves has its order", order is not None, about)
        if (before["state"], after["state"]) == ("delivered", "unknown"):
            self.hold("two people doubt what was delivered", order is not None and by_two(order), about)
            self.people.reopened.add(after["reference"])
        else:
            self.hold("an end is an end", before["state"] not in TERMINAL, about)

    def _claim(self, before: Row, after: Row, about: str) -> None:
        now = self.memory.now
        lapsed = before["state"] == "in_flight"
        self.hold("a fence moves by one", after["fence"] == before["fence"] + 1, about)
        self.hold("a lapse is counted", after["lapses"] == before["lapses"] + lapsed, about)
        if lapsed:
            self.hold("no lease is ended early", before["lease_until"] < now, about)
        else:
            self.hold("nothing goes before it is due", before["due_at"] <= now, about)
        mine = [row for row in self._of_child(after) if row["state"] == "in_flight"]
        self.hold("one in flight for each young person", after["kind"] not in IN_ORDER or len(mine) == 1, about)
        self._in_order(after)
        hold, since = self._held_since.get(after["authority"], ("", now))
        if hold == "paused":
            self.hold("a paused lane begins nothing new", before["may_have_arrived"], f"{about} since {since}")
        self.hold("a stopped lane takes nothing", hold != "stopped", f"{about} since {since}")

    def _room(self, authority: str) -> None:
        """The lane as it was when the claim was made; a claim does not change it."""
        lane, now = self.memory.get("lane", authority), self.memory.now
        under_way = [
            row
            for row in self.memory.rows("delivery", authority)
            if row["state"] == "in_flight" and row["lease_until"] >= now
        ]
        self.hold("no more in flight than a lane allows", len(under_way) <= self.in_flight_max[authority], authority)
        if lane is not None and lane["breaker"].is_open:
            self.hold("nothing is tried while the breaker is open", lane["open_until"] <= now, authority)
            self.hold("half open, one is tried", len(under_way) <= 1, authority)
        if lane is not None and lane["quiet_until"] is not None:
            self.hold("asked to stay away, we do", lane["quiet_until"] <= now, authority)

    def _lane(self, change: Change) -> None:
        before, after = change.before, change.after
        if before is None or before["hold"] != after["hold"]:
            self._held_since[after["authority"]] = (after["hold"], self.memory.now)

    def _in_order(self, row: Row) -> None:
        earlier = [
            other
            for other in self._of_child(row)
            if other["seq"] < row["seq"] and other["reference"] not in self.people.reopened
        ]
        still_open = [other["reference"] for other in earlier if other["state"] not in TERMINAL]
        self.hold("in order for each young person", row["kind"] not in IN_ORDER or not still_open, row["reference"])

    def _nothing_there(self, row: Row, about: str) -> None:
        place, reference = self.places[row["authority"]], row["reference"]
        there = len(place.filed[reference]) + place.on_the_way[reference]
        self.hold("what is to go again is not there", there == 0, about)

    def _noted(self, delivery: UUID) -> None:
        row = self.memory.tables["delivery"][delivery]
        hold, since = self._held_since.get(row["authority"], ("", self.memory.now))
        self.hold("a stopped lane notes nothing", hold != "stopped", f"{row['reference']} since {since}")
        self._noted_at[row["reference"]] = self.baton.now

    def _absent(self, before: Row, row: Row, about: str) -> None:
        if before["state"] == "needs_human":
            self.hold("a person has looked before it goes again", row["reference"] in self.people.looked, about)
            self.people.looked.discard(row["reference"])
        else:
            self._absent_twice(row, about)

    def _absent_twice(self, row: Row, about: str) -> None:
        """Look-ups count from when a worker last noted that it sends."""
        since = self._noted_at.get(row["reference"], 0.0)
        answers = self.places[row["authority"]].answers[row["reference"]]
        told = [each.at for each in answers if each.absent and each.at >= since]
        apart = len(told) > 1 and told[-1] - told[0] >= self.quiet.total_seconds()
        self.hold("looked up twice, a quiet period apart", apart, about)

    def _proven(self, row: Row, about: str) -> None:
        place = self.places[row["authority"]]
        there = place.filed[row["reference"]]
        numbers = [entry.number for entry in there]
        numbers += [number for number, by in place.withdrawn.items() if row["reference"] in by]
        self.hold("delivered means it is there", row["record_number"] in numbers, f"{about} {numbers}")
        self.hold("delivered means finished there", any(entry.done for entry in there), about)

    def _of_child(self, row: Row) -> list[Row]:
        return [
            other
            for other in self.memory.rows("delivery", row["authority"])
            if other["child_key"] == row["child_key"] and other["kind"] in IN_ORDER
        ]

    def begun(self, reference: str) -> None:
        """A record is about to be worked on: it is rendered, or its bytes leave."""
        actor = self.baton.current
        claim = actor.stands.get("claim") if actor else None
        self.hold("only who has a claim works", claim is not None and claim.reference == reference, reference)
        assert claim is not None
        spent = f"{reference} after {claim.deaths} deaths, {claim.lapses} lapses"
        self.hold("what stops workers is kept apart", claim.deaths < DEATHS_MAX and claim.lapses < CLAIMS_MAX, spent)

    def stopped_a_worker(self, reference: str) -> None:
        self.people.stopped[reference] += 1
        self.hold("a record stops few workers", self.people.stopped[reference] <= CLAIMS_MAX, reference)

    # What reaches a place

    def first_byte(self, place: Place, reference: str) -> None:
        actor = self.baton.current
        claim = actor.stands.get("claim") if actor else None
        self.begun(reference)
        assert claim is not None
        attempt = self.memory.get("attempt", (claim.id, claim.attempt)) or {}
        row = self.memory.tables["delivery"][claim.id]
        noted = attempt.get("phase") == "sending" or (attempt.get("phase") == "ended" and row["fence"] > claim.fence)
        self.hold("sending is committed before the first byte", noted and row["may_have_arrived"], reference)
        self._in_order(row)
        hold, since = self._held_since.get(place.authority, ("", self.memory.now))
        noted_at = actor.stands.get("sending_at", self.memory.now) if actor else self.memory.now
        self.hold("a stopped lane lets nothing out", hold != "stopped" or noted_at <= since + SWEEP, reference)
        self._no_second_send(place, reference, claim.attempt)

    def _no_second_send(self, place: Place, reference: str, attempt: int) -> None:
        """After an unclear attempt the same is not sent again to a place that cannot be asked, but by a person."""
        others = self._unclear[reference] - {attempt}
        self.resends += bool(others)
        if not place.kind.looks_up:
            said = reference in self.people.let_go
            self.hold("nothing is sent twice blindly", not others or said, f"{reference} {others} {attempt}")
        self._unclear[reference].add(attempt)

    def settled(self, place: Place, reference: str) -> None:
        """The place answered that this call had no effect; what an earlier one of the attempt did stays unclear."""
        actor = self.baton.current
        claim: Any = actor.stands.get("claim") if actor else None
        if claim is not None and not place.filed[reference] and not place.on_the_way[reference]:
            self._unclear[reference].discard(claim.attempt)

    def effect(self, place: Place, reference: str) -> None:
        self.hold("no reference twice at a place", len(place.filed[reference]) <= 1, reference)

    # What was promised to a sender

    def step(self) -> None:
        """Cheap enough for every step: what is stored is never less than what was taken in, nor than what it needs."""
        kept, there = len(self.memory.tables["submission"]), len(self.memory.tables["delivery"])
        self.hold("accepted is kept", kept >= len(self.accepted))
        self.hold("everything taken in is somewhere", there >= self.owed, (there, self.owed))

    def whole(self) -> None:
        """Everything at once: books balance, and each promise to a sender is kept."""
        deliveries = list(self.memory.tables["delivery"].values())
        submissions = self.memory.tables["submission"]
        by_submission = {row["submission_id"] for row in deliveries if row["kind"] == "record"}
        for sender_ref, receipt in self.accepted.items():
            kept = submissions.get(receipt)
            self.hold("accepted is kept", kept is not None and kept["sender_ref"] == sender_ref, sender_ref)
            assert kept is not None
            owed = kept["kind"] != "withdrawal"
            self.hold("accepted is to be delivered", not owed or receipt in by_submission, sender_ref)
        references = {row["reference"] for row in deliveries}
        there = {reference for place in self.places.values() for reference, found in place.filed.items() if found}
        self.hold("nothing is anywhere that was not sent", there <= references)
        for row in deliveries:
            self.hold("every open item has a reason", row["reason"], row["reference"])
            if row["state"] == "delivered":
                self._proven(row, row["reference"])

    def at_rest(self) -> None:
        """All is healed and time has run on: what is not at an end waits for a person, or behind what does."""
        self.whole()
        for row in self.memory.tables["delivery"].values():
            behind = any(other["seq"] < row["seq"] and other["state"] not in TERMINAL for other in self._of_child(row))
            waits = row["state"] == "needs_human" and row["reason"] != "waiting"
            unknown = row["state"] == "unknown" and row["reason"] != "waiting"
            about = f"{row['reference']} {row['state']} {row['reason']} in {self.places[row['authority']].kind.name}"
            ended = row["state"] in TERMINAL
            self.hold("at the end all is settled or waits for a person", ended or waits or unknown or behind, about)

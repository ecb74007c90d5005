"""Synthetic records over the real store: sent once a slot, by any number of processes; delivered, taken back, counted
nowhere, and missed when they do not arrive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from service.api.schemas.check import check_subject
from service.configuration import policy_of
from service.domain.alarms import LanePulse
from service.domain.policy import Policy
from service.domain.synthetic import SENDER, Synthetic
from service.domain.synthetic_record import WORDS
from service.errors import Invalid
from service.ports import Ability, Filing, Retraction
from service.store.engine import make_engine
from service.store.pulse import PulseRows
from service.store.synthetic import SyntheticRows
from service.usecases.each import SomeFailedError
from service.usecases.know import Knower
from service.usecases.receive import Receiver
from service.usecases.synthetic import SyntheticSender
from tests.store.rows import change, rows, superuser
from tests.support.bridge import OLDHAM, STOCKPORT, Bridge
from tests.support.fake_case_system import Told
from tests.support.records import recent
from tests.usecases.desk import Desk

CHILD = "STK0000999"
TRIAL = Synthetic(CHILD, "2011-05-17")
NOW = datetime.now(UTC)


@dataclass
class Trials:
    """One web process that sends, and one of either role that looks for alarms."""

    desk: Desk
    wanted: dict[str, Synthetic] = field(default_factory=lambda: {STOCKPORT: TRIAL})
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.database = self.desk.database
        self.policies: dict[str, Policy] = {code: policy_of(each) for code, each in self.desk.profiles.items()}
        self.engines = {role: make_engine(self.database.url(role)) for role in ("wise_intake", "wise_delivery")}
        self.sender = self.another()

    def another(self) -> SyntheticSender:
        vault, casework = self.desk.bridge.vault, self.desk.intake
        receiver, knower = Receiver(casework, vault, self.desk.wakeups), Knower(casework, vault)
        book = SyntheticRows(self.engines["wise_intake"])
        return SyntheticSender(receiver, knower, check_subject, book, self.policies, self.wanted, lambda: self.now)

    def pulse(self, role: str = "wise_intake") -> LanePulse:
        looking = PulseRows(self.engines[role], synthetics=self.wanted, books_every=0)
        return looking.of_lane(STOCKPORT, in_use=True)

    def sent(self) -> list[tuple[str, str]]:
        """What was kept, oldest first: kind and the name it was sent under."""
        found = rows(self.database, "SELECT kind, sender_ref FROM casework.submission ORDER BY received_at")
        return [(each["kind"], each["sender_ref"]) for each in found]

    def open(self) -> list[UUID]:
        query = "SELECT id FROM casework.delivery WHERE state NOT IN ('delivered', 'cancelled') ORDER BY seq"
        return [each["id"] for each in rows(self.database, query)]

    def deliver(self) -> None:
        for each in self.open():
            self.desk.deliver(each)

    def count(self, table: str) -> int:
        (found,) = rows(self.database, f"SELECT count(*) AS n FROM {table}")
        return int(found["n"])

    def age(self, **past: float) -> None:
        """Everything was sent so long ago."""
        admin, span = superuser(self.database), timedelta(**past)
        admin.execute("UPDATE casework.submission SET received_at = received_at - %s", (span,))
        admin.execute("UPDATE casework.delivery SET created_at = created_at - %s", (span,))


@pytest.fixture
def trials(desk: Desk) -> Iterator[Trials]:
    made = Trials(desk)
    yield made
    for engine in made.engines.values():
        engine.dispose()


def name(moment: datetime) -> str:
    return f"wise-bridge-test-{moment.replace(minute=0):%Y%m%dT%H%MZ}"


def test_without_the_section_nothing_is_sent_and_nothing_is_missed(trials: Trials) -> None:
    trials.wanted.clear()
    assert trials.sender.look() == 0
    assert trials.sent() == []
    assert trials.pulse().synthetic_due is None


def test_one_record_a_slot_however_many_processes_send(trials: Trials) -> None:
    assert [trials.sender.look(), trials.another().look()] == [1, 0]
    assert trials.sent() == [("new", name(NOW))]
    assert trials.desk.wakeups.lanes == [STOCKPORT]


def test_two_that_see_nothing_at_the_same_time_send_one(trials: Trials, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = trials.sender, trials.another()
    seen = second.book.standing(STOCKPORT, b"nobody")
    first.look()
    monkeypatch.setattr(second.book, "standing", lambda *_: seen)
    assert second.look() == 0
    assert trials.sent() == [("new", name(NOW))]


def test_what_arrives_says_that_it_is_a_test(trials: Trials) -> None:
    trials.sender.look()
    trials.deliver()
    ((entry,),) = trials.desk.place.filed.values()
    assert isinstance(entry.what, Filing)
    assert (entry.what.person.child_id, entry.what.person.date_of_birth) == (CHILD, date(2011, 5, 17))
    assert WORDS in {answer.value for answer in entry.what.answers}


def test_once_there_it_is_taken_back_and_the_next_slot_brings_the_next(trials: Trials) -> None:
    trials.sender.look()
    assert trials.sender.look() == 0, "nothing is taken back that has not arrived"
    trials.deliver()
    assert trials.sender.look() == 1
    trials.deliver()
    withdrawn = [each.what for (each,) in trials.desk.place.filed.values() if isinstance(each.what, Retraction)]
    assert [each.reason for each in withdrawn] == ["entered_in_error"]
    assert trials.sender.look() == 0, "one a slot"
    trials.now += trials.wanted[STOCKPORT].every
    assert trials.sender.look() == 1
    assert trials.sent() == [
        ("new", name(NOW)),
        ("withdrawal", f"{name(NOW)}-back"),
        ("new", name(trials.now)),
    ]


def test_no_second_one_while_one_is_under_way(trials: Trials) -> None:
    trials.sender.look()
    trials.now += timedelta(hours=5)
    assert trials.sender.look() == 0
    trials.deliver()
    assert trials.sender.look() == 1  # the withdrawal; it is under way, too
    assert trials.sender.look() == 0


def test_what_a_case_system_does_not_take_back_stays(trials: Trials) -> None:
    trials.desk.place.abilities = frozenset(Ability) - {Ability.RETRACTS}
    trials.wanted[STOCKPORT] = replace(TRIAL, withdraw=False)
    for hours in (0, 1):
        trials.now = NOW + timedelta(hours=hours)
        trials.sender.look()
        trials.deliver()
    assert trials.sent() == [("new", name(NOW)), ("new", name(trials.now))]
    assert trials.open() == []


def test_it_counts_for_nothing(trials: Trials) -> None:
    """Neither on the Hub's side nor on the test child's clock; yet the books know it, and balance."""
    trials.sender.look()
    trials.deliver()
    trials.sender.look()
    trials.deliver()
    assert [trials.count(f"{place}") for place in ("central.fact", "casework.review", "casework.sketch")] == [0, 0, 0]
    assert trials.count("casework.delivery") == 2
    assert trials.pulse().difference == 0
    seen = rows(trials.database, "SELECT DISTINCT actor FROM casework.audit WHERE action = 'record_received'")
    assert [each["actor"] for each in seen] == [f"client:{SENDER}"]


def test_a_clock_that_runs_is_left_alone(trials: Trials) -> None:
    """Should the reference be a real young person's by mistake, their review stays due."""
    trials.desk.receive(recent("wise", young_person__la_child_id=CHILD))
    before = rows(trials.database, "SELECT * FROM casework.review")
    assert trials.sender.look() == 1
    assert rows(trials.database, "SELECT * FROM casework.review") == before
    assert trials.count("central.fact") == 1


@pytest.mark.parametrize("role", ["wise_intake", "wise_delivery"])
def test_late_is_what_has_not_arrived_in_its_time(trials: Trials, role: str) -> None:
    assert trials.pulse(role).synthetic_due is None, "before the first, nothing is missed"
    trials.sender.look()
    assert not _late(trials.pulse(role))
    trials.age(minutes=16)
    assert _late(trials.pulse(role))
    trials.deliver()
    assert not _late(trials.pulse(role)), "it is over once it has arrived"
    trials.sender.look()
    trials.age(minutes=16)
    assert _late(trials.pulse(role)), "its withdrawal goes the same way"
    trials.deliver()
    assert not _late(trials.pulse(role))


def test_one_that_never_set_out_is_late_too(trials: Trials) -> None:
    trials.sender.look()
    trials.deliver()
    trials.age(minutes=74)
    assert not _late(trials.pulse())
    trials.age(minutes=2)
    assert _late(trials.pulse())


def test_what_a_person_has_to_look_at_is_late_and_stays_so(trials: Trials) -> None:
    trials.sender.look()
    trials.desk.place.tell("submit", Told.REFUSED)
    trials.deliver()
    trials.age(minutes=16)
    trials.now += timedelta(hours=1)
    assert trials.sender.look() == 0
    assert _late(trials.pulse())


def test_what_an_officer_cancelled_is_nothing_to_take_back(trials: Trials) -> None:
    trials.sender.look()
    (only,) = trials.open()
    change(trials.database, only, "state = 'cancelled'")
    assert trials.sender.look() == 0
    trials.now += timedelta(hours=1)
    trials.sender.look()
    assert [kind for kind, _ in trials.sent()] == ["new", "new"]


def test_real_records_that_wait_are_no_concern_of_it(trials: Trials) -> None:
    trials.desk.receive(recent("wise"))
    trials.age(hours=9)
    assert trials.pulse().synthetic_due is None
    assert trials.sender.look() == 1


def test_what_the_rules_refuse_is_said_once_a_slot_and_keeps_no_other_from_its_turn(trials: Trials) -> None:
    trials.wanted[STOCKPORT] = replace(TRIAL, date_of_birth="1999-01-01")
    trials.wanted[OLDHAM] = replace(TRIAL, child="417")
    with pytest.raises(SomeFailedError) as caught:
        trials.sender.look()
    assert [(code, type(each)) for code, each in caught.value.failed.items()] == [(STOCKPORT, Invalid)]
    assert trials.sender.look() == 0
    assert trials.sent() == [("new", name(NOW))]
    (refused,) = rows(trials.database, "SELECT actor, detail FROM casework.audit WHERE action = 'record_refused'")
    assert (refused["actor"], refused["detail"]["rules"]) == (f"client:{SENDER}", "Y3")
    trials.now += timedelta(hours=1)
    with pytest.raises(SomeFailedError):
        trials.sender.look()


def test_a_profile_that_changes_within_a_slot_waits_for_the_next(trials: Trials) -> None:
    trials.sender.look()
    trials.deliver()
    trials.wanted[STOCKPORT] = replace(TRIAL, child="STK0000998")
    assert trials.sender.look() == 0
    trials.now += timedelta(hours=1)
    assert trials.sender.look() == 1


def test_nobody_can_sign_in_as_the_sender(bridge: Bridge) -> None:
    """Whoever could would have records that count for nothing."""
    given, _ = bridge.credentials(STOCKPORT, ("wise:submit",))
    assert given.startswith("wb-")
    assert not SENDER.startswith("wb-")


def test_it_is_valid_and_has_its_place_wherever_it_may_be_sent(trials: Trials) -> None:
    """For every profile there is, as it stands and with the number required."""
    for code, profile in trials.desk.profiles.items():
        child = "417" if code == OLDHAM else CHILD
        for required in (False, True):
            trials.policies[code] = replace(policy_of(profile), in_use=True, nhs_number_required=required)
            trials.wanted = {code: replace(TRIAL, child=child)}
            trials.now += timedelta(hours=1)
            sender = trials.another()
            assert sender.look() == 1, profile.file
            trials.deliver()
    stuck = rows(trials.database, "SELECT authority, state, reason FROM casework.delivery WHERE state <> 'delivered'")
    assert stuck == []


def _late(pulse: LanePulse) -> bool:
    return pulse.synthetic_due is not None and pulse.now > pulse.synthetic_due

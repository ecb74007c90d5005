"""The watch over the real database, as both roles that run it; its channel remembers what it was told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

import pytest

from service.domain.alarm_kinds import Kind
from service.domain.alarms import Found
from service.domain.delivery import Owner
from service.domain.telling import Notice
from service.ports import AuditEntry, NewDelivery
from service.ports.alarms import ChannelFailed
from service.store.alarms import AlarmRows
from service.store.casework import CaseworkStore
from service.store.engine import make_engine
from service.store.pulse import PulseRows
from service.usecases.alarms import AlarmWatch
from service.usecases.each import SomeFailedError
from tests.alarms.facts import NOW
from tests.store.rows import change, claimed, let_go, record, rows, superuser
from tests.support.bridge import SALFORD, STOCKPORT, Bridge
from tests.support.refusing import refusing
from tests.support.servers import Database

OTHER = "E08000001"


@dataclass
class Remembering:
    """`service.ports.alarms.Channel`; with `trouble`, one that is away."""

    name: str = "webhook"
    trouble: str = ""
    heard: list[Notice] = field(default_factory=list)

    def tell(self, notices: Sequence[Notice]) -> None:
        if self.trouble:
            raise ChannelFailed(self.trouble)
        self.heard += notices

    @property
    def said(self) -> list[tuple[str, str | None, str]]:
        return [(each.word.value, each.alarm.authority, each.alarm.kind.value) for each in self.heard]


@dataclass
class Eye:
    """One process that watches, signed in as one of the roles."""

    database: Database
    role: str
    channel: Remembering = field(default_factory=Remembering)
    in_use: dict[str, bool] = field(default_factory=lambda: {STOCKPORT: True, SALFORD: True, OTHER: False})
    failed: int = 0

    def __post_init__(self) -> None:
        self.engine = make_engine(self.database.url(self.role), pool_size=2)
        self.book = AlarmRows(self.engine)
        self.watch = AlarmWatch(
            self.book,
            PulseRows(self.engine, books_every=0),
            [self.channel],
            lambda: self.in_use,
            timedelta(0),
            lambda: self.failed,
        )

    def look(self) -> list[tuple[str, str | None, str]]:
        """One round; what the channel heard in it."""
        before = len(self.channel.heard)
        self.watch.look()
        return self.channel.said[before:]

    def open(self, authority: str | None) -> list[Kind]:
        return [each.kind for each in self.book.open(authority)]


@pytest.fixture(params=["wise_intake", "wise_delivery"])
def eye(request: pytest.FixtureRequest, database: Database) -> Iterator[Eye]:
    made = Eye(database, request.param)
    yield made
    made.engine.dispose()


@pytest.fixture
def intake(bridge: Bridge) -> CaseworkStore:
    return bridge.store("wise_intake")


@pytest.fixture(autouse=True, scope="module")
def _let_go() -> Iterator[None]:
    yield
    let_go()


def sweep(database: Database, *authorities: str, seconds: float = 0, seen: float = 0) -> None:
    """A worker that came an hour ago was here, and swept these lanes."""
    admin = superuser(database)
    admin.execute("DELETE FROM casework.worker")
    admin.execute(
        "INSERT INTO casework.worker (id, started_at, seen_at)"
        " VALUES (%s, now() - interval '1 hour', now() - make_interval(secs => %s))",
        (uuid4(), seen),
    )
    for authority in authorities:
        admin.execute(
            "INSERT INTO casework.lane (authority, swept_at) VALUES (%s, now() - make_interval(secs => %s))"
            " ON CONFLICT (authority) DO UPDATE SET swept_at = excluded.swept_at",
            (authority, seconds),
        )


def accepted(intake: CaseworkStore, authority: str = STOCKPORT, child: bytes = b"child") -> NewDelivery:
    """A record, ready now, and noted in the trail as one is: else its books would not balance."""
    new = record(intake, authority, child)
    with intake.transaction(authority) as tx:
        tx.audit.add(AuditEntry("test", "record_received", "submission", str(new.submission_id)))
    return new


def turn_back(database: Database, sets: str) -> None:
    superuser(database).execute(f"UPDATE casework.alarm_told SET {sets}")


def test_all_is_well(eye: Eye) -> None:
    sweep(eye.database, STOCKPORT, SALFORD)
    assert eye.look() == []
    assert [eye.open(each) for each in (None, STOCKPORT, SALFORD, OTHER)] == [[]] * 4
    watching = eye.book.watching()
    assert watching.ended_at and watching.now - watching.ended_at < timedelta(seconds=5)


def test_raised_once_seen_again_and_cleared(eye: Eye) -> None:
    sweep(eye.database, STOCKPORT, SALFORD, seen=61)
    assert eye.look() == [("raised", None, "no_sweep")]
    assert eye.look() == []
    (kept,) = eye.book.open(None)
    assert kept.last_seen_at > kept.raised_at
    sweep(eye.database, STOCKPORT, SALFORD)
    assert eye.look() == [("cleared", None, "no_sweep")]
    assert eye.look() == []
    sweep(eye.database, STOCKPORT, SALFORD, seen=90)
    assert eye.look() == [("raised", None, "no_sweep")]
    assert len(rows(eye.database, "SELECT id FROM casework.alarm")) == 2


def test_again_after_an_hour_and_then_once_a_day(eye: Eye) -> None:
    sweep(eye.database, STOCKPORT, SALFORD, seen=61)
    assert eye.look() == [("raised", None, "no_sweep")]
    turn_back(eye.database, "told_at = told_at - interval '1 hour'")
    assert eye.look() == [("still", None, "no_sweep")]
    turn_back(eye.database, "told_at = told_at - interval '1 hour'")
    assert eye.look() == []
    turn_back(eye.database, "told_at = told_at - interval '1 day'")
    assert eye.look() == [("still", None, "no_sweep")]
    assert len({each.id for each in eye.channel.heard}) == 3


def test_one_lane_that_is_left_out_is_told_for_that_authority_alone(eye: Eye) -> None:
    sweep(eye.database, STOCKPORT, SALFORD)
    sweep(eye.database, SALFORD, seconds=61)
    assert eye.look() == [("raised", SALFORD, "lane_left_out")]
    assert (eye.open(STOCKPORT), eye.open(SALFORD), eye.open(None)) == ([], [Kind.LANE_LEFT_OUT], [])


def test_a_worker_that_has_just_come_is_given_time_to_sweep(eye: Eye) -> None:
    sweep(eye.database, STOCKPORT, SALFORD, seconds=3600)
    came = "UPDATE casework.worker SET started_at = now() - interval '{} seconds'"
    superuser(eye.database).execute(came.format(1))
    assert eye.look() == []
    superuser(eye.database).execute(came.format(46))
    assert {kind for _, _, kind in eye.look()} == {"lane_left_out"}


def test_an_authority_dropped_by_a_typo_is_found_by_what_it_still_has(eye: Eye, intake: CaseworkStore) -> None:
    sweep(eye.database, STOCKPORT, SALFORD)
    sweep(eye.database, OTHER, seconds=3600)
    assert eye.look() == []  # not in use and empty
    accepted(intake, OTHER)
    assert eye.look() == [("raised", OTHER, "lane_left_out")]


def test_a_lane_that_was_never_swept_is_given_its_minute(eye: Eye) -> None:
    sweep(eye.database, STOCKPORT)
    assert eye.look() == []  # Salford's lane is made now
    superuser(eye.database).execute("UPDATE casework.lane SET made_at = made_at - interval '61 seconds'")
    assert eye.look() == [("raised", SALFORD, "lane_left_out")]


@pytest.mark.parametrize("failing", [STOCKPORT, SALFORD])
def test_an_authority_that_cannot_be_looked_at_hides_no_other_and_the_round_is_not_over(eye: Eye, failing: str) -> None:
    sweep(eye.database, STOCKPORT, SALFORD, seconds=61)
    with refusing(eye.database, "alarm", failing), pytest.raises(SomeFailedError) as caught:
        eye.look()
    assert list(caught.value.failed) == [failing]
    others = STOCKPORT if failing == SALFORD else SALFORD
    assert eye.channel.said == [("raised", others, "lane_left_out")]
    assert eye.book.watching().ended_at is None
    assert eye.look() == [("raised", failing, "lane_left_out")]
    assert eye.book.watching().ended_at


def test_an_item_past_its_age_and_behind_another(eye: Eye, intake: CaseworkStore) -> None:
    sweep(eye.database, STOCKPORT, SALFORD)
    first, second = accepted(intake), accepted(intake)
    assert eye.look() == []
    change(eye.database, first.id, "state = 'needs_human', reason = 'person_not_found'")
    change(eye.database, first.id, "state_since = now() - interval '25 hours'")
    change(eye.database, second.id, "state_since = now() - interval '5 hours'")
    assert sorted(eye.look()) == [
        ("raised", STOCKPORT, "behind_earlier"),
        ("raised", STOCKPORT, "waits_too_long"),
        ("raised", STOCKPORT, "waits_too_long"),
    ]
    found = {(each.subject, each.owner) for each in eye.book.open(STOCKPORT) if each.kind is Kind.WAITS_TOO_LONG}
    assert found == {("needs_human:social_work_team", Owner.SOCIAL_WORK_TEAM), ("ready:operator", Owner.OPERATOR)}


def test_old_and_first_of_its_young_person_is_old_and_not_behind(eye: Eye, intake: CaseworkStore) -> None:
    sweep(eye.database, STOCKPORT, SALFORD)
    change(eye.database, accepted(intake).id, "state_since = now() - interval '5 hours'")
    change(eye.database, accepted(intake, child=b"another").id, "state_since = now() - interval '5 hours'")
    assert eye.look() == [("raised", STOCKPORT, "waits_too_long")]


def test_what_is_done_never_alarms_however_old(eye: Eye, intake: CaseworkStore) -> None:
    sweep(eye.database, STOCKPORT, SALFORD)
    for state in ("delivered", "superseded", "cancelled"):
        done = accepted(intake, child=state.encode())
        receipt = "record_number = 'R1', delivered_at = now()," if state == "delivered" else ""
        change(eye.database, done.id, f"{receipt} state = '{state}', state_since = now() - interval '9 days'")
    assert eye.look() == []


def test_a_breaker_that_stays_open_and_one_that_no_waiting_mends(eye: Eye) -> None:
    sweep(eye.database, STOCKPORT, SALFORD)
    opened = "open_for = 30, open_until = now(), opened_at = now() - make_interval(secs => %s), open_reason = %s"
    update = f"UPDATE casework.lane SET {opened} WHERE authority = %s"
    superuser(eye.database).execute(update, (30, "unavailable", STOCKPORT))
    superuser(eye.database).execute(update, (0, "sign_in_refused", SALFORD))
    assert eye.look() == [("raised", SALFORD, "connection_refused")]
    superuser(eye.database).execute(update, (61, "unavailable", STOCKPORT))
    assert eye.look() == [("raised", STOCKPORT, "breaker_open")]


def test_a_lane_somebody_forgot_to_let_go(eye: Eye) -> None:
    sweep(eye.database, STOCKPORT, SALFORD)
    superuser(eye.database).execute(
        "UPDATE casework.lane SET hold = 'paused', hold_by = 'OP1', hold_reason = 'upgrade',"
        " hold_at = now() - interval '25 hours' WHERE authority = %s",
        (STOCKPORT,),
    )
    assert eye.look() == [("raised", STOCKPORT, "lane_held")]
    assert "OP1" not in str(rows(eye.database, "SELECT * FROM casework.alarm"))


def test_a_record_without_its_delivery_breaks_the_books(bridge: Bridge, database: Database, eye: Eye) -> None:
    from tests.support.records import example

    assert bridge.post(example("wise")).status_code == 201
    authority = example("wise")["authority"]
    eye.in_use = {authority: True}
    sweep(database, authority)
    assert eye.look() == []
    superuser(database).execute("DELETE FROM casework.delivery")
    assert eye.look() == [("raised", authority, "conservation_broken")]


def test_books_that_cannot_be_read_leave_their_alarm_as_it_was(eye: Eye) -> None:
    sweep(eye.database, STOCKPORT, SALFORD)
    found = Found(Kind.CONSERVATION_BROKEN, "", Owner.OPERATOR, NOW)
    eye.book.keep(STOCKPORT, [found], unjudged=())
    eye.book.keep(STOCKPORT, [], unjudged={Kind.CONSERVATION_BROKEN})
    assert eye.open(STOCKPORT) == [Kind.CONSERVATION_BROKEN]
    eye.book.keep(STOCKPORT, [], unjudged=())
    assert eye.open(STOCKPORT) == []


def test_one_looks_at_a_time_and_a_dead_one_is_followed(database: Database) -> None:
    eyes = [Eye(database, role) for role in ("wise_intake", "wise_delivery", "wise_intake")]
    every = timedelta(seconds=15)
    try:
        assert [each.book.take_turn(every) for each in eyes] == [True, False, False]
        superuser(database).execute("UPDATE casework.alarm_watch SET looked_at = looked_at - interval '15 seconds'")
        assert [each.book.take_turn(every) for each in eyes[::-1]] == [True, False, False]
    finally:
        for each in eyes:
            each.engine.dispose()


def test_two_that_watch_tell_a_channel_once(database: Database) -> None:
    web, worker = Eye(database, "wise_intake"), Eye(database, "wise_delivery")
    try:
        sweep(database, STOCKPORT, SALFORD, seen=61)
        assert web.look() == [("raised", None, "no_sweep")]
        assert worker.look() == []
        sweep(database, STOCKPORT, SALFORD)
        assert worker.look() == [("cleared", None, "no_sweep")]
        assert web.look() == []
    finally:
        web.engine.dispose()
        worker.engine.dispose()


def test_a_channel_that_is_away_rests_is_seen_and_is_told_everything_later(eye: Eye) -> None:
    sweep(eye.database, STOCKPORT, SALFORD, seen=61)
    eye.channel.trouble = "status_503"
    eye.look()
    (state,) = rows(
        eye.database, "SELECT tries, trouble, due_at > now() + interval '5 s' AS rests FROM casework.alarm_channel"
    )
    assert state == {"tries": 1, "trouble": "status_503", "rests": True}
    eye.channel.trouble = ""
    assert eye.look() == []  # left alone for the moment
    later = "due_at = now(), failing_since = failing_since - interval '6 minutes'"
    superuser(eye.database).execute(f"UPDATE casework.alarm_channel SET {later}")
    sweep(eye.database, STOCKPORT, SALFORD)
    assert sorted(eye.look()) == [("cleared", None, "no_sweep"), ("raised", None, "channel_failing")]
    assert eye.look() == [("cleared", None, "channel_failing")]


def test_while_one_process_tells_no_other_does_and_one_that_is_killed_lets_go_at_once(eye: Eye) -> None:
    sweep(eye.database, STOCKPORT, SALFORD, seen=61)
    teller = eye.database.as_admin()
    teller.execute("SELECT pg_advisory_lock(hashtext('wise-bridge channel webhook'))")
    assert eye.look() == []
    superuser(eye.database).execute("SELECT pg_terminate_backend(%s)", [teller.info.backend_pid])
    teller.close()
    assert eye.look() == [("raised", None, "no_sweep")]


def test_a_channel_is_one_process_s_at_a_time(eye: Eye) -> None:
    other = Eye(eye.database, "wise_intake")
    try:
        with eye.book.channel("webhook") as tries, other.book.channel("webhook") as beside:
            assert (tries, beside) == (0, None)
        with other.book.channel("webhook") as later:
            assert later == 0
    finally:
        other.engine.dispose()


def test_wakeups_that_fail_again_and_again(database: Database) -> None:
    eye = Eye(database, "wise_intake")
    try:
        sweep(database, STOCKPORT, SALFORD)
        eye.failed = 3
        assert eye.look() == []
        earlier = "first_at = first_at - interval '2 minutes', last_at = last_at - interval '2 minutes'"
        superuser(database).execute(f"UPDATE casework.wakeup_failure SET {earlier}")
        assert eye.look() == []  # once, and not again
        eye.failed = 4
        assert eye.look() == [("raised", None, "wakeups_failing")]
        superuser(database).execute("UPDATE casework.wakeup_failure SET last_at = now() - interval '16 minutes'")
        assert eye.look() == [("cleared", None, "wakeups_failing")]
        assert eye.watch.pulse.of_bridge().wakeups_failed == 4
    finally:
        eye.engine.dispose()


@pytest.mark.parametrize("role", ["wise_intake", "wise_delivery", "wise_owner"])
def test_an_authoritys_alarms_are_seen_by_nobody_else(database: Database, role: str) -> None:
    eye = Eye(database, role)
    try:
        found = [Found(Kind.LANE_HELD, "paused", Owner.OPERATOR, NOW)]
        for authority in (STOCKPORT, SALFORD, None):
            eye.book.keep(authority, found, unjudged=())
        with eye.engine.begin() as connection:
            for setting, seen in ((STOCKPORT, [STOCKPORT]), ("", [None]), (OTHER, [])):
                connection.exec_driver_sql("SELECT set_config('wise.authority', %s, true)", (setting,))
                shown = connection.exec_driver_sql("SELECT authority FROM casework.alarm").scalars().all()
                assert shown == seen
    finally:
        eye.engine.dispose()


def test_what_is_under_way_is_counted(eye: Eye, intake: CaseworkStore, bridge: Bridge) -> None:
    held, store = record(intake), bridge.store()
    record(intake, child=b"other")
    claimed(store, held.id)
    lane = eye.watch.pulse.of_lane(STOCKPORT, in_use=True)
    assert (lane.in_flight, lane.open_items) == (1, 2)
    assert {(each.state.value, each.count) for each in lane.waiting} == {("in_flight", 1), ("ready", 1)}

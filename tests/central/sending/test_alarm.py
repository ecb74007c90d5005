"""A file that does not reach the central team is seen by those who watch, and they see nothing else of it."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from service.domain.alarm_kinds import Kind
from service.domain.alarms import judge_bridge
from service.store.alarms import AlarmRows
from service.store.pulse import PulseRows
from tests.central.sending.conftest import Q, Scene

URL = "https://central.example/wise/"
WATCHING = pytest.mark.parametrize("role", ["wise_intake", "wise_delivery"])


def late(scene: Scene, role: str) -> int:
    """How many files an alarm is raised for."""
    found = judge_bridge(PulseRows(scene.engine(role)).of_bridge())
    return sum(each.count for each in found if each.kind is Kind.RELEASE_NOT_SENT)


@WATCHING
def test_two_files_are_late_after_an_hour_and_one_that_has_arrived_is_not(scene: Scene, role: str) -> None:
    assert late(scene, role) == 0
    scene.desk.ask(Q, URL, by="Ann Example")
    assert late(scene, role) == 0
    scene.as_admin("UPDATE central.sending SET asked_at = now() - interval '61 minutes'")
    assert late(scene, role) == 2
    scene.as_admin("UPDATE central.sending SET state = 'sent', sent_at = now() WHERE file = 'tables.xlsx'")
    assert late(scene, role) == 1


@WATCHING
def test_what_needs_a_person_is_told_at_once(scene: Scene, role: str) -> None:
    scene.desk.ask(Q, URL, by="Ann Example")
    scene.as_admin("UPDATE central.sending SET state = 'needs_human' WHERE file = 'tables.xlsx'")
    assert late(scene, role) == 1


@WATCHING
def test_it_is_kept_as_an_alarm_until_it_is_over(scene: Scene, role: str) -> None:
    book = AlarmRows(scene.engine(role))
    scene.desk.ask(Q, URL, by="Ann Example")
    scene.as_admin("UPDATE central.sending SET asked_at = now() - interval '61 minutes'")
    book.keep(None, judge_bridge(PulseRows(scene.engine(role)).of_bridge()), unjudged=())
    assert Kind.RELEASE_NOT_SENT in {each.kind for each in book.open(None)}
    scene.as_admin("UPDATE central.sending SET state = 'sent', sent_at = now()")
    book.keep(None, judge_bridge(PulseRows(scene.engine(role)).of_bridge()), unjudged=())
    assert Kind.RELEASE_NOT_SENT not in {each.kind for each in book.open(None)}


@WATCHING
def test_who_watches_reads_no_sending(scene: Scene, role: str) -> None:
    with scene.engine(role).connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text("SELECT state FROM central.sending"))

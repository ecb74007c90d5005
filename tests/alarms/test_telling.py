"""Told once when raised, again after an hour, then daily, once when over; and in words that name nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from service.adapters.notify.words import document, headline, paragraph
from service.domain.alarm_kinds import Kind
from service.domain.delivery import Owner, Reason, State
from service.domain.telling import LONGEST_RETRY, Notice, Told, Word, next_notice, retry_after, sentence, to_do
from tests.alarms.facts import NOW, ago, alarm

SUBJECTS = {
    Kind.WAITS_TOO_LONG: f"{State.NEEDS_HUMAN.value}:social_work_team",
    Kind.CONNECTION_REFUSED: Reason.HOST_KEY_CHANGED.value,
    Kind.LANE_HELD: "paused",
    Kind.CHANNEL_FAILING: "mail",
}


def word(told: Told, **changes: object) -> Word | None:
    notice = next_notice(alarm(**changes), told, NOW)
    return notice.word if notice else None


@pytest.mark.parametrize(
    ("told", "cleared", "said"),
    [
        (Told(), False, Word.RAISED),
        (Told(Word.RAISED, ago(minutes=59), 1), False, None),
        (Told(Word.RAISED, ago(minutes=60), 1), False, Word.STILL),
        (Told(Word.STILL, ago(hours=23), 2), False, None),
        (Told(Word.STILL, ago(hours=24), 2), False, Word.STILL),
        (Told(Word.RAISED, ago(minutes=1), 1), True, Word.CLEARED),
        (Told(Word.STILL, ago(days=2), 5), True, Word.CLEARED),
        (Told(), True, Word.CLEARED),  # over before the channel was back: told all the same
        (Told(Word.CLEARED, ago(days=2), 2), True, None),
    ],
)
def test_what_is_said_and_when(told: Told, cleared: bool, said: Word | None) -> None:
    assert word(told, cleared_at=NOW if cleared else None) is said


def test_a_notice_has_one_id_for_all_its_tries_and_another_for_the_next() -> None:
    first, again = next_notice(alarm(), Told(), NOW), next_notice(alarm(), Told(), NOW + timedelta(minutes=5))
    later = next_notice(alarm(), Told(Word.RAISED, NOW, 1), NOW + timedelta(hours=1))
    assert first and again and later
    assert first.id == again.id != later.id


def test_a_channel_that_fails_is_left_alone_longer_each_time_but_not_for_ever() -> None:
    waits = [retry_after(tries) for tries in range(12)]
    assert waits == sorted(waits)
    assert waits[0] <= timedelta(seconds=30)
    assert waits[-1] == LONGEST_RETRY <= timedelta(minutes=15)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_can_be_told_in_both_forms(kind: Kind) -> None:
    told = alarm(kind, subject=SUBJECTS.get(kind, ""))
    assert sentence(told).endswith(".") and to_do(told)
    notice = Notice(told, Word.RAISED, 1)
    assert "Stockport (E08000007)" in headline(notice)
    assert headline(notice) in paragraph(notice) and to_do(told) in paragraph(notice)
    body = document(notice)
    assert (body["type"], body["data"]["kind"], body["data"]["authority"]) == ("alarm.raised", kind.value, "E08000007")


def test_several_items_are_counted() -> None:
    told = alarm(Kind.WAITS_TOO_LONG, subject="retry:operator", count=7)
    assert sentence(told).endswith("There are 7.")
    assert "There" not in sentence(replace(told, count=1))


def test_of_the_whole_bridge() -> None:
    told = alarm(Kind.NO_SWEEP, authority=None, owner=Owner.OPERATOR)
    assert headline(Notice(told, Word.STILL, 2)).startswith("Still: all authorities: ")
    assert document(Notice(told, Word.STILL, 2))["data"]["authority"] is None


def test_when_it_is_over_nobody_is_told_to_do_anything() -> None:
    said = paragraph(Notice(alarm(cleared_at=NOW), Word.CLEARED, 3))
    assert "over:  2026-11-22 12:00 UTC" in said and "to do" not in said

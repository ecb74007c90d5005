"""An alarm as it is written to somebody outside: ids, counts and times, and sentences of ours."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from service.domain.telling import Alarm, Notice, Word, sentence, to_do
from service.domain.words import authority_words

_WORDS = {Word.RAISED: "Alarm", Word.STILL: "Still", Word.CLEARED: "Over"}


def place(alarm: Alarm) -> str:
    """Which authority, or the bridge as a whole."""
    return authority_words(alarm.authority) if alarm.authority else "all authorities"


def headline(notice: Notice) -> str:
    """One line."""
    return f"{_WORDS[notice.word]}: {place(notice.alarm)}: {sentence(notice.alarm)}"


def paragraph(notice: Notice) -> str:
    """What a person needs who was just woken up."""
    alarm = notice.alarm
    lines = [headline(notice), f"  whose: {alarm.owner.value}", f"  since: {_at(alarm.since)}"]
    if notice.word is Word.CLEARED:
        return "\n".join([*lines, f"  over:  {_at(alarm.cleared_at)}"])
    return "\n".join([*lines, f"  to do: {to_do(alarm)}", f"  alarm: {alarm.kind.value} ({alarm.id})"])


def document(notice: Notice) -> dict[str, Any]:
    """For programs."""
    alarm = notice.alarm
    return {
        "type": f"alarm.{notice.word.value}",
        "timestamp": _iso(alarm.cleared_at or alarm.last_seen_at),
        "data": {
            "alarm_id": str(alarm.id),
            "kind": alarm.kind.value,
            "authority": alarm.authority,
            "subject": alarm.subject,
            "owner": alarm.owner.value,
            "count": alarm.count,
            "since": _iso(alarm.since),
            "raised_at": _iso(alarm.raised_at),
            "cleared_at": _iso(alarm.cleared_at),
            "sentence": sentence(alarm),
            "to_do": to_do(alarm),
        },
    }


def _at(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else ""


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None

"""Taking a record in, in as few steps as there can be: one question, and one statement that keeps everything.

These two go to the driver itself. Each of a dozen statements through SQLAlchemy would cost as much as reading a record
does. PostgreSQL runs the parts of a `WITH` as one statement: all of it or nothing, as in any transaction.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine

from service.domain.delivery import Reason, State
from service.domain.fact import fact_from
from service.domain.training.standing import Trained
from service.ports import FactSink, StoredSubmission
from service.ports.intake import NewRecord, Question, Surroundings
from service.store import intake_sql as sql
from service.store.driver import TENANT, driver_errors, driver_of
from service.store.key_floor import stale_key_noted
from service.store.standing import ALONE, lock_of


class IntakeStore:
    """`service.ports.intake.Intake`, as far as it is not `Casework`."""

    _engine: Engine
    _facts: Callable[[Connection], FactSink]

    def look_up(self, authority: str, question: Question) -> Surroundings:
        """Asked, answered and ended in one round trip, or two where a record is named."""
        asked = vars(question) | {"authority": authority}
        with driver_errors(), self._engine.begin() as connection:
            driver = driver_of(connection)
            with driver.pipeline():
                driver.execute(TENANT, (authority,))
                found = driver.execute(sql.LOOK_UP, asked)
                named = driver.execute(sql.NAMED, asked) if question.names else None
                driver.commit()
            row, names = found.fetchone(), named.fetchone() if named else None
        return _surroundings(row, StoredSubmission(*names) if names else None)

    def keep(self, authority: str, new: NewRecord) -> datetime | None:
        """The unique key decides, also between racing requests; of two first records of one person, the lock."""
        statement, values = _statement(authority, new)
        fact = new.submission.fact
        with stale_key_noted(self._engine, authority), driver_errors(), self._engine.begin() as connection:
            driver = driver_of(connection)
            with driver.pipeline():
                driver.execute(TENANT, (authority,))
                driver.execute(ALONE, lock_of(authority, new.submission.child_key))
                kept = driver.execute(statement, values)
                if fact is not None:
                    self._facts(connection).hand_over(fact_from(fact))
            row = kept.fetchone()
            if row is None:
                driver.rollback()
        return row[0] if row else None


def _surroundings(row: Any, named: StoredSubmission | None) -> Surroundings:
    training, review_due_on, sketches, same_meeting, sent_before = row
    trained = tuple(_trained(*each) for each in training or ())
    return Surroundings(trained, review_due_on, sketches, same_meeting, sent_before, named)


def _statement(authority: str, new: NewRecord) -> tuple[str, dict[str, Any]]:
    record, delivery, entry = new.submission, new.delivery, new.audit
    values = {
        **vars(record),
        "authority": authority,
        "warnings": json.dumps([dict(each) for each in record.warnings]),
        "fact": None if record.fact is None else json.dumps(dict(record.fact)),
        "sketch": next(iter(record.sketches.values()), None),
        "delivery_id": delivery.id,
        "reference": delivery.reference,
        "state": (State.NEEDS_HUMAN if delivery.held else State.READY).value,
        "reason": (delivery.held or Reason.WAITING).value,
        "actor": entry.actor,
        "action": entry.action,
        "detail": json.dumps(dict(entry.detail)),
    }
    if new.review is None:
        return sql.KEEP_AND_STOP_CLOCKS, values
    review = new.review
    clock = {"review_id": review.id, "anchor_on": review.anchor_on, "due_on": review.due_on}
    return sql.KEEP, values | clock | {
        "window_days": review.window_days,
        "basis": review.basis,
        "sealed_person": review.sealed_person,
    }


def _trained(course: str, *days: str | None) -> Trained:
    attended, *others = (date.fromisoformat(day) if day else None for day in days)
    if attended is None:
        raise LookupError("an attendance without its day")
    return Trained(course, attended, *others)

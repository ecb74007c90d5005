"""A young person's standing records, for counting them once; and the lock under which that is done."""

from __future__ import annotations

from typing import Any

import psycopg

from service.ports import StandingRecord

ALONE = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
"""A statement of its own: the next one then sees what was committed while this one waited."""

STANDS = "superseded_by IS NULL AND withdrawn_by IS NULL AND kind <> 'withdrawal' AND jsonb_typeof(fact) = 'object'"
"""And counts for something: where there is no fact, older rows have the `null` of JSON."""

_STANDING = f"""
WITH RECURSIVE version AS (
  SELECT id AS standing, id, supersedes, kind, received_at FROM casework.submission
    WHERE authority = %(authority)s AND child_key = %(child_key)s AND {STANDS}
  UNION ALL
  SELECT version.standing, earlier.id, earlier.supersedes, earlier.kind, earlier.received_at
    FROM version JOIN casework.submission AS earlier ON earlier.id = version.supersedes
    WHERE earlier.authority = %(authority)s
)
SELECT mine.id, mine.completed_on, min(version.received_at), mine.fact,
       bool_or(version.supersedes IS NULL AND version.kind = 'review'), max(review.due_on), max(review.window_days)
  FROM version
  JOIN casework.submission AS mine ON mine.id = version.standing
  LEFT JOIN casework.review ON review.authority = %(authority)s AND review.submission_id = version.id
  GROUP BY mine.id
"""  # noqa: S608 - a constant of this module  # nosec B608
"""Of the versions of one record, only the first has planned a review."""


def lock_of(authority: str, child_key: bytes) -> tuple[str]:
    """What `ALONE` is asked with."""
    return (f"young person {authority} {child_key.hex()}",)


def read(driver: psycopg.Connection[Any], authority: str, child_key: bytes) -> list[StandingRecord]:
    """In any order."""
    asked = {"authority": authority, "child_key": child_key}
    return [StandingRecord(*row) for row in driver.execute(_STANDING, asked)]

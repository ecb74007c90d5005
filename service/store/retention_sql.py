"""Everything that is asked of a record before its body goes, in one statement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import text

from service.domain.delivery import State
from service.domain.retention import Situation, Stand
from service.ports.retention import Found

_SITUATIONS = """
SELECT s.id, s.received_at, s.purge_after AS marked, s.child_key,
  (SELECT json_agg(json_build_array(d.state, coalesce(d.delivered_at, d.state_since),
       coalesce(jsonb_typeof(d.evidence) = 'object', false)))
     FROM casework.delivery AS d WHERE d.authority = :authority AND d.submission_id = s.id) AS deliveries,
  EXISTS (SELECT FROM casework.hold AS h
    WHERE h.authority = :authority AND h.submission_id = s.id AND h.released_at IS NULL) AS held,
  EXISTS (SELECT FROM casework.officer_order AS o
    JOIN casework.delivery AS d ON d.authority = :authority AND d.id = o.delivery_id
    WHERE o.authority = :authority AND d.submission_id = s.id AND o.action = 'reopen' AND o.done_at IS NULL)
    AS reopening,
  EXISTS (SELECT FROM casework.review AS r WHERE r.authority = :authority AND r.submission_id = s.id
    AND r.status = 'open' AND r.raised_at IS NULL AND NOT r.knows_whom) AS review_to_come,
  EXISTS (SELECT FROM casework.delivery AS o WHERE o.authority = :authority AND o.child_key = s.child_key
    AND o.submission_id <> s.id AND o.state NOT IN ('delivered', 'superseded', 'cancelled')) AS sibling_open,
  casework.legally_held(:authority, s.id) AS legal_hold
FROM casework.submission AS s
WHERE s.authority = :authority
  AND NOT EXISTS (SELECT FROM casework.shredded AS x WHERE x.authority = :authority AND x.submission_id = s.id)
"""
# Both parts are constants of this module.
PAGE = text(_SITUATIONS + " AND s.id > :after ORDER BY s.id LIMIT :batch")  # nosemgrep: sql-made-of-strings
ONE = text(_SITUATIONS + " AND s.id = :id")  # nosemgrep: sql-made-of-strings


def as_found(row: Any) -> Found:
    """A row of `SITUATIONS`."""
    stands = [
        Stand(State(state), datetime.fromisoformat(since), proven) for state, since, proven in row.deliveries or ()
    ]
    situation = Situation(
        received_at=row.received_at,
        deliveries=stands,
        held=row.held,
        reopening=row.reopening,
        review_to_come=row.review_to_come,
        sibling_open=row.sibling_open,
        legal_hold=row.legal_hold,
    )
    return Found(row.id, situation, row.marked)

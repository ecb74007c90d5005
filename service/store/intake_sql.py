"""The statements of `intake`."""

from service.store.standing import STANDS

LOOK_UP = """
SELECT
  (SELECT json_agg(json_build_array(course, attended_on, valid_until, revoked_on))
     FROM training.record WHERE authority = %(authority)s AND professional_ref = %(worker)s),
  (SELECT min(due_on) FROM casework.review
    WHERE authority = %(authority)s AND child_key = %(child_key)s AND record_type = %(record_type)s
      AND status = 'open'),
  (SELECT sketch FROM casework.sketch
    WHERE authority = %(authority)s AND pointer = '' AND length(sketch) > 1 AND submission_id = (
      SELECT id FROM casework.submission
       WHERE authority = %(authority)s AND child_key = %(child_key)s AND record_type = %(record_type)s
         AND superseded_by IS NULL AND withdrawn_by IS NULL AND kind <> 'withdrawal'
       ORDER BY received_at DESC LIMIT 1)),
  EXISTS (SELECT FROM casework.submission
    WHERE authority = %(authority)s AND child_key = %(child_key)s AND record_type = 'rise_meeting_output'
      AND completed_on = %(met_on)s AND meeting_key = %(meeting_key)s AND withdrawn_by IS NULL),
  EXISTS (SELECT FROM casework.submission WHERE authority = %(authority)s AND sender_ref = %(sender_ref)s)
"""
"""Sketches from before they were kept in one piece have a pointer each, and are not looked at any more. One byte is
left of what was shredded."""

NAMED = """
SELECT id, sender_ref, record_type, kind, schema_version, template_version, content_digest, child_key, completed_on,
  received_at, warnings, version, supersedes, superseded_by, withdrawn_by, fact,
  sealed_digest
  FROM casework.submission WHERE authority = %(authority)s AND sender_ref = %(names)s
"""

_KEEP = """
WITH kept AS (
  INSERT INTO casework.submission (id, authority, sender_ref, client_id, record_type, kind, schema_version,
      template_version, content_digest, child_key, completed_on, warnings, version, supersedes, fact, meeting_key,
      sealed_digest)
    SELECT %(id)s, %(authority)s, %(sender_ref)s, %(client_id)s, %(record_type)s, %(kind)s, %(schema_version)s,
      %(template_version)s, %(content_digest)s, %(child_key)s, %(completed_on)s, %(warnings)s::jsonb, %(version)s,
      %(supersedes)s, %(fact)s::jsonb, %(meeting_key)s, %(sealed_digest)s
      WHERE NOT EXISTS (
        SELECT FROM casework.submission WHERE authority = %(authority)s AND child_key = %(child_key)s AND {stands})
    ON CONFLICT ON CONSTRAINT uq_submission_sender_ref DO NOTHING
    RETURNING id, authority, record_type, child_key, received_at
), body AS (
  INSERT INTO casework.payload (submission_id, authority, sealed) SELECT id, authority, %(sealed)s FROM kept
), apart AS (
  INSERT INTO casework.third_party (submission_id, authority, sealed)
    SELECT id, authority, %(sealed_apart)s::bytea FROM kept WHERE %(sealed_apart)s::bytea IS NOT NULL
), sketches AS (
  INSERT INTO casework.sketch (submission_id, authority, pointer, sketch)
    SELECT id, authority, '', %(sketch)s::bytea FROM kept WHERE %(sketch)s::bytea IS NOT NULL
), {clock}, queued AS (
  INSERT INTO casework.delivery (id, authority, kind, submission_id, reference, child_key, state, reason)
    SELECT %(delivery_id)s, authority, 'record', id, %(reference)s, child_key, %(state)s, %(reason)s FROM kept
), noted AS (
  INSERT INTO casework.audit (authority, actor, action, subject_type, subject_id, detail)
    SELECT authority, %(actor)s, %(action)s, 'submission', id::text, %(detail)s::jsonb FROM kept
)
SELECT received_at FROM kept
"""

_NEXT_REVIEW = """later AS (
  SELECT FROM casework.review AS mine JOIN kept USING (authority, child_key, record_type)
    WHERE status = 'open' AND anchor_on > %(anchor_on)s LIMIT 1
), done AS (
  UPDATE casework.review AS mine SET status = 'done', closed_at = now() FROM kept
    WHERE (mine.authority, mine.child_key, mine.record_type) = (kept.authority, kept.child_key, kept.record_type)
      AND mine.status = 'open' AND NOT EXISTS (SELECT FROM later)
), review AS (
  INSERT INTO casework.review (id, authority, child_key, submission_id, record_type, anchor_on, due_on, window_days,
      basis, sealed_person, status)
    SELECT %(review_id)s, authority, child_key, id, record_type, %(anchor_on)s, %(due_on)s, %(window_days)s, %(basis)s,
      %(sealed_person)s, CASE WHEN EXISTS (SELECT FROM later) THEN 'superseded' ELSE 'open' END FROM kept
)"""

_STOP_CLOCKS = """stopped AS (
  UPDATE casework.review AS mine SET status = 'closed', closed_at = now(), closed_by = kept.id FROM kept
    WHERE (mine.authority, mine.child_key) = (kept.authority, kept.child_key) AND mine.status = 'open'
)"""

KEEP = _KEEP.format(clock=_NEXT_REVIEW, stands=STANDS)
KEEP_AND_STOP_CLOCKS = _KEEP.format(clock=_STOP_CLOCKS, stands=STANDS)

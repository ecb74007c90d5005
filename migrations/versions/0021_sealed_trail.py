"""The trail as a chain of digests, its checkpoints, and how far these got on their way outside.

The keeper writes the chain after the fact, so that no record waits for another's entry. It alone may read the trail;
web and worker, which look for alarms, are told by a function how far behind it is, and the web process who touched
one record of the authority it acts for.
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE casework.audit_link (
  authority text NOT NULL,
  position bigint NOT NULL CONSTRAINT ck_audit_link_position CHECK (position >= 1),
  audit_id bigint NOT NULL,
  digest bytea NOT NULL CONSTRAINT ck_audit_link_digest CHECK (length(digest) = 32),
  CONSTRAINT pk_audit_link PRIMARY KEY (authority, position),
  CONSTRAINT uq_audit_link_audit_id UNIQUE (authority, audit_id)
);

CREATE TABLE casework.audit_checkpoint (
  authority text NOT NULL,
  position bigint NOT NULL,
  digest bytea NOT NULL,
  at timestamptz NOT NULL,
  statement text NOT NULL,
  CONSTRAINT pk_audit_checkpoint PRIMARY KEY (authority, position)
);

CREATE TABLE casework.checkpoint_sending (
  authority text NOT NULL,
  way text NOT NULL CONSTRAINT ck_checkpoint_sending_way CHECK (way IN ('folder', 'address', 'chain')),
  position bigint NOT NULL DEFAULT 0,
  tried_at timestamptz NOT NULL DEFAULT now(),
  failing_since timestamptz,
  trouble text,
  CONSTRAINT pk_checkpoint_sending PRIMARY KEY (authority, way)
);

CREATE TRIGGER audit_link_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON casework.audit_link
  FOR EACH STATEMENT EXECUTE FUNCTION casework.refuse_change();
CREATE TRIGGER audit_checkpoint_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON casework.audit_checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION casework.refuse_change();
CREATE INDEX ix_audit_authority ON casework.audit (authority, id);
"""
# No foreign keys: a link must outlast the entry that somebody removed, and a checkpoint the link, for they say so.

GUARDED = ("audit_link", "audit_checkpoint", "checkpoint_sending")

BEHIND = """
CREATE FUNCTION casework.trail_behind() RETURNS TABLE (what text, since timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  WITH mine AS (SELECT current_setting('wise.authority', true) AS authority)
  (SELECT 'sealing', a.at FROM casework.audit AS a, mine
    WHERE a.authority = mine.authority AND a.id > coalesce(
      (SELECT max(l.audit_id) FROM casework.audit_link AS l WHERE l.authority = mine.authority), 0)
    ORDER BY a.id LIMIT 1)
  UNION ALL
  (SELECT 'checkpoint', a.at FROM mine
    JOIN casework.audit_link AS l ON l.authority = mine.authority AND l.position = 1 + coalesce(
      (SELECT max(c.position) FROM casework.audit_checkpoint AS c WHERE c.authority = mine.authority), 0)
    JOIN casework.audit AS a ON a.id = l.audit_id)
  UNION ALL
  (SELECT s.way, s.failing_since FROM casework.checkpoint_sending AS s, mine
    WHERE s.authority = mine.authority AND s.failing_since IS NOT NULL AND s.tried_at > now() - interval '1 hour')
$$;
REVOKE ALL ON FUNCTION casework.trail_behind() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION casework.trail_behind() TO wise_intake, wise_delivery;
"""
# A way that was not tried for an hour is no way of this bridge any more; that nobody seals shows by itself.

ACCESS = """
CREATE FUNCTION casework.access_to(_submission uuid)
  RETURNS TABLE (id bigint, at timestamptz, actor text, action text, subject_type text, detail jsonb)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  WITH mine AS (SELECT current_setting('wise.authority', true) AS authority), about (subject_id) AS (
    SELECT s.id::text FROM casework.submission AS s, mine WHERE s.authority = mine.authority AND s.id = _submission
    UNION SELECT d.id::text FROM casework.delivery AS d, mine
      WHERE d.authority = mine.authority AND d.submission_id = _submission
    UNION SELECT r.id::text FROM casework.review AS r, mine
      WHERE r.authority = mine.authority AND r.submission_id = _submission
    UNION SELECT h.id::text FROM casework.hold AS h, mine
      WHERE h.authority = mine.authority AND h.submission_id = _submission
  )
  SELECT a.id, a.at, a.actor, a.action, a.subject_type, a.detail
    FROM casework.audit AS a JOIN mine USING (authority) JOIN about USING (subject_id)
$$;
REVOKE ALL ON FUNCTION casework.access_to(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION casework.access_to(uuid) TO wise_intake;
"""

GRANTS = """
GRANT USAGE ON SCHEMA casework TO wise_keeper;
GRANT SELECT ON casework.audit TO wise_keeper;
GRANT SELECT, INSERT ON casework.audit_link, casework.audit_checkpoint, casework.checkpoint_sending TO wise_keeper;
GRANT UPDATE (position, tried_at, failing_since, trouble) ON casework.checkpoint_sending TO wise_keeper;
"""

KINDS = (
    "'waits_too_long', 'behind_earlier', 'breaker_open', 'connection_refused', 'lane_held', 'lane_left_out', 'no_sweep', "
    "'conservation_broken', 'endpoint_given_up', 'wakeups_failing', 'channel_failing', 'synthetic_late', "
    "'message_given_up', 'fact_refused', 'release_not_sent'"
)
NEW_KINDS = "'audit_not_sealed', 'checkpoint_not_sent'"
ALARMS = """
ALTER TABLE casework.alarm DROP CONSTRAINT ck_alarm_kind;
ALTER TABLE casework.alarm ADD CONSTRAINT ck_alarm_kind CHECK (kind IN ({kinds}));
"""
NO_ALARMS = f"""
ALTER TABLE casework.alarm_told NO FORCE ROW LEVEL SECURITY;
ALTER TABLE casework.alarm NO FORCE ROW LEVEL SECURITY;
DELETE FROM casework.alarm_told WHERE alarm_id IN (SELECT id FROM casework.alarm WHERE kind IN ({NEW_KINDS}));
DELETE FROM casework.alarm WHERE kind IN ({NEW_KINDS});
ALTER TABLE casework.alarm FORCE ROW LEVEL SECURITY;
ALTER TABLE casework.alarm_told FORCE ROW LEVEL SECURITY;
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in GUARDED:
        op.execute(f"ALTER TABLE casework.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE casework.{table} FORCE ROW LEVEL SECURITY")
        mine = "authority = current_setting('wise.authority', true)"
        op.execute(f"CREATE POLICY own_authority ON casework.{table} USING ({mine}) WITH CHECK ({mine})")
    op.execute(BEHIND)
    op.execute(ACCESS)
    op.execute(GRANTS)
    op.execute(ALARMS.format(kinds=f"{KINDS}, {NEW_KINDS}"))


def downgrade() -> None:
    op.execute(NO_ALARMS)
    op.execute(ALARMS.format(kinds=KINDS))
    op.execute("DROP FUNCTION casework.access_to(uuid), casework.trail_behind()")
    op.execute("DROP TABLE casework.checkpoint_sending, casework.audit_checkpoint, casework.audit_link")
    op.execute("DROP INDEX casework.ix_audit_authority")
    op.execute("REVOKE SELECT ON casework.audit FROM wise_keeper")
    op.execute("REVOKE USAGE ON SCHEMA casework FROM wise_keeper")

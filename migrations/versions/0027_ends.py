"""The ends of what is left: a record's row goes 12 months after its body, and an entry of the trail after six years.

Both are deeds of the owner's that the role wise_purge may ask for, and it can take away none of those rows itself. The
database looks again whoever asks: a record is noted as forgotten only when nothing of it is open or held, an officer's
order goes only with it, and of the trail nothing goes but its beginning, up to a checkpoint that is six years old.
"""

from pathlib import Path

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
MINE = "authority = current_setting('wise.authority', true)"
GUARDED = ("forgotten", "audit_cut", "purge_run")

TABLES = """
CREATE TABLE casework.forgotten (
  authority text NOT NULL,
  subject_id text NOT NULL,
  submission_id uuid NOT NULL,
  kind text NOT NULL CONSTRAINT ck_forgotten_kind CHECK (kind IN ('submission', 'delivery', 'review', 'hold')),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_forgotten PRIMARY KEY (authority, subject_id)
);
CREATE INDEX ix_forgotten_submission ON casework.forgotten (authority, submission_id);

CREATE TABLE casework.audit_cut (
  authority text NOT NULL,
  position bigint NOT NULL,
  digest bytea NOT NULL,
  entries bigint NOT NULL CONSTRAINT ck_audit_cut_entries CHECK (entries > 0),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_audit_cut PRIMARY KEY (authority, position)
);

CREATE TABLE casework.purge_run (
  authority text NOT NULL CONSTRAINT pk_purge_run PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now()
);

CREATE TRIGGER forgotten_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON casework.forgotten
  FOR EACH STATEMENT EXECUTE FUNCTION casework.refuse_change();
CREATE TRIGGER audit_cut_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON casework.audit_cut
  FOR EACH STATEMENT EXECUTE FUNCTION casework.refuse_change();
ALTER TABLE casework.legal_hold DROP CONSTRAINT fk_legal_hold_submission;
"""
# A hold that was lifted outlasts its record, as `shredded` does; so does what the trail tells of ids that are gone.

OVER = """
CREATE FUNCTION casework.is_over(_at timestamptz, _length interval) RETURNS boolean
  LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT (timezone('Europe/London', _at)::date + _length)::date < timezone('Europe/London', now())::date
$$;
CREATE FUNCTION casework.held_anywhere(_authority text) RETURNS boolean LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT EXISTS (SELECT FROM casework.legal_hold AS h WHERE h.authority = _authority AND h.event = 'asked'
    AND NOT EXISTS (SELECT FROM casework.legal_hold AS l
      WHERE l.authority = _authority AND l.hold = h.hold AND l.event = 'lifted'))
$$;
"""
"""Whole days in London: the day on which it ends still counts as kept."""

APPEND_ONLY = """
DROP TRIGGER {table}_is_append_only ON casework.{table};
CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR {delete}TRUNCATE ON casework.{table}
  FOR EACH STATEMENT EXECUTE FUNCTION casework.refuse_change();
"""
GOES_WITH_A_CUT = """
CREATE TRIGGER {table}_goes_with_a_cut BEFORE DELETE ON casework.{table}
  FOR EACH ROW EXECUTE FUNCTION casework.keep_what_is_not_cut();
"""

ACCESS = """
CREATE OR REPLACE FUNCTION casework.access_to(_submission uuid)
  RETURNS TABLE (id bigint, at timestamptz, actor text, action text, subject_type text, detail jsonb)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  WITH mine AS (SELECT current_setting('wise.authority', true) AS authority), about (subject_id) AS (
    SELECT s.id::text FROM casework.submission AS s JOIN mine USING (authority) WHERE s.id = _submission
    UNION SELECT d.id::text FROM casework.delivery AS d JOIN mine USING (authority) WHERE d.submission_id = _submission
    UNION SELECT r.id::text FROM casework.review AS r JOIN mine USING (authority) WHERE r.submission_id = _submission
    UNION SELECT h.id::text FROM casework.hold AS h JOIN mine USING (authority) WHERE h.submission_id = _submission
    {forgotten}
  )
  SELECT a.id, a.at, a.actor, a.action, a.subject_type, a.detail
    FROM casework.audit AS a JOIN mine USING (authority) JOIN about USING (subject_id)
$$;
"""
FORGOTTEN = "UNION SELECT f.subject_id FROM casework.forgotten AS f JOIN mine USING (authority) WHERE f.submission_id = _submission"

BEHIND = """
CREATE FUNCTION casework.purge_behind() RETURNS TABLE (what text, since timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  WITH mine AS (SELECT current_setting('wise.authority', true) AS authority)
  (SELECT 'due', s.purge_after FROM casework.submission AS s JOIN mine USING (authority)
    WHERE s.purge_after <= now() ORDER BY s.purge_after LIMIT 1)
  UNION ALL
  (SELECT 'run', r.at FROM casework.purge_run AS r JOIN mine USING (authority)
    WHERE EXISTS (SELECT FROM casework.submission AS s WHERE s.authority = mine.authority))
  UNION ALL
  (SELECT 'never', s.received_at + interval '90 days' FROM casework.submission AS s JOIN mine USING (authority)
    WHERE NOT EXISTS (SELECT FROM casework.purge_run AS r WHERE r.authority = mine.authority)
      AND NOT EXISTS (SELECT FROM casework.shredded AS x WHERE x.authority = mine.authority)
    ORDER BY s.received_at LIMIT 1)
$$;
"""
# Where nobody purges at all nothing is marked: then the oldest record tells, once the longest window there is is over.

FUNCTIONS = {
    "is_over(timestamptz, interval)": "", "held_anywhere(text)": "", "remains_of(uuid)": "wise_purge",
    "remains(uuid, integer)": "wise_purge", "forget_record(uuid)": "wise_purge", "trail_end()": "wise_purge",
    "cut_trail()": "wise_purge", "purge_behind()": "wise_intake, wise_delivery",
}  # fmt: skip
GRANTS = """
GRANT SELECT, INSERT ON casework.purge_run TO wise_purge;
GRANT UPDATE (at) ON casework.purge_run TO wise_purge;
GRANT SELECT (authority, subject_id, submission_id) ON casework.forgotten TO wise_intake, wise_delivery;
GRANT SELECT ON casework.audit_cut TO wise_keeper;
"""

KINDS = (
    "'waits_too_long', 'behind_earlier', 'breaker_open', 'connection_refused', 'lane_held', 'lane_left_out', 'no_sweep', "
    "'conservation_broken', 'endpoint_given_up', 'wakeups_failing', 'channel_failing', 'synthetic_late', "
    "'message_given_up', 'fact_refused', 'release_not_sent', 'audit_not_sealed', 'checkpoint_not_sent', "
    "'sign_in_failures', 'stale_key'"
)
ALARMS = """
ALTER TABLE casework.alarm DROP CONSTRAINT ck_alarm_kind;
ALTER TABLE casework.alarm ADD CONSTRAINT ck_alarm_kind CHECK (kind IN ({kinds}));
"""
NO_ALARM = """
ALTER TABLE casework.alarm_told NO FORCE ROW LEVEL SECURITY;
ALTER TABLE casework.alarm NO FORCE ROW LEVEL SECURITY;
DELETE FROM casework.alarm_told WHERE alarm_id IN (SELECT id FROM casework.alarm WHERE kind = 'purge_not_run');
DELETE FROM casework.alarm WHERE kind = 'purge_not_run';
ALTER TABLE casework.alarm FORCE ROW LEVEL SECURITY;
ALTER TABLE casework.alarm_told FORCE ROW LEVEL SECURITY;
"""
UNCUT = """
ALTER TABLE casework.audit_cut NO FORCE ROW LEVEL SECURITY;
DO $$
BEGIN
  IF EXISTS (SELECT FROM casework.audit_cut) THEN
    RAISE EXCEPTION 'the trail has been cut; the version before could not check it any more';
  END IF;
END $$;
"""
BEFORE = """
DROP TRIGGER officer_order_is_kept ON casework.officer_order;
DROP TRIGGER officer_order_ends_with_its_record ON casework.officer_order;
CREATE TRIGGER officer_order_is_kept BEFORE INSERT OR UPDATE OR DELETE ON casework.officer_order
  FOR EACH ROW EXECUTE FUNCTION casework.keep_order();
DROP TRIGGER submission_is_forgotten ON casework.submission;
DROP TRIGGER delivery_is_forgotten ON casework.delivery;
DROP FUNCTION casework.keep_order_of_record(), casework.keep_what_is_not_forgotten();
DROP TABLE casework.forgotten, casework.audit_cut, casework.purge_run;
DROP FUNCTION casework.forget_what_is_over(), casework.cut_at_a_checkpoint(), casework.keep_what_is_not_cut();
ALTER TABLE casework.legal_hold ADD CONSTRAINT fk_legal_hold_submission FOREIGN KEY (submission_id)
  REFERENCES casework.submission (id) NOT VALID;
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in GUARDED:
        op.execute(f"ALTER TABLE casework.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE casework.{table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_authority ON casework.{table} USING ({MINE}) WITH CHECK ({MINE})")
    op.execute(OVER)
    for file in ("0027_forgotten.sql", "0027_trail_cut.sql"):
        op.execute((SQL / file).read_text("utf-8"))
    for table in ("audit", "audit_link"):
        op.execute(APPEND_ONLY.format(table=table, delete=""))
        op.execute(GOES_WITH_A_CUT.format(table=table))
    op.execute(ACCESS.format(forgotten=FORGOTTEN))
    op.execute(BEHIND)
    for function, role in FUNCTIONS.items():
        op.execute(f"REVOKE ALL ON FUNCTION casework.{function} FROM PUBLIC")
        if role:
            op.execute(f"GRANT EXECUTE ON FUNCTION casework.{function} TO {role}")
    op.execute(GRANTS)
    op.execute(ALARMS.format(kinds=f"{KINDS}, 'purge_not_run'"))


def downgrade() -> None:
    """Refuses where a trail was cut. What was forgotten stays so; what the trail says of it is not found by receipt."""
    op.execute(UNCUT)
    op.execute(NO_ALARM)
    op.execute(ALARMS.format(kinds=KINDS))
    op.execute(ACCESS.format(forgotten=""))
    for table in ("audit", "audit_link"):
        op.execute(f"DROP TRIGGER {table}_goes_with_a_cut ON casework.{table}")
        op.execute(APPEND_ONLY.format(table=table, delete="DELETE OR "))
    op.execute(BEFORE)
    for function in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION casework.{function}")

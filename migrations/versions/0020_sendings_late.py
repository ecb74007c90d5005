"""How many published files are late on their way to the central team: a number for those who watch, and an alarm."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

LATE = """
CREATE FUNCTION casework.sendings_late() RETURNS TABLE (late bigint, since timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT count(*), min(asked_at) FROM central.sending
   WHERE state = 'needs_human' OR (state <> 'sent' AND asked_at < now() - interval '1 hour')
$$;
REVOKE ALL ON FUNCTION casework.sendings_late() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION casework.sendings_late() TO wise_intake, wise_delivery;
"""


KINDS = (
    "'waits_too_long', 'behind_earlier', 'breaker_open', 'connection_refused', 'lane_held', 'lane_left_out', 'no_sweep', "
    "'conservation_broken', 'endpoint_given_up', 'wakeups_failing', 'channel_failing', 'synthetic_late', "
    "'message_given_up', 'fact_refused'"
)

ALARMS = """
ALTER TABLE casework.alarm DROP CONSTRAINT ck_alarm_kind;
ALTER TABLE casework.alarm ADD CONSTRAINT ck_alarm_kind CHECK (kind IN ({kinds}));
"""
NO_ALARM = """
ALTER TABLE casework.alarm_told NO FORCE ROW LEVEL SECURITY;
ALTER TABLE casework.alarm NO FORCE ROW LEVEL SECURITY;
DELETE FROM casework.alarm_told WHERE alarm_id IN (SELECT id FROM casework.alarm WHERE kind = 'release_not_sent');
DELETE FROM casework.alarm WHERE kind = 'release_not_sent';
ALTER TABLE casework.alarm FORCE ROW LEVEL SECURITY;
ALTER TABLE casework.alarm_told FORCE ROW LEVEL SECURITY;
"""


def upgrade() -> None:
    op.execute(LATE)
    op.execute(ALARMS.format(kinds=f"{KINDS}, 'release_not_sent'"))


def downgrade() -> None:
    op.execute(NO_ALARM)
    op.execute(ALARMS.format(kinds=KINDS))
    op.execute("DROP FUNCTION casework.sendings_late()")

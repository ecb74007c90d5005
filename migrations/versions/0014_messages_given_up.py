"""A message that an address refuses again and again is given up, and the others are told.

It is an alarm of its own, shown to its authority, and forgotten after two weeks like what was told.
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KINDS = (
    "'waits_too_long', 'behind_earlier', 'breaker_open', 'connection_refused', 'lane_held', 'lane_left_out', 'no_sweep', "
    "'conservation_broken', 'endpoint_given_up', 'wakeups_failing', 'channel_failing', 'synthetic_late'"
)

COLUMNS = """
ALTER TABLE casework.webhook_message
  ADD COLUMN refusals integer NOT NULL DEFAULT 0,
  ADD COLUMN given_up_at timestamptz,
  ADD CONSTRAINT ck_webhook_message_given_up CHECK (given_up_at IS NULL OR (told_at IS NULL AND refusals > 0));
DROP INDEX casework.ix_webhook_message_due;
CREATE INDEX ix_webhook_message_due ON casework.webhook_message (authority, webhook_id, seq)
  WHERE told_at IS NULL AND given_up_at IS NULL;
CREATE INDEX ix_webhook_message_given_up ON casework.webhook_message (authority, webhook_id)
  WHERE given_up_at IS NOT NULL;
"""

FORGET = """
CREATE OR REPLACE FUNCTION casework.forget_told_webhooks() RETURNS bigint LANGUAGE sql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  WITH gone AS (
    DELETE FROM casework.webhook_message
      WHERE authority = current_setting('wise.authority', true)
        AND ({since}) < now() - interval '14 days' RETURNING 1)
  SELECT count(*) FROM gone
$$;
"""

GRANTS = """
GRANT UPDATE (refusals, given_up_at) ON casework.webhook_message TO wise_delivery;
GRANT SELECT (given_up_at, answer) ON casework.webhook_message TO wise_intake;
"""

ALARMS = """
ALTER TABLE casework.alarm DROP CONSTRAINT ck_alarm_kind;
ALTER TABLE casework.alarm ADD CONSTRAINT ck_alarm_kind CHECK (kind IN ({kinds}));
"""

BACK = """
REVOKE SELECT (given_up_at, answer) ON casework.webhook_message FROM wise_intake;
DELETE FROM casework.alarm_told WHERE alarm_id IN (SELECT id FROM casework.alarm WHERE kind = 'message_given_up');
DELETE FROM casework.alarm WHERE kind = 'message_given_up';
DROP INDEX casework.ix_webhook_message_given_up;
ALTER TABLE casework.webhook_message DROP COLUMN refusals, DROP COLUMN given_up_at;
CREATE INDEX ix_webhook_message_due ON casework.webhook_message (authority, webhook_id, seq) WHERE told_at IS NULL;
"""


def upgrade() -> None:
    op.execute(COLUMNS)
    op.execute(FORGET.format(since="coalesce(told_at, given_up_at)"))
    op.execute(GRANTS)
    op.execute(ALARMS.format(kinds=f"{KINDS}, 'message_given_up'"))


def downgrade() -> None:
    op.execute(FORGET.format(since="told_at"))
    op.execute(BACK)
    op.execute(ALARMS.format(kinds=KINDS))

"""Alarms: what is so, what each channel was told of it, who looked last, and wake-ups that failed.

An alarm of the bridge as a whole has no authority, and is seen by a process that acts for none at that moment.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KINDS = (
    "'waits_too_long', 'behind_earlier', 'breaker_open', 'connection_refused', 'lane_held', 'lane_left_out', 'no_sweep', "
    "'conservation_broken', 'endpoint_given_up', 'wakeups_failing', 'channel_failing', 'synthetic_late'"
)

TABLES = f"""
CREATE TABLE casework.alarm (
  id uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT pk_alarm PRIMARY KEY,
  authority text,
  kind text NOT NULL CONSTRAINT ck_alarm_kind CHECK (kind IN ({KINDS})),
  subject text NOT NULL DEFAULT '' CONSTRAINT ck_alarm_subject CHECK (subject ~ '^[A-Za-z0-9_.:-]{{0,80}}$'),
  owner text NOT NULL,
  since timestamptz NOT NULL,
  count integer NOT NULL DEFAULT 1,
  raised_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  cleared_at timestamptz
);
CREATE UNIQUE INDEX uq_alarm_open ON casework.alarm (coalesce(authority, ''), kind, subject) WHERE cleared_at IS NULL;
CREATE INDEX ix_alarm_cleared ON casework.alarm (authority, cleared_at);

CREATE TABLE casework.alarm_told (
  alarm_id uuid NOT NULL CONSTRAINT fk_alarm_told_alarm REFERENCES casework.alarm,
  channel text NOT NULL,
  authority text,
  word text CONSTRAINT ck_alarm_told_word CHECK (word IN ('raised', 'still', 'cleared')),
  told_at timestamptz,
  times integer NOT NULL DEFAULT 0,
  CONSTRAINT pk_alarm_told PRIMARY KEY (alarm_id, channel),
  CONSTRAINT ck_alarm_told_at CHECK ((word IS NULL) = (told_at IS NULL))
);

CREATE TABLE casework.alarm_channel (
  name text NOT NULL CONSTRAINT pk_alarm_channel PRIMARY KEY,
  tries integer NOT NULL DEFAULT 0,
  failing_since timestamptz,
  trouble text,
  due_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE casework.alarm_watch (
  one boolean NOT NULL DEFAULT true CONSTRAINT pk_alarm_watch PRIMARY KEY CONSTRAINT ck_alarm_watch_one CHECK (one),
  began_at timestamptz NOT NULL DEFAULT now(),
  looked_at timestamptz,
  ended_at timestamptz
);
INSERT INTO casework.alarm_watch DEFAULT VALUES;

CREATE TABLE casework.wakeup_failure (
  process uuid NOT NULL CONSTRAINT pk_wakeup_failure PRIMARY KEY,
  count bigint NOT NULL,
  first_at timestamptz NOT NULL DEFAULT now(),
  last_at timestamptz NOT NULL DEFAULT now()
);
"""

GUARDED = ("alarm", "alarm_told")
GRANTS = """
GRANT SELECT, INSERT ON casework.alarm, casework.alarm_told, casework.alarm_channel TO wise_intake, wise_delivery;
GRANT UPDATE (owner, since, count, last_seen_at, cleared_at) ON casework.alarm TO wise_intake, wise_delivery;
GRANT UPDATE (word, told_at, times) ON casework.alarm_told TO wise_intake, wise_delivery;
GRANT UPDATE (tries, failing_since, trouble, due_at) ON casework.alarm_channel TO wise_intake, wise_delivery;
GRANT SELECT, UPDATE (looked_at, ended_at) ON casework.alarm_watch TO wise_intake, wise_delivery;
GRANT SELECT, INSERT, UPDATE (count, first_at, last_at) ON casework.wakeup_failure TO wise_intake;
GRANT SELECT ON casework.wakeup_failure TO wise_delivery;
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in GUARDED:
        op.execute(f"ALTER TABLE casework.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE casework.{table} FORCE ROW LEVEL SECURITY")
        mine = "authority IS NOT DISTINCT FROM nullif(current_setting('wise.authority', true), '')"
        op.execute(f"CREATE POLICY own_authority ON casework.{table} USING ({mine}) WITH CHECK ({mine})")
    op.execute(GRANTS)


def downgrade() -> None:
    op.execute(
        "DROP TABLE casework.wakeup_failure, casework.alarm_watch, casework.alarm_channel, casework.alarm_told, "
        "casework.alarm"
    )

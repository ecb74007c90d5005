"""Lanes, the workers that drain them, and a delivery's moves kept by the database itself.

A lane is one authority's way into its case system: what a person said about it, and its breaker. The trigger refuses
every move that is not in the domain's table, whoever asks; a test holds the two against each other.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE casework.lane (
  authority text NOT NULL CONSTRAINT pk_lane PRIMARY KEY,
  hold text NOT NULL DEFAULT '' CONSTRAINT ck_lane_hold CHECK (hold IN ('', 'paused', 'stopped')),
  hold_by text,
  hold_reason text,
  hold_at timestamptz,
  in_a_row integer NOT NULL DEFAULT 0,
  recent text NOT NULL DEFAULT '' CONSTRAINT ck_lane_recent CHECK (recent ~ '^[.x]{0,20}$'),
  open_for integer NOT NULL DEFAULT 0,
  openings integer NOT NULL DEFAULT 0,
  ramp integer CONSTRAINT ck_lane_ramp CHECK (ramp > 0),
  open_reason text,
  opened_at timestamptz,
  open_until timestamptz,
  quiet_until timestamptz,
  swept_at timestamptz,
  made_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT ck_lane_hold_said CHECK ((hold = '') OR (hold_by IS NOT NULL AND hold_reason IS NOT NULL AND hold_at IS NOT NULL)),
  CONSTRAINT ck_lane_open CHECK ((open_for > 0) = (open_until IS NOT NULL))
);
ALTER TABLE casework.lane ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework.lane FORCE ROW LEVEL SECURITY;
CREATE POLICY own_authority ON casework.lane
  USING (authority = current_setting('wise.authority', true))
  WITH CHECK (authority = current_setting('wise.authority', true));

CREATE TABLE casework.worker (
  id uuid NOT NULL CONSTRAINT pk_worker PRIMARY KEY,
  started_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz
);

CREATE TABLE casework.bridge (
  one boolean NOT NULL DEFAULT true CONSTRAINT pk_bridge PRIMARY KEY CONSTRAINT ck_bridge_one CHECK (one),
  mode text NOT NULL DEFAULT 'usual' CONSTRAINT ck_bridge_mode CHECK (mode IN ('usual', 'reconcile_first', 'look_first')),
  since timestamptz NOT NULL DEFAULT now(),
  by text,
  reason text
);
INSERT INTO casework.bridge DEFAULT VALUES;
"""

DELIVERY = """
ALTER TABLE casework.delivery
  ADD COLUMN deaths integer NOT NULL DEFAULT 0,
  ADD COLUMN held_by uuid,
  ADD COLUMN put_off_since timestamptz,
  ADD COLUMN state_since timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN changed_in bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
  ADD CONSTRAINT ck_delivery_arrived CHECK (state NOT IN ('ready', 'retry') OR NOT may_have_arrived),
  ADD CONSTRAINT ck_delivery_lease CHECK ((state = 'in_flight') = (lease_until IS NOT NULL));

CREATE INDEX ix_delivery_in_flight ON casework.delivery (authority) WHERE state = 'in_flight';
CREATE INDEX ix_delivery_changed ON casework.delivery (authority, changed_in, id);
CREATE INDEX ix_delivery_state ON casework.delivery (authority, state, state_since)
  WHERE state NOT IN ('delivered', 'superseded', 'cancelled');
CREATE UNIQUE INDEX uq_delivery_one_at_a_time ON casework.delivery (authority, child_key)
  WHERE state = 'in_flight' AND kind <> 'review_task';

CREATE FUNCTION casework.may_reopen(_authority text, _delivery uuid) RETURNS boolean LANGUAGE sql STABLE AS
  $$ SELECT false $$;

CREATE FUNCTION casework.keep_to_the_table() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.authority, NEW.kind, NEW.submission_id, NEW.reference, NEW.child_key, NEW.seq, NEW.created_at)
     IS DISTINCT FROM
     (OLD.id, OLD.authority, OLD.kind, OLD.submission_id, OLD.reference, OLD.child_key, OLD.seq, OLD.created_at) THEN
    RAISE EXCEPTION 'what a delivery is about never changes' USING ERRCODE = '23514';
  END IF;
  IF OLD.may_have_arrived AND NOT NEW.may_have_arrived AND NEW.state = OLD.state THEN
    RAISE EXCEPTION 'a doubt is settled by a move, not by forgetting it' USING ERRCODE = '23514';
  END IF;
  IF NEW.fence < OLD.fence OR (NEW.state = 'in_flight' AND NEW.fence = OLD.fence
     AND (OLD.state <> 'in_flight' OR NEW.held_by IS DISTINCT FROM OLD.held_by)) THEN
    RAISE EXCEPTION 'a fence only grows, and grows with every claim' USING ERRCODE = '23514';
  END IF;
  IF NEW.state = OLD.state AND OLD.state <> 'in_flight' AND NEW.fence <> OLD.fence THEN
    RAISE EXCEPTION 'only a claim moves the fence' USING ERRCODE = '23514';
  END IF;
  IF NEW.state <> OLD.state THEN
    IF NOT (OLD.state || ' ' || NEW.state = ANY (ARRAY[
      'ready in_flight', 'ready needs_human', 'ready superseded', 'ready cancelled', 'ready unknown',
      'retry in_flight', 'retry needs_human', 'retry superseded', 'retry cancelled', 'retry unknown',
      'unknown in_flight', 'unknown needs_human',
      'in_flight delivered', 'in_flight retry', 'in_flight unknown', 'in_flight ready', 'in_flight needs_human',
      'in_flight cancelled',
      'needs_human ready', 'needs_human unknown', 'needs_human delivered', 'needs_human superseded',
      'needs_human cancelled', 'delivered unknown'])) THEN
      RAISE EXCEPTION 'a delivery cannot go from % to %', OLD.state, NEW.state USING ERRCODE = '23514';
    END IF;
    IF OLD.state = 'delivered' AND NOT casework.may_reopen(OLD.authority, OLD.id) THEN
      RAISE EXCEPTION 'two people have to ask for what was delivered to be looked up again' USING ERRCODE = '23514';
    END IF;
    IF OLD.state IN ('ready', 'retry') AND NEW.state = 'unknown'
       AND NOT EXISTS (SELECT FROM casework.bridge WHERE mode <> 'usual') THEN
      RAISE EXCEPTION 'nothing was sent, so there is nothing to look up' USING ERRCODE = '23514';
    END IF;
    IF NEW.state IN ('superseded', 'cancelled') AND OLD.may_have_arrived AND OLD.state <> 'needs_human' THEN
      RAISE EXCEPTION 'what may have arrived is not set aside unseen' USING ERRCODE = '23514';
    END IF;
    NEW.state_since := now();
  END IF;
  IF (NEW.state, NEW.reason, NEW.record_number) IS DISTINCT FROM (OLD.state, OLD.reason, OLD.record_number) THEN
    NEW.changed_in := pg_current_xact_id()::text::bigint;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER delivery_keeps_to_the_table BEFORE UPDATE ON casework.delivery
  FOR EACH ROW EXECUTE FUNCTION casework.keep_to_the_table();
"""

GRANTS = """
GRANT SELECT, INSERT ON casework.lane TO wise_delivery;
GRANT UPDATE (in_a_row, recent, open_for, openings, ramp, open_reason, opened_at, open_until, quiet_until, swept_at)
  ON casework.lane TO wise_delivery;
GRANT SELECT, INSERT ON casework.lane TO wise_intake;
GRANT UPDATE (hold, hold_by, hold_reason, hold_at) ON casework.lane TO wise_intake;
GRANT SELECT, INSERT, UPDATE ON casework.worker TO wise_delivery;
GRANT SELECT ON casework.worker TO wise_intake;
GRANT SELECT ON casework.bridge TO wise_intake, wise_delivery;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(DELIVERY)
    op.execute(GRANTS)
    op.execute("DROP POLICY worker_finds_lane ON casework.delivery")


def downgrade() -> None:
    op.execute(
        "CREATE POLICY worker_finds_lane ON casework.delivery FOR SELECT TO wise_delivery "
        "USING (id::text = current_setting('wise.delivery', true))"
    )
    op.execute("DROP TRIGGER delivery_keeps_to_the_table ON casework.delivery")
    op.execute("DROP FUNCTION casework.keep_to_the_table()")
    op.execute("DROP FUNCTION casework.may_reopen(text, uuid)")
    op.execute(
        "DROP INDEX casework.uq_delivery_one_at_a_time, casework.ix_delivery_state, casework.ix_delivery_changed, "
        "casework.ix_delivery_in_flight"
    )
    op.execute(
        "ALTER TABLE casework.delivery DROP CONSTRAINT ck_delivery_lease, DROP CONSTRAINT ck_delivery_arrived, "
        "DROP COLUMN changed_in, DROP COLUMN state_since, DROP COLUMN put_off_since, DROP COLUMN held_by, "
        "DROP COLUMN deaths"
    )
    op.execute("DROP TABLE casework.bridge, casework.worker, casework.lane")

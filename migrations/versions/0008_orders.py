"""Officers' orders about deliveries and lanes: who, why, when, approved by whom, and what came of it.

An order is kept as it was given. What an officer does to a delivery is done under an open order, and the database looks
for it: to reopen what was delivered it must be approved by another person through another client, and nothing becomes
delivered without the worker that holds it or an order that says what was seen.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE casework.officer_order (
  id uuid NOT NULL CONSTRAINT pk_officer_order PRIMARY KEY,
  authority text NOT NULL,
  batch uuid,
  action text NOT NULL CONSTRAINT ck_officer_order_action CHECK (action IN
    ('hold', 'replay', 'supersede', 'cancel', 'evidence', 'reopen', 'pause', 'stop', 'go_on')),
  delivery_id uuid CONSTRAINT fk_officer_order_delivery REFERENCES casework.delivery (id),
  by text NOT NULL,
  through text NOT NULL,
  reason text NOT NULL CONSTRAINT ck_officer_order_reason CHECK (reason ~ '^[a-z_]{1,40}$'),
  ticket text CONSTRAINT ck_officer_order_ticket CHECK (ticket ~ '^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$'),
  detail jsonb NOT NULL DEFAULT '{}',
  asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  approved_by text,
  approved_through text,
  approved_at timestamptz,
  done_at timestamptz,
  outcome text CONSTRAINT ck_officer_order_outcome CHECK (outcome ~ '^[a-z_]{1,40}$'),
  CONSTRAINT ck_officer_order_about CHECK ((action IN ('pause', 'stop', 'go_on')) = (delivery_id IS NULL)),
  CONSTRAINT ck_officer_order_two_people CHECK (approved_by IS NULL OR lower(trim(approved_by)) <> lower(trim(by))),
  CONSTRAINT ck_officer_order_two_clients CHECK (approved_through IS NULL OR approved_through <> through),
  CONSTRAINT ck_officer_order_approved CHECK (
    (approved_by IS NULL) = (approved_at IS NULL) AND (approved_by IS NULL) = (approved_through IS NULL)),
  CONSTRAINT ck_officer_order_done CHECK ((done_at IS NULL) = (outcome IS NULL)),
  CONSTRAINT ck_officer_order_reopened CHECK (action <> 'reopen' OR outcome IS DISTINCT FROM 'unknown' OR approved_by IS NOT NULL)
);
CREATE INDEX ix_officer_order_asked ON casework.officer_order (authority, asked_at, id);
CREATE INDEX ix_officer_order_delivery ON casework.officer_order (authority, delivery_id);
CREATE INDEX ix_officer_order_batch ON casework.officer_order (authority, batch) WHERE batch IS NOT NULL;
CREATE UNIQUE INDEX uq_officer_order_reopen ON casework.officer_order (authority, delivery_id)
  WHERE action = 'reopen' AND done_at IS NULL;

ALTER TABLE casework.officer_order ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework.officer_order FORCE ROW LEVEL SECURITY;
CREATE POLICY own_authority ON casework.officer_order
  USING (authority = current_setting('wise.authority', true))
  WITH CHECK (authority = current_setting('wise.authority', true));
"""

KEPT = """
CREATE FUNCTION casework.keep_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
    RAISE EXCEPTION 'an order is kept' USING ERRCODE = '23514';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.approved_at IS NOT NULL OR NEW.done_at IS NOT NULL THEN
      RAISE EXCEPTION 'an order begins open' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(OLD) - ARRAY['approved_by', 'approved_through', 'approved_at', 'done_at', 'outcome']
     IS DISTINCT FROM
     to_jsonb(NEW) - ARRAY['approved_by', 'approved_through', 'approved_at', 'done_at', 'outcome']
     OR (OLD.approved_at IS NOT NULL AND (OLD.approved_by, OLD.approved_through, OLD.approved_at)
        IS DISTINCT FROM (NEW.approved_by, NEW.approved_through, NEW.approved_at))
     OR OLD.done_at IS NOT NULL THEN
    RAISE EXCEPTION 'an order does not change' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER officer_order_is_kept BEFORE INSERT OR UPDATE OR DELETE ON casework.officer_order
  FOR EACH ROW EXECUTE FUNCTION casework.keep_order();
CREATE TRIGGER officer_order_stays BEFORE TRUNCATE ON casework.officer_order
  FOR EACH STATEMENT EXECUTE FUNCTION casework.keep_order();

CREATE OR REPLACE FUNCTION casework.may_reopen(_authority text, _delivery uuid) RETURNS boolean LANGUAGE sql STABLE AS
  $$ SELECT EXISTS (SELECT FROM casework.officer_order WHERE authority = _authority AND delivery_id = _delivery
       AND action = 'reopen' AND approved_at IS NOT NULL AND done_at IS NULL) $$;

CREATE FUNCTION casework.move_by_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'in_flight' AND current_user = 'wise_intake' THEN
    RAISE EXCEPTION 'only the worker that holds a delivery says how it ended' USING ERRCODE = '23514';
  END IF;
  -- One inside the other: a worker may not read orders, and a generic plan asks for the right to all it might read.
  IF NEW.state = 'delivered' AND OLD.state = 'needs_human' THEN
    IF NOT EXISTS (
       SELECT FROM casework.officer_order WHERE authority = NEW.authority AND delivery_id = NEW.id
       AND action = 'evidence' AND done_at IS NULL) THEN
      RAISE EXCEPTION 'nothing is delivered without the evidence of who saw it' USING ERRCODE = '23514';
    END IF;
  END IF;
  IF OLD.state = 'needs_human' AND OLD.may_have_arrived AND NEW.state = 'ready' THEN
    IF NOT EXISTS (
       SELECT FROM casework.officer_order WHERE authority = NEW.authority AND delivery_id = NEW.id
       AND action = 'replay' AND done_at IS NULL AND detail @> '{"not_there": true}') THEN
      RAISE EXCEPTION 'what may have arrived is looked up, or looked for by a person, before it is sent again' USING ERRCODE = '23514';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER delivery_moves_by_order BEFORE UPDATE OF state ON casework.delivery
  FOR EACH ROW WHEN (OLD.state IN ('in_flight', 'needs_human') AND NEW.state <> OLD.state)
  EXECUTE FUNCTION casework.move_by_order();
"""

GRANTS = """
GRANT SELECT, INSERT ON casework.officer_order TO wise_intake;
GRANT UPDATE (approved_by, approved_through, approved_at, done_at, outcome) ON casework.officer_order TO wise_intake;
GRANT UPDATE (note, failures, lapses, deaths, lookups, absences, put_off_since, may_have_arrived, record_number,
  document_number, evidence, delivered_at) ON casework.delivery TO wise_intake;
"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute(KEPT)
    op.execute(GRANTS)


def downgrade() -> None:
    op.execute(
        "REVOKE UPDATE (note, failures, lapses, deaths, lookups, absences, put_off_since, may_have_arrived, "
        "record_number, document_number, evidence, delivered_at) ON casework.delivery FROM wise_intake"
    )
    op.execute("DROP TRIGGER delivery_moves_by_order ON casework.delivery")
    op.execute("DROP FUNCTION casework.move_by_order()")
    op.execute(
        "CREATE OR REPLACE FUNCTION casework.may_reopen(_authority text, _delivery uuid) RETURNS boolean "
        "LANGUAGE sql STABLE AS $$ SELECT false $$"
    )
    op.execute("DROP TABLE casework.officer_order")
    op.execute("DROP FUNCTION casework.keep_order()")

"""Sending published files to the central team's address: a courier of its own, which reads what is published alone."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

DIGEST = "'^[0-9a-f]{64}$'"

TABLE = f"""
CREATE TABLE central.sending (
  id uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT pk_sending PRIMARY KEY,
  quarter text NOT NULL CONSTRAINT fk_sending_ledger REFERENCES central.ledger (quarter),
  file text NOT NULL CONSTRAINT ck_sending_file CHECK (file IN ('data-package.zip', 'tables.xlsx')),
  address text NOT NULL CONSTRAINT ck_sending_address CHECK (address ~ {DIGEST}),
  digest text NOT NULL CONSTRAINT ck_sending_digest CHECK (digest ~ {DIGEST}),
  state text NOT NULL DEFAULT 'ready'
    CONSTRAINT ck_sending_state CHECK (state IN ('ready', 'in_flight', 'sent', 'unknown', 'needs_human')),
  reason text NOT NULL DEFAULT 'waiting' CONSTRAINT ck_sending_reason CHECK (reason ~ '^[a-z_]{{1,40}}$'),
  attempts integer NOT NULL DEFAULT 0,
  fence integer NOT NULL DEFAULT 0,
  lease_until timestamptz,
  may_have_arrived boolean NOT NULL DEFAULT false,
  due_at timestamptz NOT NULL DEFAULT now(),
  receipt jsonb NOT NULL DEFAULT '{{}}',
  asked_by text NOT NULL CONSTRAINT ck_sending_asked_by CHECK (btrim(asked_by) = asked_by AND asked_by <> ''),
  asked_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz,
  CONSTRAINT uq_sending_quarter UNIQUE (quarter, file, address),
  CONSTRAINT ck_sending_lease CHECK ((state = 'in_flight') = (lease_until IS NOT NULL)),
  CONSTRAINT ck_sending_sent CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
"""

RULE = """
CREATE FUNCTION central.keep_sent() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF OLD.state = 'sent' THEN
    RAISE EXCEPTION 'what was sent stays as it is kept';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sending_keeps_sent BEFORE UPDATE OR DELETE ON central.sending
  FOR EACH ROW EXECUTE FUNCTION central.keep_sent();
"""

GRANTS = """
GRANT USAGE ON SCHEMA central TO wise_courier;
GRANT SELECT ON central.published, central.sending TO wise_courier;
GRANT UPDATE (state, reason, attempts, fence, lease_until, may_have_arrived, due_at, receipt, sent_at)
  ON central.sending TO wise_courier;
GRANT SELECT ON central.published, central.sending TO wise_release;
GRANT INSERT (quarter, file, address, digest, asked_by) ON central.sending TO wise_release;
GRANT UPDATE (state, reason, attempts, due_at, digest, asked_by, asked_at) ON central.sending TO wise_release;
"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute(RULE)
    op.execute(GRANTS)


def downgrade() -> None:
    op.execute("DROP TABLE central.sending")
    op.execute("DROP FUNCTION central.keep_sent")
    op.execute("REVOKE SELECT ON central.published FROM wise_courier, wise_release")
    op.execute("REVOKE USAGE ON SCHEMA central FROM wise_courier")

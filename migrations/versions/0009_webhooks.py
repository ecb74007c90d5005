"""Webhooks to senders: addresses by authority, and what is told there.

Address and secret lie sealed under the authority's key; of the address the host alone is shown. A message holds ids,
types and codes. Which deliveries changed is read from their own column, from the place that stands with the address.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE casework.webhook (
  id uuid NOT NULL CONSTRAINT pk_webhook PRIMARY KEY,
  authority text NOT NULL,
  number smallint NOT NULL CONSTRAINT ck_webhook_number CHECK (number BETWEEN 1 AND 3),
  name text NOT NULL,
  host text NOT NULL,
  networks text[] NOT NULL,
  sealed bytea NOT NULL,
  former_until timestamptz,
  made_by text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  rotated_at timestamptz,
  paused_for text CONSTRAINT ck_webhook_paused_for CHECK (paused_for IN ('by_person', 'not_answering', 'gone', 'unreadable')),
  paused_by text,
  paused_note text,
  paused_at timestamptz,
  history text NOT NULL,
  changed_in bigint NOT NULL,
  changed_id uuid NOT NULL,
  failures integer NOT NULL DEFAULT 0,
  failing_since timestamptz,
  quiet_until timestamptz,
  fence integer NOT NULL DEFAULT 0,
  lease_until timestamptz,
  CONSTRAINT uq_webhook_number UNIQUE (authority, number),
  CONSTRAINT uq_webhook_own UNIQUE (authority, id),
  CONSTRAINT ck_webhook_paused CHECK ((paused_for IS NULL) = (paused_at IS NULL) AND (paused_for IS NULL) = (paused_by IS NULL)),
  CONSTRAINT ck_webhook_failing CHECK ((failures = 0) = (failing_since IS NULL))
);
CREATE TABLE casework.webhook_message (
  id uuid NOT NULL CONSTRAINT pk_webhook_message PRIMARY KEY,
  authority text NOT NULL,
  webhook_id uuid NOT NULL,
  delivery_id uuid CONSTRAINT fk_webhook_message_delivery REFERENCES casework.delivery (id),
  changed_in bigint,
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  type text NOT NULL,
  reason text,
  body text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  due_at timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,
  first_tried_at timestamptz,
  answer text,
  told_at timestamptz,
  CONSTRAINT fk_webhook_message_webhook FOREIGN KEY (authority, webhook_id)
    REFERENCES casework.webhook (authority, id) ON DELETE CASCADE,
  CONSTRAINT uq_webhook_message_change UNIQUE (authority, webhook_id, delivery_id, changed_in),
  CONSTRAINT ck_webhook_message_change CHECK ((delivery_id IS NULL) = (changed_in IS NULL)),
  CONSTRAINT ck_webhook_message_tried CHECK ((attempts = 0) = (first_tried_at IS NULL))
);
CREATE INDEX ix_webhook_message_due ON casework.webhook_message (authority, webhook_id, seq) WHERE told_at IS NULL;
"""

GUARD = """
ALTER TABLE casework.{table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework.{table} FORCE ROW LEVEL SECURITY;
CREATE POLICY own_authority ON casework.{table}
  USING (authority = current_setting('wise.authority', true))
  WITH CHECK (authority = current_setting('wise.authority', true));
"""

# What was told is forgotten after two weeks. No process may delete; this one deed is the owner's, lent to the worker,
# and the owner too is held to the one authority of the transaction.
FORGET = """
CREATE FUNCTION casework.forget_told_webhooks() RETURNS bigint LANGUAGE sql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  WITH gone AS (
    DELETE FROM casework.webhook_message
      WHERE authority = current_setting('wise.authority', true) AND told_at < now() - interval '14 days' RETURNING 1)
  SELECT count(*) FROM gone
$$;
REVOKE EXECUTE ON FUNCTION casework.forget_told_webhooks() FROM PUBLIC;
"""

GRANTS = """
GRANT SELECT ON casework.webhook TO wise_delivery;
GRANT UPDATE (paused_for, paused_by, paused_note, paused_at, history, changed_in, changed_id, failures, failing_since,
  quiet_until, fence, lease_until) ON casework.webhook TO wise_delivery;
GRANT SELECT, INSERT ON casework.webhook_message TO wise_delivery;
GRANT UPDATE (due_at, attempts, first_tried_at, answer, told_at) ON casework.webhook_message TO wise_delivery;
GRANT EXECUTE ON FUNCTION casework.forget_told_webhooks() TO wise_delivery;
GRANT SELECT (id, authority, number, name, host, former_until, made_by, made_at, rotated_at, paused_for, paused_by,
  paused_note, paused_at, failures, failing_since) ON casework.webhook TO wise_intake;
GRANT SELECT (authority, webhook_id, made_at, told_at) ON casework.webhook_message TO wise_intake;
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in ("webhook", "webhook_message"):
        op.execute(GUARD.format(table=table))
    op.execute(FORGET)
    op.execute(GRANTS)


def downgrade() -> None:
    op.execute("DROP FUNCTION casework.forget_told_webhooks()")
    op.execute("DROP TABLE casework.webhook_message, casework.webhook")

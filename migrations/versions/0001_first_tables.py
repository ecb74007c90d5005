"""The casework side, the central side, and who may touch what.

Two schemas. `casework` identifies; `central` must not. Every casework table carries its authority and forces
row-level security on it, for its owner too. Each process signs in with a role of its own.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TENANT_TABLES = ("submission", "payload", "review", "delivery", "attempt", "audit")

CASEWORK = """
CREATE TABLE casework.client (
  client_id text NOT NULL CONSTRAINT pk_client PRIMARY KEY,
  authority text NOT NULL,
  name text NOT NULL,
  secret_digest bytea NOT NULL,
  scopes text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);

CREATE TABLE casework.submission (
  id uuid NOT NULL CONSTRAINT pk_submission PRIMARY KEY,
  authority text NOT NULL,
  sender_ref text NOT NULL,
  client_id text NOT NULL,
  record_type text NOT NULL,
  kind text NOT NULL,
  schema_version text NOT NULL,
  template_version text NOT NULL,
  content_digest bytea NOT NULL,
  child_key bytea NOT NULL,
  completed_on date NOT NULL,
  warnings jsonb NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT uq_submission_sender_ref UNIQUE (authority, sender_ref)
);
CREATE INDEX ix_submission_received ON casework.submission (authority, received_at, id);

CREATE TABLE casework.payload (
  submission_id uuid NOT NULL CONSTRAINT pk_payload PRIMARY KEY CONSTRAINT fk_payload_submission REFERENCES casework.submission (id),
  authority text NOT NULL,
  sealed bytea NOT NULL
);

CREATE TABLE casework.review (
  id uuid NOT NULL CONSTRAINT pk_review PRIMARY KEY,
  authority text NOT NULL,
  child_key bytea NOT NULL,
  submission_id uuid NOT NULL CONSTRAINT fk_review_submission REFERENCES casework.submission (id),
  record_type text NOT NULL,
  anchor_on date NOT NULL,
  due_on date NOT NULL,
  window_days integer NOT NULL,
  basis text NOT NULL,
  status text NOT NULL CONSTRAINT ck_review_status CHECK (status IN ('open', 'done', 'superseded', 'paused', 'closed')),
  raised_at timestamptz,
  closed_at timestamptz,
  CONSTRAINT uq_review_submission UNIQUE (authority, submission_id)
);
CREATE INDEX ix_review_due ON casework.review (authority, due_on) WHERE status = 'open';
CREATE INDEX ix_review_child ON casework.review (authority, child_key) WHERE status = 'open';

CREATE TABLE casework.delivery (
  id uuid NOT NULL CONSTRAINT pk_delivery PRIMARY KEY,
  authority text NOT NULL,
  kind text NOT NULL CONSTRAINT ck_delivery_kind CHECK (kind IN ('record', 'review_task')),
  submission_id uuid NOT NULL CONSTRAINT fk_delivery_submission REFERENCES casework.submission (id),
  review_id uuid CONSTRAINT fk_delivery_review REFERENCES casework.review (id),
  reference text NOT NULL,
  child_key bytea NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  state text NOT NULL CONSTRAINT ck_delivery_state CHECK (state IN
    ('ready', 'in_flight', 'retry', 'unknown', 'needs_human', 'delivered', 'superseded', 'cancelled')),
  reason text NOT NULL,
  note text NOT NULL DEFAULT '',
  due_at timestamptz NOT NULL DEFAULT now(),
  fence integer NOT NULL DEFAULT 0,
  attempts integer NOT NULL DEFAULT 0,
  failures integer NOT NULL DEFAULT 0,
  lapses integer NOT NULL DEFAULT 0,
  lookups integer NOT NULL DEFAULT 0,
  absences integer NOT NULL DEFAULT 0,
  may_have_arrived boolean NOT NULL DEFAULT false,
  first_sent_at timestamptz,
  lease_until timestamptz,
  connector text,
  connector_version text,
  profile_digest text,
  record_number text,
  document_number text,
  evidence jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  delivered_at timestamptz,
  CONSTRAINT uq_delivery_reference UNIQUE (authority, reference),
  CONSTRAINT ck_delivery_receipt CHECK (state <> 'delivered' OR record_number IS NOT NULL)
);
CREATE UNIQUE INDEX uq_delivery_review ON casework.delivery (authority, review_id) WHERE review_id IS NOT NULL;
CREATE INDEX ix_delivery_due ON casework.delivery (authority, due_at)
  WHERE state IN ('ready', 'retry', 'unknown', 'in_flight');
CREATE INDEX ix_delivery_open_child ON casework.delivery (authority, child_key, seq)
  WHERE kind = 'record' AND state NOT IN ('delivered', 'superseded', 'cancelled');
CREATE INDEX ix_delivery_submission ON casework.delivery (authority, submission_id);

CREATE TABLE casework.attempt (
  delivery_id uuid NOT NULL CONSTRAINT fk_attempt_delivery REFERENCES casework.delivery (id),
  number integer NOT NULL,
  authority text NOT NULL,
  fence integer NOT NULL,
  phase text NOT NULL CONSTRAINT ck_attempt_phase CHECK (phase IN ('claimed', 'sending', 'looking_up', 'ended')),
  outcome text,
  reason text,
  started_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  CONSTRAINT pk_attempt PRIMARY KEY (delivery_id, number)
);

CREATE TABLE casework.audit (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_audit PRIMARY KEY,
  authority text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor text NOT NULL,
  action text NOT NULL,
  subject_type text NOT NULL,
  subject_id text NOT NULL,
  detail jsonb NOT NULL
);
CREATE INDEX ix_audit_subject ON casework.audit (authority, subject_id);

CREATE FUNCTION casework.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is only ever added to';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON casework.audit
  FOR EACH STATEMENT EXECUTE FUNCTION casework.refuse_change();
"""

CENTRAL = """
CREATE TABLE central.fact (
  quarter text NOT NULL CONSTRAINT ck_fact_quarter CHECK (quarter ~ '^[0-9]{4}Q[1-4]$'),
  authority text NOT NULL CONSTRAINT ck_fact_authority CHECK (authority ~ '^[EWSN][0-9]{8}$'),
  record_type text NOT NULL CONSTRAINT ck_fact_record_type CHECK (record_type IN
    ('wise_assessment', 'rise_meeting_output', 'nwg_assessment')),
  exploitation text NOT NULL CONSTRAINT ck_fact_exploitation CHECK (exploitation IN
    ('experiencing', 'at_risk', 'no_known_risk_or_manageable', 'not_asked_by_this_record'))
);
CREATE INDEX ix_fact_quarter ON central.fact (quarter);
"""
# A fact has no id, no time and no order of its own: the checks let nothing through but codes.

POLICIES = """
ALTER TABLE casework.client ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework.client FORCE ROW LEVEL SECURITY;
CREATE POLICY own_client ON casework.client FOR SELECT
  USING (client_id = current_setting('wise.client', true));
CREATE POLICY owner_manages ON casework.client TO wise_owner USING (true) WITH CHECK (true);
CREATE POLICY worker_finds_lane ON casework.delivery FOR SELECT TO wise_delivery
  USING (id::text = current_setting('wise.delivery', true));

ALTER TABLE central.fact ENABLE ROW LEVEL SECURITY;
ALTER TABLE central.fact FORCE ROW LEVEL SECURITY;
CREATE POLICY hand_over ON central.fact FOR INSERT TO wise_intake
  WITH CHECK (authority = current_setting('wise.authority', true));
CREATE POLICY hub_reads ON central.fact FOR SELECT TO wise_central USING (true);
"""

GRANTS = """
GRANT USAGE ON SCHEMA casework TO wise_intake, wise_delivery;
GRANT USAGE ON SCHEMA central TO wise_intake, wise_central;

GRANT SELECT ON casework.client TO wise_intake;
GRANT SELECT, INSERT ON casework.submission TO wise_intake;
GRANT INSERT ON casework.payload TO wise_intake;
GRANT SELECT, INSERT ON casework.review TO wise_intake;
GRANT UPDATE (status, closed_at) ON casework.review TO wise_intake;
GRANT SELECT, INSERT ON casework.delivery TO wise_intake;
GRANT SELECT ON casework.attempt TO wise_intake;
GRANT INSERT ON casework.audit TO wise_intake;
GRANT INSERT ON central.fact TO wise_intake;

GRANT SELECT ON casework.submission, casework.payload TO wise_delivery;
GRANT SELECT ON casework.review TO wise_delivery;
GRANT UPDATE (raised_at) ON casework.review TO wise_delivery;
GRANT SELECT, INSERT, UPDATE ON casework.delivery TO wise_delivery;
GRANT SELECT, INSERT, UPDATE ON casework.attempt TO wise_delivery;
GRANT INSERT ON casework.audit TO wise_delivery;

GRANT SELECT ON central.fact TO wise_central;
"""


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS casework")
    op.execute("CREATE SCHEMA IF NOT EXISTS central")
    op.execute(CASEWORK)
    op.execute(CENTRAL)
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE casework.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE casework.{table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY own_authority ON casework.{table} "
            "USING (authority = current_setting('wise.authority', true)) "
            "WITH CHECK (authority = current_setting('wise.authority', true))"
        )
    op.execute(POLICIES)
    op.execute(GRANTS)


def downgrade() -> None:
    op.execute("DROP SCHEMA central CASCADE")
    for table in ("audit", "attempt", "delivery", "review", "payload", "submission", "client"):
        op.execute(f"DROP TABLE casework.{table} CASCADE")
    op.execute("DROP FUNCTION casework.refuse_change()")

"""The training register: a third schema, which knows staff by their authority's own reference and no young person.

It stands apart from `casework` and `central` on purpose. Trainers of the Hub sign in with a role that reaches this
schema and no other; the Hub's analysts have no grant here. An authority's processes see its own rows, as everywhere.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE training.record (
  id uuid NOT NULL CONSTRAINT pk_record PRIMARY KEY,
  authority text NOT NULL CONSTRAINT ck_record_authority CHECK (authority ~ '^[EWSN][0-9]{8}$'),
  professional_ref text NOT NULL,
  course text NOT NULL CONSTRAINT ck_record_course CHECK (course IN
    ('wise_core', 'wise_tools', 'nwg_assessment_tool', 'nwg_foundation', 'nwg_advanced', 'other')),
  topics text[] NOT NULL,
  delivered_by text NOT NULL CONSTRAINT ck_record_delivered_by CHECK (delivered_by IN
    ('wise_team', 'hub', 'trained_local_trainer', 'nwg')),
  trainer_ref text,
  mode text,
  training_version text,
  attended_on date NOT NULL,
  evaluation_completed_on date,
  valid_until date,
  revoked_on date,
  registered_at timestamptz NOT NULL DEFAULT now(),
  registered_by text NOT NULL,
  CONSTRAINT uq_record_attendance UNIQUE (authority, professional_ref, course, attended_on)
);
CREATE INDEX ix_record_registered ON training.record (registered_at, id);

CREATE TABLE training.audit (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_audit PRIMARY KEY,
  authority text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor text NOT NULL,
  action text NOT NULL,
  subject_type text NOT NULL,
  subject_id text NOT NULL,
  detail jsonb NOT NULL
);
CREATE INDEX ix_audit_subject ON training.audit (authority, subject_id);

CREATE FUNCTION training.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is only ever added to';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON training.audit
  FOR EACH STATEMENT EXECUTE FUNCTION training.refuse_change();
"""
# What authorities change is in their own trail, casework.audit; training.audit is that of the Hub's trainers, who have
# no way to casework.

POLICIES = """
CREATE POLICY hub_trains ON training.record TO wise_training USING (true) WITH CHECK (true);
CREATE POLICY hub_adds ON training.audit FOR INSERT TO wise_training WITH CHECK (true);
"""

GRANTS = """
GRANT USAGE ON SCHEMA training TO wise_intake, wise_delivery, wise_training;

GRANT SELECT, INSERT ON training.record TO wise_intake, wise_training;
GRANT UPDATE (training_version, evaluation_completed_on, valid_until, revoked_on) ON training.record
  TO wise_intake, wise_training;
GRANT SELECT ON training.record TO wise_delivery;
GRANT INSERT ON training.audit TO wise_training;
"""


def upgrade() -> None:
    op.execute("CREATE SCHEMA training")
    op.execute(TABLES)
    for table in ("record", "audit"):
        op.execute(f"ALTER TABLE training.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE training.{table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY own_authority ON training.{table} "
            "USING (authority = current_setting('wise.authority', true)) "
            "WITH CHECK (authority = current_setting('wise.authority', true))"
        )
    op.execute(POLICIES)
    op.execute(GRANTS)


def downgrade() -> None:
    op.execute("DROP SCHEMA training CASCADE")

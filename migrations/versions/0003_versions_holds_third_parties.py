"""Corrections and withdrawals, held copies, third parties apart, and what a record is compared with.

A submission knows which one it corrects and which corrects it. A fact may be taken back by its own opposite, because
the central side has no ids by which one could be found. What a record says of people who may pose risk lies in a table
of its own, under a key of its own.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TENANT_TABLES = ("third_party", "hold", "sketch", "batch")

VERSIONS = """
ALTER TABLE casework.submission
  ADD COLUMN version integer NOT NULL DEFAULT 1 CONSTRAINT ck_submission_version CHECK (version > 0),
  ADD COLUMN supersedes uuid CONSTRAINT fk_submission_supersedes REFERENCES casework.submission (id),
  ADD COLUMN superseded_by uuid CONSTRAINT fk_submission_superseded_by REFERENCES casework.submission (id),
  ADD COLUMN withdrawn_by uuid CONSTRAINT fk_submission_withdrawn_by REFERENCES casework.submission (id),
  ADD COLUMN meeting_key bytea,
  ADD COLUMN fact jsonb;
CREATE INDEX ix_submission_child ON casework.submission (authority, child_key, record_type, received_at);

ALTER TABLE casework.delivery
  ADD COLUMN retracts uuid CONSTRAINT fk_delivery_retracts REFERENCES casework.delivery (id),
  DROP CONSTRAINT ck_delivery_kind,
  ADD CONSTRAINT ck_delivery_kind CHECK (kind IN ('record', 'review_task', 'retraction')),
  ADD CONSTRAINT ck_delivery_retracts CHECK ((kind = 'retraction') = (retracts IS NOT NULL));
DROP INDEX casework.ix_delivery_open_child;
CREATE INDEX ix_delivery_open_child ON casework.delivery (authority, child_key, seq)
  WHERE kind <> 'review_task' AND state NOT IN ('delivered', 'superseded', 'cancelled');
"""

TABLES = """
CREATE TABLE casework.third_party (
  submission_id uuid NOT NULL CONSTRAINT pk_third_party PRIMARY KEY
    CONSTRAINT fk_third_party_submission REFERENCES casework.submission (id),
  authority text NOT NULL,
  sealed bytea NOT NULL
);

CREATE TABLE casework.hold (
  id uuid NOT NULL CONSTRAINT pk_hold PRIMARY KEY,
  authority text NOT NULL,
  submission_id uuid NOT NULL CONSTRAINT fk_hold_submission REFERENCES casework.submission (id),
  rule text NOT NULL,
  pointer text NOT NULL,
  raised_at timestamptz NOT NULL DEFAULT now(),
  released_at timestamptz,
  released_by text,
  CONSTRAINT ck_hold_released CHECK ((released_at IS NULL) = (released_by IS NULL))
);
CREATE INDEX ix_hold_open ON casework.hold (authority, raised_at, id) WHERE released_at IS NULL;
CREATE INDEX ix_hold_submission ON casework.hold (authority, submission_id);

CREATE TABLE casework.sketch (
  submission_id uuid NOT NULL CONSTRAINT fk_sketch_submission REFERENCES casework.submission (id),
  authority text NOT NULL,
  pointer text NOT NULL,
  sketch bytea NOT NULL,
  CONSTRAINT pk_sketch PRIMARY KEY (submission_id, pointer)
);

CREATE TABLE casework.batch (
  authority text NOT NULL,
  batch_id text NOT NULL,
  content_digest bytea NOT NULL,
  items integer NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_batch PRIMARY KEY (authority, batch_id)
);
"""

CENTRAL = """
ALTER TABLE central.fact
  ADD COLUMN weight smallint NOT NULL DEFAULT 1 CONSTRAINT ck_fact_weight CHECK (weight IN (1, -1));
"""

GRANTS = """
GRANT UPDATE (superseded_by, withdrawn_by) ON casework.submission TO wise_intake;
GRANT UPDATE (state, reason, changed_at) ON casework.delivery TO wise_intake;
GRANT SELECT ON casework.payload TO wise_intake;
GRANT SELECT, INSERT ON casework.third_party, casework.sketch, casework.batch TO wise_intake;
GRANT SELECT, INSERT ON casework.hold TO wise_intake;
GRANT UPDATE (released_at, released_by) ON casework.hold TO wise_intake;
GRANT SELECT ON casework.third_party, casework.hold TO wise_delivery;
GRANT UPDATE (released_at, released_by) ON casework.hold TO wise_delivery;
"""


def upgrade() -> None:
    for statements in (VERSIONS, TABLES, CENTRAL):
        op.execute(statements)
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE casework.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE casework.{table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY own_authority ON casework.{table} "
            "USING (authority = current_setting('wise.authority', true)) "
            "WITH CHECK (authority = current_setting('wise.authority', true))"
        )
    op.execute(GRANTS)


def downgrade() -> None:
    """Refuses once the new columns carry something that would be lost: a withdrawn record would be one again.

    While row-level security is forced, the owner that migrates sees no rows either, so it rests for the question.
    """
    op.execute("ALTER TABLE casework.submission NO FORCE ROW LEVEL SECURITY")
    op.execute(
        """
        DO $$
        BEGIN
          IF EXISTS (SELECT FROM casework.submission WHERE supersedes IS NOT NULL) THEN
            RAISE EXCEPTION 'records have been corrected or withdrawn; going back would undo that';
          END IF;
        END $$
        """
    )
    op.execute("ALTER TABLE casework.submission FORCE ROW LEVEL SECURITY")
    op.execute("REVOKE SELECT ON casework.payload FROM wise_intake")
    op.execute("REVOKE UPDATE (state, reason, changed_at) ON casework.delivery FROM wise_intake")
    op.execute("ALTER TABLE central.fact DROP COLUMN weight")
    for table in reversed(TENANT_TABLES):
        op.execute(f"DROP TABLE casework.{table}")
    op.execute("DROP INDEX casework.ix_submission_child")
    op.execute(
        "ALTER TABLE casework.submission DROP COLUMN version, DROP COLUMN supersedes, DROP COLUMN superseded_by, "
        "DROP COLUMN withdrawn_by, DROP COLUMN meeting_key, DROP COLUMN fact"
    )
    op.execute("DROP INDEX casework.ix_delivery_open_child")
    op.execute(
        "ALTER TABLE casework.delivery DROP CONSTRAINT ck_delivery_retracts, DROP CONSTRAINT ck_delivery_kind, "
        "DROP COLUMN retracts, ADD CONSTRAINT ck_delivery_kind CHECK (kind IN ('record', 'review_task'))"
    )
    op.execute(
        "CREATE INDEX ix_delivery_open_child ON casework.delivery (authority, child_key, seq) "
        "WHERE kind = 'record' AND state NOT IN ('delivered', 'superseded', 'cancelled')"
    )

"""Feedback of young people, parents and carers, and reflective supervision of workers: each a record of its own.

Both lie sealed, and only the casework web's role has a grant: the worker that delivers has none, so neither can reach
a case system, a document or the central side. Consent to the evaluation stands in columns, so that nobody opens
somebody's words to find out whether they may be used.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TENANT_TABLES = ("feedback", "supervision")

TABLES = """
CREATE TABLE casework.feedback (
  id uuid NOT NULL CONSTRAINT pk_feedback PRIMARY KEY,
  authority text NOT NULL,
  sender_ref text NOT NULL,
  client_id text NOT NULL,
  content_digest bytea NOT NULL,
  given_by text NOT NULL CONSTRAINT ck_feedback_given_by CHECK (given_by IN ('young_person', 'parent', 'carer')),
  given_on date NOT NULL,
  consent text CONSTRAINT ck_feedback_consent CHECK (consent IN ('given', 'declined', 'not_asked')),
  consent_on date,
  withdrawn_on date,
  sealed_consent bytea NOT NULL,
  sealed bytea NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT uq_feedback_sender_ref UNIQUE (authority, sender_ref),
  CONSTRAINT ck_feedback_withdrawn CHECK (withdrawn_on IS NULL OR consent IS NOT DISTINCT FROM 'given')
);
CREATE INDEX ix_feedback_received ON casework.feedback (authority, received_at, id);

CREATE TABLE casework.supervision (
  id uuid NOT NULL CONSTRAINT pk_supervision PRIMARY KEY,
  authority text NOT NULL,
  sender_ref text NOT NULL,
  client_id text NOT NULL,
  content_digest bytea NOT NULL,
  held_on date NOT NULL,
  mode text NOT NULL CONSTRAINT ck_supervision_mode CHECK (mode IN ('one_to_one', 'group', 'in_meeting')),
  linked boolean NOT NULL,
  sealed bytea NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT uq_supervision_sender_ref UNIQUE (authority, sender_ref)
);
CREATE INDEX ix_supervision_received ON casework.supervision (authority, received_at, id);
"""

GRANTS = """
GRANT SELECT, INSERT ON casework.feedback, casework.supervision TO wise_intake;
GRANT UPDATE (consent, consent_on, withdrawn_on, sealed_consent) ON casework.feedback TO wise_intake;
"""


def upgrade() -> None:
    op.execute(TABLES)
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
    """Refuses while anything is kept: nobody has these words a second time."""
    for table in TENANT_TABLES:
        # With its policies forced, the owner would see no row of any authority here, and the check would always pass.
        op.execute(f"ALTER TABLE casework.{table} NO FORCE ROW LEVEL SECURITY")
    op.execute(
        """
        DO $$
        BEGIN
          IF EXISTS (SELECT FROM casework.feedback) OR EXISTS (SELECT FROM casework.supervision) THEN
            RAISE EXCEPTION 'feedback or supervision is kept; going back would lose it';
          END IF;
        END $$
        """
    )
    for table in reversed(TENANT_TABLES):
        op.execute(f"DROP TABLE casework.{table}")

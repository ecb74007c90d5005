"""Packs for people: what was handed over to be typed in by hand, who took it, and what they confirmed.

No word of a record is in here: the sheet is made from the sealed record when somebody looks. The worker hands over and
reads; the casework web, through which people answer, changes nothing but the answer, and says that the delivery is due.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE casework.manual_pack (
  authority text NOT NULL,
  reference text NOT NULL,
  inbox text NOT NULL,
  kind text NOT NULL CONSTRAINT ck_manual_pack_kind CHECK (kind IN ('record', 'review_task', 'retraction')),
  form text,
  about_number text,
  handed_sha256 text NOT NULL CONSTRAINT ck_manual_pack_digest CHECK (handed_sha256 ~ '^[0-9a-f]{64}$'),
  put_at timestamptz NOT NULL DEFAULT now(),
  taken_by text,
  taken_at timestamptz,
  record_number text,
  document_number text,
  confirmed_by text,
  confirmed_at timestamptz,
  refused_reason text,
  refused_by text,
  refused_at timestamptz,
  CONSTRAINT pk_manual_pack PRIMARY KEY (authority, reference),
  CONSTRAINT fk_manual_pack_delivery FOREIGN KEY (authority, reference)
    REFERENCES casework.delivery (authority, reference),
  CONSTRAINT ck_manual_pack_about CHECK (kind <> 'retraction' OR about_number IS NOT NULL),
  CONSTRAINT ck_manual_pack_taken CHECK ((taken_at IS NULL) = (taken_by IS NULL)),
  CONSTRAINT ck_manual_pack_confirmed CHECK (
    (confirmed_at IS NULL) = (record_number IS NULL) AND (confirmed_at IS NULL) = (confirmed_by IS NULL)
    AND (confirmed_at IS NOT NULL OR document_number IS NULL)),
  CONSTRAINT ck_manual_pack_refused CHECK (
    (refused_at IS NULL) = (refused_reason IS NULL) AND (refused_at IS NULL) = (refused_by IS NULL)),
  CONSTRAINT ck_manual_pack_one_answer CHECK (confirmed_at IS NULL OR refused_at IS NULL)
);
CREATE INDEX ix_manual_pack_open ON casework.manual_pack (authority, put_at)
  WHERE confirmed_at IS NULL AND refused_at IS NULL;

ALTER TABLE casework.manual_pack ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework.manual_pack FORCE ROW LEVEL SECURITY;
CREATE POLICY own_authority ON casework.manual_pack
  USING (authority = current_setting('wise.authority', true))
  WITH CHECK (authority = current_setting('wise.authority', true));

GRANT SELECT, INSERT ON casework.manual_pack TO wise_delivery;
GRANT SELECT ON casework.manual_pack TO wise_intake;
GRANT UPDATE (taken_by, taken_at, record_number, document_number, confirmed_by, confirmed_at,
  refused_reason, refused_by, refused_at) ON casework.manual_pack TO wise_intake;
GRANT UPDATE (due_at) ON casework.delivery TO wise_intake;
"""


def upgrade() -> None:
    op.execute(TABLE)


def downgrade() -> None:
    """Refuses while a pack is open or a person's answer is kept: nobody else knows the case system's numbers.

    While row-level security is forced, the owner that migrates sees no rows either, so it rests for the question.
    """
    op.execute("ALTER TABLE casework.manual_pack NO FORCE ROW LEVEL SECURITY")
    op.execute(
        """
        DO $$
        BEGIN
          IF EXISTS (SELECT FROM casework.manual_pack) THEN
            RAISE EXCEPTION 'packs were handed over to people; going back would lose what they answer';
          END IF;
        END $$
        """
    )
    op.execute("REVOKE UPDATE (due_at) ON casework.delivery FROM wise_intake")
    op.execute("DROP TABLE casework.manual_pack")

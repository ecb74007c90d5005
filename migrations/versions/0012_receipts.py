"""Receipts that can be checked elsewhere, and books that can be balanced.

What was sent is remembered as a sealed SHA-256 of the bytes: sealed, because a bare digest of a record whose words are
half known could be guessed at.

What was accepted is counted from the trail, which is only ever added to, and not from the rows that are to be counted.
The processes that write the trail may not read it; a function shows them of it which of their authority's things were
accepted, and nothing else. The block-range index costs a write next to nothing, since the trail grows in order of time.
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ACCEPTED = """
CREATE FUNCTION casework.accepted_since(_since timestamptz)
  RETURNS TABLE (id uuid, kind text, at timestamptz, owed integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT a.subject_id::uuid,
         CASE a.action WHEN 'review_raised' THEN 'review' ELSE 'record' END,
         a.at,
         CASE WHEN a.detail ? 'deliveries' THEN (a.detail ->> 'deliveries')::integer
              WHEN a.detail ->> 'kind' = 'withdrawal' THEN NULL
              ELSE 1 END
  FROM casework.audit AS a
  WHERE a.authority = current_setting('wise.authority', true)
    AND a.at >= _since AND a.action IN ('record_received', 'review_raised')
$$;
REVOKE ALL ON FUNCTION casework.accepted_since(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION casework.accepted_since(timestamptz) TO wise_intake, wise_delivery;
"""
# A withdrawal that was taken in before its entry said how many retractions it needs owes what it has.


def upgrade() -> None:
    op.execute("ALTER TABLE casework.submission ADD COLUMN sealed_digest bytea")
    op.execute(
        "CREATE INDEX ix_audit_at ON casework.audit USING brin (at) WITH (pages_per_range = 16, autosummarize = on)"
    )
    op.execute(ACCEPTED)


def downgrade() -> None:
    op.execute("DROP FUNCTION casework.accepted_since(timestamptz)")
    op.execute("DROP INDEX casework.ix_audit_at")
    op.execute("ALTER TABLE casework.submission DROP COLUMN sealed_digest")

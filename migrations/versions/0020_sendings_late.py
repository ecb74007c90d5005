"""How many published files are late on their way to the central team: a number, for those who watch. They see no more."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

LATE = """
CREATE FUNCTION casework.sendings_late() RETURNS TABLE (late bigint, since timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT count(*), min(asked_at) FROM central.sending
   WHERE state = 'needs_human' OR (state <> 'sent' AND asked_at < now() - interval '1 hour')
$$;
REVOKE ALL ON FUNCTION casework.sendings_late() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION casework.sendings_late() TO wise_intake, wise_delivery;
"""


def upgrade() -> None:
    op.execute(LATE)


def downgrade() -> None:
    op.execute("DROP FUNCTION casework.sendings_late()")

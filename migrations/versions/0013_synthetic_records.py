"""Synthetic records are found by the sender's id that only the bridge has, and there are few of them."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX ix_submission_synthetic ON casework.submission (authority, received_at)"
        " WHERE client_id = 'wise-bridge'"
    )


def downgrade() -> None:
    op.execute("DROP INDEX casework.ix_submission_synthetic")

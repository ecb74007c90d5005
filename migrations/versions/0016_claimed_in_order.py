"""What is due first is read from the index in that order, however much waits behind it."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_INDEX = (
    "CREATE INDEX ix_delivery_due ON casework.delivery ({}) WHERE state IN ('ready', 'retry', 'unknown', 'in_flight')"
)


def upgrade() -> None:
    op.execute("DROP INDEX casework.ix_delivery_due")
    op.execute(_INDEX.format("authority, due_at, seq"))


def downgrade() -> None:
    op.execute("DROP INDEX casework.ix_delivery_due")
    op.execute(_INDEX.format("authority, due_at"))

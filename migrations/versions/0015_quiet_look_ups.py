"""A delivery that is looked up and found as it was has not changed: whoever asks what changed is not told of it.

While it is in flight for that alone, it is shown as what it was, `unknown`, to those who follow the changes.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# After `delivery_keeps_to_the_table`, which notes every change: triggers fire in the order of their names.
QUIETLY = """
ALTER TABLE casework.delivery ADD COLUMN asked_again boolean NOT NULL DEFAULT false;
CREATE FUNCTION casework.tell_no_look_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.asked_again := NEW.state = 'in_flight';
  IF (NEW.asked_again OR (OLD.asked_again AND NEW.state = 'unknown'))
    AND (NEW.reason, NEW.record_number) IS NOT DISTINCT FROM (OLD.reason, OLD.record_number) THEN
    NEW.changed_in := OLD.changed_in;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER delivery_tells_no_look_up BEFORE UPDATE ON casework.delivery FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state AND (OLD.state = 'unknown' OR OLD.asked_again))
  EXECUTE FUNCTION casework.tell_no_look_up();
"""


def upgrade() -> None:
    op.execute(QUIETLY)


def downgrade() -> None:
    op.execute("DROP TRIGGER delivery_tells_no_look_up ON casework.delivery")
    op.execute("DROP FUNCTION casework.tell_no_look_up()")
    op.execute("ALTER TABLE casework.delivery DROP COLUMN asked_again")

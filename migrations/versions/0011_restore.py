"""Restoring from a backup: the database knows itself again, or says that it is not what it was.

`casework.identity()` is made of what a restored copy cannot share with what it was copied from: the cluster, its
timeline, the database, and the number PostgreSQL gave this table. A copy of a cluster's files shares all four; whoever
connects therefore brings a tide mark, how far the write-ahead log had come, which can only have grown. Where either
does not fit, nothing is delivered before a person has looked: processes may bring that about, and only the owner's
command ends it.
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BRIDGE = """
ALTER TABLE casework.bridge
  ADD COLUMN identity text,
  ADD COLUMN epoch bigint NOT NULL DEFAULT 0,
  ADD COLUMN alive_until timestamptz,
  ADD COLUMN restored_on date,
  ADD COLUMN by_hand text[] NOT NULL DEFAULT '{}';
"""

KNOWING = """
CREATE FUNCTION casework.identity() RETURNS text LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT concat_ws('-', (SELECT system_identifier FROM pg_catalog.pg_control_system()),
                   substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8),
                   (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()),
                   to_regclass('casework.bridge')::oid)
$$;

CREATE FUNCTION casework.mode() RETURNS text LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT CASE WHEN identity <> casework.identity() THEN 'reconcile_first' ELSE mode END FROM casework.bridge
$$;

CREATE FUNCTION casework.recognise(_identity text, _epoch bigint, _lsn pg_lsn)
  RETURNS TABLE (identity text, epoch bigint, lsn pg_lsn, mode text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  known casework.bridge;
  own text := casework.identity();
  here pg_lsn := pg_catalog.pg_current_wal_flush_lsn();
  why text;
BEGIN
  SELECT * INTO known FROM casework.bridge;
  why := CASE
    WHEN known.identity <> own THEN 'This is not the database that was used before: it was restored, or moved.'
    WHEN _epoch > known.epoch THEN 'The database has forgotten that it was restored: it was restored again.'
    WHEN _epoch < known.epoch THEN NULL
    WHEN _identity <> own THEN 'The tide mark is of another database: this one was restored, or moved.'
    WHEN _lsn > here THEN 'The database is older than it was: its files were restored.'
  END;
  IF why IS NOT NULL THEN
    UPDATE casework.bridge AS b
      SET identity = own, epoch = greatest(b.epoch, coalesce(_epoch, 0)) + 1, mode = 'reconcile_first', since = now(),
          by = 'bridge', reason = why, alive_until = (SELECT max(seen_at) FROM casework.worker)
      WHERE b.epoch = known.epoch AND b.identity IS NOT DISTINCT FROM known.identity;
  ELSIF known.identity IS NULL THEN
    UPDATE casework.bridge AS b SET identity = own WHERE b.identity IS NULL;
  END IF;
  RETURN QUERY SELECT own, b.epoch, here, b.mode FROM casework.bridge AS b;
END $$;
REVOKE ALL ON FUNCTION casework.identity(), casework.mode(), casework.recognise(text, bigint, pg_lsn) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION casework.identity(), casework.mode(), casework.recognise(text, bigint, pg_lsn)
  TO wise_intake, wise_delivery;
"""

BORN = """
CREATE FUNCTION casework.doubt_what_may_be_there() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  restored casework.bridge;
BEGIN
  SELECT * INTO restored FROM casework.bridge;
  IF restored.mode = 'usual' AND NOT coalesce(CASE NEW.kind
       WHEN 'review_task' THEN (SELECT due_on <= restored.restored_on FROM casework.review WHERE id = NEW.review_id)
       ELSE (SELECT completed_on <= restored.restored_on FROM casework.submission WHERE id = NEW.submission_id)
     END, false) THEN
    RETURN NEW;
  END IF;
  NEW.may_have_arrived := true;
  IF NEW.state = 'ready' THEN
    NEW.state := CASE WHEN NEW.authority = ANY (restored.by_hand) THEN 'needs_human' ELSE 'unknown' END;
    NEW.reason := 'restored';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER delivery_may_be_there BEFORE INSERT ON casework.delivery
  FOR EACH ROW EXECUTE FUNCTION casework.doubt_what_may_be_there();
"""
# Senders are asked to send again what a restore lost, and some do so late: whatever was completed by that day may have
# been delivered before it, and is looked up under its reference, which is the same for the same record.


def upgrade() -> None:
    op.execute(BRIDGE)
    op.execute(KNOWING)
    op.execute(BORN)


def downgrade() -> None:
    """Refuses while a restore is under way: what is open would be sent without being looked up."""
    op.execute(
        """
        DO $$
        BEGIN
          IF EXISTS (SELECT FROM casework.bridge WHERE mode <> 'usual') THEN
            RAISE EXCEPTION 'a restore is under way; finish it first';
          END IF;
        END $$
        """
    )
    op.execute("DROP TRIGGER delivery_may_be_there ON casework.delivery")
    op.execute("DROP FUNCTION casework.doubt_what_may_be_there()")
    op.execute("DROP FUNCTION casework.recognise(text, bigint, pg_lsn)")
    op.execute("DROP FUNCTION casework.mode()")
    op.execute("DROP FUNCTION casework.identity()")
    op.execute(
        "ALTER TABLE casework.bridge DROP COLUMN by_hand, DROP COLUMN restored_on, DROP COLUMN alive_until, "
        "DROP COLUMN epoch, DROP COLUMN identity"
    )

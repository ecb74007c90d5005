"""The review clock stands on its own: whom a review is about, when it became known, what was told of it and to whom.

A review holds the young person's reference itself, sealed, so that its record's body need not wait for it. What was
told is a row for each review, channel and stage, so that nothing is told twice whatever is doubled, restarted or run
again. Several tasks may now be about one review: the row of what was told is what is unique.
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

MINE = "authority = current_setting('wise.authority', true)"

REVIEW = """
ALTER TABLE casework.review
  ADD COLUMN sealed_person bytea,
  ADD COLUMN knows_whom boolean GENERATED ALWAYS AS (sealed_person IS NOT NULL) STORED,
  ADD COLUMN known_on date,
  ADD COLUMN closed_by uuid CONSTRAINT fk_review_closed_by REFERENCES casework.submission (id);
ALTER TABLE casework.review NO FORCE ROW LEVEL SECURITY;
ALTER TABLE casework.submission NO FORCE ROW LEVEL SECURITY;
UPDATE casework.review AS r SET known_on = (s.received_at AT TIME ZONE 'Europe/London')::date
  FROM casework.submission AS s WHERE s.authority = r.authority AND s.id = r.submission_id;
ALTER TABLE casework.review FORCE ROW LEVEL SECURITY;
ALTER TABLE casework.submission FORCE ROW LEVEL SECURITY;
GRANT UPDATE (closed_by) ON casework.review TO wise_intake;
GRANT SELECT (knows_whom) ON casework.review TO wise_purge;
GRANT SELECT (authority, id, sealed_person), UPDATE (sealed_person) ON casework.review TO wise_keeper;
ALTER TABLE casework.review
  ALTER COLUMN known_on SET DEFAULT (now() AT TIME ZONE 'Europe/London')::date,
  ALTER COLUMN known_on SET NOT NULL;
"""

REMINDER = """
CREATE TABLE casework.reminder (
  authority text NOT NULL,
  review_id uuid NOT NULL CONSTRAINT fk_reminder_review REFERENCES casework.review (id),
  channel text NOT NULL CONSTRAINT ck_reminder_channel CHECK (channel IN ('tray')),
  stage text NOT NULL CONSTRAINT ck_reminder_stage CHECK (stage IN ('due_soon', 'due', 'overdue', 'escalated')),
  delivery_id uuid CONSTRAINT fk_reminder_delivery REFERENCES casework.delivery (id),
  told_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_reminder PRIMARY KEY (authority, review_id, channel, stage)
);
CREATE UNIQUE INDEX uq_reminder_delivery ON casework.reminder (authority, delivery_id) WHERE delivery_id IS NOT NULL;
CREATE POLICY own_authority ON casework.reminder USING ({mine}) WITH CHECK ({mine});
GRANT SELECT ON casework.reminder TO wise_intake;
GRANT SELECT, INSERT ON casework.reminder TO wise_delivery;
ALTER TABLE casework.delivery NO FORCE ROW LEVEL SECURITY;
INSERT INTO casework.reminder (authority, review_id, channel, stage, delivery_id, told_at)
  SELECT authority, review_id, 'tray', 'due', id, created_at FROM casework.delivery WHERE review_id IS NOT NULL;
ALTER TABLE casework.delivery FORCE ROW LEVEL SECURITY;
ALTER TABLE casework.reminder ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework.reminder FORCE ROW LEVEL SECURITY;
DROP INDEX casework.uq_delivery_review;
CREATE INDEX ix_delivery_review ON casework.delivery (authority, review_id) WHERE review_id IS NOT NULL;
"""

FLOOR = """
CREATE FUNCTION casework.review_keeps_to_the_floor() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  floor integer;
  version integer;
  head bytea;
BEGIN
  SELECT max(f.least) INTO floor FROM casework.key_floor AS f
   WHERE f.authority = NEW.authority AND f.since <= clock_timestamp();
  IF floor IS NULL THEN
    RETURN NEW;
  END IF;
  head := substring(NEW.sealed_person FROM 1 FOR 3);
  version := CASE WHEN length(head) < 3 THEN NULL
    WHEN get_byte(head, 0) = 1 THEN 1
    WHEN get_byte(head, 0) = 2 THEN get_byte(head, 1) * 256 + get_byte(head, 2) END;
  IF version < floor AND (TG_OP = 'INSERT' OR NEW.sealed_person IS DISTINCT FROM OLD.sealed_person) THEN
    RAISE EXCEPTION 'sealed under a version of the key that is not taken any more' USING ERRCODE = 'WB001';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION casework.review_keeps_to_the_floor() FROM PUBLIC;
CREATE TRIGGER review_keeps_to_the_floor BEFORE INSERT OR UPDATE OF sealed_person ON casework.review
  FOR EACH ROW EXECUTE FUNCTION casework.review_keeps_to_the_floor();
"""

# What a review's entry owes is the task that it names. Entries from before this named none, and owe the review's first.
ACCEPTED = """
CREATE OR REPLACE FUNCTION casework.accepted_since(_since timestamptz)
  RETURNS TABLE (id uuid, kind text, at timestamptz, owed integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT {id}::uuid,
         CASE a.action WHEN 'review_raised' THEN {kind} ELSE 'record' END,
         a.at,
         CASE WHEN a.detail ? 'deliveries' THEN (a.detail ->> 'deliveries')::integer
              WHEN a.detail ->> 'kind' = 'withdrawal' THEN NULL
              ELSE 1 END
  FROM casework.audit AS a
  WHERE a.authority = current_setting('wise.authority', true)
    AND a.at >= _since AND a.action IN ('record_received', 'review_raised')
$$;
"""

DOUBT = """
CREATE OR REPLACE FUNCTION casework.doubt_what_may_be_there() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  restored casework.bridge;
BEGIN
  SELECT * INTO restored FROM casework.bridge;
  IF restored.mode = 'usual' AND NOT coalesce(CASE NEW.kind
       WHEN 'review_task' THEN (SELECT due_on {early} <= restored.restored_on FROM casework.review
         WHERE id = NEW.review_id)
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
"""
# Forty-five days: nothing is told of a review earlier than 31 days, and what shuts for holidays, before it is due.

FORGET = """
CREATE OR REPLACE FUNCTION casework.forget_record(_newest uuid) RETURNS uuid[]
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  mine text := current_setting('wise.authority');
  found record;
  tasks uuid[];
BEGIN
  SELECT * INTO found FROM casework.remains_of(_newest);
  IF found.newest IS NULL OR found.has_body OR found.open OR found.held OR found.ordered OR found.review_open
     OR found.legal_hold OR found.counted OR casework.mode() <> 'usual'
     OR NOT casework.is_over(found.shredded_at, interval '12 months') THEN
    RETURN NULL;
  END IF;
  SELECT array_agg(id) INTO tasks FROM casework.delivery WHERE authority = mine AND submission_id = ANY (found.versions);
  INSERT INTO casework.forgotten (authority, subject_id, submission_id, kind)
    SELECT mine, id::text, id, 'submission' FROM unnest(found.versions) AS id
    UNION ALL SELECT mine, id::text, submission_id, 'delivery' FROM casework.delivery
      WHERE authority = mine AND id = ANY (tasks)
    UNION ALL SELECT mine, id::text, submission_id, 'review' FROM casework.review
      WHERE authority = mine AND submission_id = ANY (found.versions)
    UNION ALL SELECT mine, id::text, submission_id, 'hold' FROM casework.hold
      WHERE authority = mine AND submission_id = ANY (found.versions);
  DELETE FROM casework.attempt WHERE authority = mine AND delivery_id = ANY (tasks);
  DELETE FROM casework.webhook_message WHERE authority = mine AND delivery_id = ANY (tasks);
  DELETE FROM casework.officer_order WHERE authority = mine AND delivery_id = ANY (tasks);
  DELETE FROM casework.manual_pack WHERE authority = mine AND reference IN (
    SELECT reference FROM casework.delivery WHERE authority = mine AND id = ANY (tasks));
{more}  DELETE FROM casework.delivery WHERE authority = mine AND id = ANY (tasks);
  DELETE FROM casework.review WHERE authority = mine AND submission_id = ANY (found.versions);
  DELETE FROM casework.hold WHERE authority = mine AND submission_id = ANY (found.versions);
  DELETE FROM casework.sketch WHERE authority = mine AND submission_id = ANY (found.versions);
  DELETE FROM casework.submission WHERE authority = mine AND id = ANY (found.versions);
  RETURN found.versions;
END $$;
"""
MORE = """  DELETE FROM casework.reminder AS t USING casework.review AS r
   WHERE t.authority = mine AND r.authority = mine AND r.id = t.review_id AND r.submission_id = ANY (found.versions);
  UPDATE casework.review SET closed_by = NULL WHERE authority = mine AND closed_by = ANY (found.versions);
"""
# A clock of an older record that this one had stopped stays stopped.


def upgrade() -> None:
    op.execute(REVIEW)
    op.execute(REMINDER.format(mine=MINE))
    op.execute(FLOOR)
    task = "CASE WHEN a.detail ? 'delivery' THEN 'task' ELSE 'review' END"
    op.execute(ACCEPTED.format(id="coalesce(a.detail ->> 'delivery', a.subject_id)", kind=task))
    op.execute(DOUBT.format(early="- 45"))
    op.execute(FORGET.format(more=MORE))


def downgrade() -> None:
    """Refuses where a review was told of more than once, as it could not be told apart any more."""
    op.execute(
        "CREATE UNIQUE INDEX uq_delivery_review ON casework.delivery (authority, review_id) WHERE review_id IS NOT NULL"
    )
    op.execute("DROP INDEX casework.ix_delivery_review")
    op.execute(FORGET.format(more=""))
    op.execute(DOUBT.format(early=""))
    op.execute(ACCEPTED.format(id="a.subject_id", kind="'review'"))
    op.execute("DROP TRIGGER review_keeps_to_the_floor ON casework.review")
    op.execute("DROP FUNCTION casework.review_keeps_to_the_floor()")
    op.execute("DROP TABLE casework.reminder")
    op.execute("ALTER TABLE casework.review DROP COLUMN closed_by, DROP COLUMN known_on, DROP COLUMN knows_whom, DROP COLUMN sealed_person")

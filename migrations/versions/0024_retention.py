"""Bodies end: when each is to be shredded, which were, and legal holds that forbid it.

A role of its own shreds. It finds records by id and state, can overwrite and take away what is sealed, and read none of
it. The database looks, too: nothing of an open record or under a legal hold is noted as shredded, no body is taken away
that is not noted, and a record without a body is not reopened.
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLES = """
ALTER TABLE casework.submission ADD COLUMN purge_after timestamptz;
CREATE INDEX ix_submission_purge ON casework.submission (authority, purge_after) WHERE purge_after IS NOT NULL;
ALTER TABLE casework.bridge ADD COLUMN reapplied_epoch bigint;

CREATE TABLE casework.shredded (
  authority text NOT NULL,
  submission_id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  why text NOT NULL CONSTRAINT ck_shredded_why CHECK (why ~ '^[a-z_]{1,40}$'),
  days integer NOT NULL CONSTRAINT ck_shredded_days CHECK (days BETWEEN 0 AND 90),
  CONSTRAINT pk_shredded PRIMARY KEY (authority, submission_id)
);
CREATE INDEX ix_shredded_at ON casework.shredded (authority, at, submission_id);

CREATE TABLE casework.legal_hold (
  hold uuid NOT NULL,
  event text NOT NULL CONSTRAINT ck_legal_hold_event CHECK (event IN ('asked', 'approved', 'lift_asked', 'lifted')),
  authority text NOT NULL,
  scope text CONSTRAINT ck_legal_hold_scope CHECK (scope IN ('submission', 'young_person', 'authority')),
  submission_id uuid CONSTRAINT fk_legal_hold_submission REFERENCES casework.submission (id),
  child_key bytea,
  reason text CONSTRAINT ck_legal_hold_reason CHECK (reason ~ '^[a-z_]{1,40}$'),
  ticket text CONSTRAINT ck_legal_hold_ticket CHECK (ticket ~ '^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$'),
  by text NOT NULL CONSTRAINT ck_legal_hold_by CHECK (btrim(by) <> ''),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_legal_hold PRIMARY KEY (hold, event),
  CONSTRAINT ck_legal_hold_asked CHECK ((event = 'asked') = (scope IS NOT NULL)),
  CONSTRAINT ck_legal_hold_why CHECK ((event IN ('asked', 'lift_asked')) = (reason IS NOT NULL)),
  CONSTRAINT ck_legal_hold_about CHECK (
    (scope IS NOT DISTINCT FROM 'submission') = (submission_id IS NOT NULL)
    AND (scope IS NOT DISTINCT FROM 'young_person') = (child_key IS NOT NULL))
);
CREATE INDEX ix_legal_hold_authority ON casework.legal_hold (authority, event);
"""
# `shredded` has no foreign key: it outlasts every row of the record, for a backup may bring the record back.

GUARDED = ("shredded", "legal_hold")

RULES = """
CREATE TRIGGER shredded_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON casework.shredded
  FOR EACH STATEMENT EXECUTE FUNCTION casework.refuse_change();
CREATE TRIGGER legal_hold_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON casework.legal_hold
  FOR EACH STATEMENT EXECUTE FUNCTION casework.refuse_change();

CREATE FUNCTION casework.legally_held(_authority text, _submission uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM casework.legal_hold AS h
     WHERE h.authority = _authority AND h.event = 'asked'
       AND (h.scope = 'authority' OR h.submission_id = _submission OR h.child_key = (
         SELECT s.child_key FROM casework.submission AS s WHERE s.authority = _authority AND s.id = _submission))
       AND NOT EXISTS (SELECT FROM casework.legal_hold AS l
         WHERE l.authority = _authority AND l.hold = h.hold AND l.event = 'lifted'))
$$;

CREATE FUNCTION casework.keep_legal_hold() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  asked casework.legal_hold;
BEGIN
  IF NEW.event = 'asked' THEN
    RETURN NEW;
  END IF;
  SELECT * INTO asked FROM casework.legal_hold AS h WHERE h.authority = NEW.authority AND h.hold = NEW.hold
    AND h.event = CASE NEW.event WHEN 'lifted' THEN 'lift_asked' ELSE 'asked' END;
  IF asked.hold IS NULL THEN
    RAISE EXCEPTION 'nobody has asked for it' USING ERRCODE = '23514';
  END IF;
  IF NEW.event <> 'lift_asked' AND lower(btrim(asked."by")) = lower(btrim(NEW."by")) THEN
    RAISE EXCEPTION 'another person says yes' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER legal_hold_by_two BEFORE INSERT ON casework.legal_hold
  FOR EACH ROW EXECUTE FUNCTION casework.keep_legal_hold();

CREATE FUNCTION casework.shred_nothing_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM casework.delivery WHERE authority = NEW.authority AND submission_id = NEW.submission_id
      AND state NOT IN ('delivered', 'superseded', 'cancelled')) THEN
    RAISE EXCEPTION 'what is open is not shredded' USING ERRCODE = '23514';
  END IF;
  IF casework.legally_held(NEW.authority, NEW.submission_id) THEN
    RAISE EXCEPTION 'what is under a legal hold is not shredded' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER shredded_is_settled BEFORE INSERT ON casework.shredded
  FOR EACH ROW EXECUTE FUNCTION casework.shred_nothing_open();

CREATE FUNCTION casework.shred_what_is_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM casework.shredded
      WHERE authority = OLD.authority AND submission_id = OLD.submission_id) THEN
    RAISE EXCEPTION 'a body is taken away only once that is noted' USING ERRCODE = '23514';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER payload_is_shredded BEFORE UPDATE OR DELETE ON casework.payload
  FOR EACH ROW WHEN (current_user = 'wise_purge') EXECUTE FUNCTION casework.shred_what_is_noted();
CREATE TRIGGER third_party_is_shredded BEFORE UPDATE OR DELETE ON casework.third_party
  FOR EACH ROW WHEN (current_user = 'wise_purge') EXECUTE FUNCTION casework.shred_what_is_noted();

CREATE FUNCTION casework.reopen_nothing_shredded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Whoever shreds has this row locked: one of the two waits, and sees what the other did.
  PERFORM FROM casework.submission WHERE authority = NEW.authority AND id = NEW.submission_id FOR KEY SHARE;
  IF EXISTS (SELECT FROM casework.shredded WHERE authority = NEW.authority AND submission_id = NEW.submission_id) THEN
    RAISE EXCEPTION 'a record without its body is not sent again' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER delivery_has_its_body BEFORE UPDATE OF state ON casework.delivery
  FOR EACH ROW WHEN (OLD.state = 'delivered' AND NEW.state <> 'delivered')
  EXECUTE FUNCTION casework.reopen_nothing_shredded();
"""

PURGE = {
    "submission": "SELECT (id, authority, child_key, received_at, purge_after), UPDATE (purge_after, sealed_digest)",
    "payload": "SELECT (submission_id, authority), UPDATE (sealed), DELETE",
    "third_party": "SELECT (submission_id, authority), UPDATE (sealed), DELETE",
    "sketch": "SELECT (submission_id, authority), UPDATE (sketch), DELETE",
    "delivery": "SELECT (id, authority, submission_id, child_key, state, state_since, delivered_at, evidence)",
    "hold": "SELECT (authority, submission_id, released_at)",
    "review": "SELECT (authority, submission_id, status, raised_at)",
    "officer_order": "SELECT (authority, delivery_id, action, done_at)",
    "shredded": "SELECT, INSERT",
    "legal_hold": "SELECT, INSERT",
    "audit": "INSERT",
    "profile_version": "SELECT",
    "bridge": "SELECT, UPDATE (reapplied_epoch)",
}
SHOWS = {
    "shredded": "SELECT",
    "legal_hold": "SELECT (authority, hold, event)",
}
"""The web process and the worker say that a body is gone, and count holds."""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(RULES)
    mine = "authority = current_setting('wise.authority', true)"
    for table in GUARDED:
        op.execute(f"ALTER TABLE casework.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE casework.{table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_authority ON casework.{table} USING ({mine}) WITH CHECK ({mine})")
    op.execute("GRANT USAGE ON SCHEMA casework TO wise_purge")
    op.execute("GRANT EXECUTE ON FUNCTION casework.identity(), casework.mode() TO wise_purge")
    op.execute("REVOKE ALL ON FUNCTION casework.legally_held(text, uuid) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION casework.legally_held(text, uuid) TO wise_purge")
    for table, may in PURGE.items():
        op.execute(f"GRANT {may} ON casework.{table} TO wise_purge")
    for table, may in SHOWS.items():
        op.execute(f"GRANT {may} ON casework.{table} TO wise_intake, wise_delivery")


def downgrade() -> None:
    """Refuses while a legal hold is in force: the code of before knows of none, though it shreds nothing either."""
    op.execute(
        """
        ALTER TABLE casework.legal_hold NO FORCE ROW LEVEL SECURITY;
        DO $$
        BEGIN
          IF EXISTS (SELECT FROM casework.legal_hold AS h WHERE h.event = 'asked' AND NOT EXISTS (
              SELECT FROM casework.legal_hold AS l WHERE l.hold = h.hold AND l.event = 'lifted')) THEN
            RAISE EXCEPTION 'a legal hold is in force; lift it first';
          END IF;
        END $$
        """
    )
    for table, may in PURGE.items():
        op.execute(f"REVOKE {may} ON casework.{table} FROM wise_purge")
    op.execute("REVOKE EXECUTE ON FUNCTION casework.identity(), casework.mode() FROM wise_purge")
    op.execute("REVOKE USAGE ON SCHEMA casework FROM wise_purge")
    op.execute("DROP TRIGGER delivery_has_its_body ON casework.delivery")
    op.execute("DROP TRIGGER payload_is_shredded ON casework.payload")
    op.execute("DROP TRIGGER third_party_is_shredded ON casework.third_party")
    op.execute("DROP TABLE casework.legal_hold, casework.shredded")
    op.execute("DROP FUNCTION casework.reopen_nothing_shredded(), casework.shred_what_is_noted()")
    op.execute("DROP FUNCTION casework.shred_nothing_open(), casework.keep_legal_hold()")
    op.execute("DROP FUNCTION casework.legally_held(text, uuid)")
    op.execute("ALTER TABLE casework.bridge DROP COLUMN reapplied_epoch")
    op.execute("ALTER TABLE casework.submission DROP COLUMN purge_after")

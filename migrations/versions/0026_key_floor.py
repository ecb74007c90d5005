"""A floor under the versions of each authority's key: what is sealed below it is not taken any more.

A process that holds an old copy of a key file would otherwise go on sealing under a version that is destroyed an hour
after its successor was made. The floor is kept by triggers, whoever writes. Reading needs no floor, and shredding
(one byte, no version) is always possible. A refusal is noted by the process that met it, in a transaction of its own:
the one that was refused leaves nothing.
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE casework.key_floor (
  authority text NOT NULL CONSTRAINT ck_key_floor_authority CHECK (authority ~ '^[EWSN][0-9]{8}$'),
  least integer NOT NULL CONSTRAINT ck_key_floor_least CHECK (least BETWEEN 2 AND 65535),
  since timestamptz NOT NULL,
  CONSTRAINT pk_key_floor PRIMARY KEY (authority, least)
);
CREATE TRIGGER key_floor_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON casework.key_floor
  FOR EACH STATEMENT EXECUTE FUNCTION casework.refuse_change();

CREATE TABLE casework.stale_key (
  authority text NOT NULL,
  process text NOT NULL CONSTRAINT ck_stale_key_process CHECK (process IN ('casework', 'worker', 'command')),
  first_at timestamptz NOT NULL DEFAULT now(),
  last_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_stale_key PRIMARY KEY (authority, process)
);
"""
# No floor is ever lowered: an old one below a newer says nothing any more, and is left where it is.

GUARDED = ("key_floor", "stale_key")
MINE = "authority = current_setting('wise.authority', true)"

SEALED = {
    "payload": ("sealed",),
    "third_party": ("sealed",),
    "submission": ("sealed_digest",),
    "sketch": ("sketch",),
    "feedback": ("sealed", "sealed_consent"),
    "supervision": ("sealed",),
    "webhook": ("sealed",),
}
"""A test compares them with `service.store.sealed_places`."""

# The floor is asked for on the clock of the moment, not of the transaction's beginning: what began before the floor held
# and is sealed after it is refused as well. A value that stays as it is may lie under any version. The version is read
# here once more, and not by `casework.key_version`: a function with settings of its own cannot be inlined, and costs
# each of a record's values as much again.
BELOW = """
  head := substring(NEW.{column} FROM 1 FOR 3);
  version := CASE WHEN length(head) < 3 THEN NULL
    WHEN get_byte(head, 0) = 1 THEN 1
    WHEN get_byte(head, 0) = 2 THEN get_byte(head, 1) * 256 + get_byte(head, 2) END;
  IF version < floor AND (TG_OP = 'INSERT' OR NEW.{column} IS DISTINCT FROM OLD.{column}) THEN
    RAISE EXCEPTION 'sealed under a version of the key that is not taken any more' USING ERRCODE = 'WB001';
  END IF;"""
FUNCTION = """
CREATE FUNCTION casework.{table}_keeps_to_the_floor() RETURNS trigger
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
  END IF;{below}
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION casework.{table}_keeps_to_the_floor() FROM PUBLIC;
CREATE TRIGGER {table}_keeps_to_the_floor BEFORE INSERT OR UPDATE OF {columns} ON casework.{table}
  FOR EACH ROW EXECUTE FUNCTION casework.{table}_keeps_to_the_floor();
"""

FUNCTIONS = """
CREATE FUNCTION casework.note_stale_key() RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  INSERT INTO casework.stale_key AS known (authority, process)
  SELECT current_setting('wise.authority'),
         CASE session_user WHEN 'wise_intake' THEN 'casework' WHEN 'wise_delivery' THEN 'worker' ELSE 'command' END
  ON CONFLICT (authority, process) DO UPDATE SET last_at = now(),
    first_at = CASE WHEN known.last_at < now() - interval '15 minutes' THEN now() ELSE known.first_at END
$$;
REVOKE ALL ON FUNCTION casework.note_stale_key() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION casework.note_stale_key() TO wise_intake;

CREATE FUNCTION casework.stale_keys() RETURNS TABLE (process text, since timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT s.process, s.first_at FROM casework.stale_key AS s
   WHERE s.authority = current_setting('wise.authority', true) AND s.last_at >= now() - interval '15 minutes'
$$;
REVOKE ALL ON FUNCTION casework.stale_keys() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION casework.stale_keys() TO wise_intake, wise_delivery;

CREATE FUNCTION casework.note_keys(_action text, _detail jsonb) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF _action NOT IN ('key_rotated', 'key_floor_set', 'keys_rewrapped', 'key_retired', 'master_key_rotated') THEN
    RAISE EXCEPTION 'this is no entry about keys' USING ERRCODE = '23514';
  END IF;
  INSERT INTO casework.audit (authority, actor, action, subject_type, subject_id, detail)
  SELECT mine, 'keeper', _action, 'key', mine, _detail FROM current_setting('wise.authority') AS mine;
END $$;
REVOKE ALL ON FUNCTION casework.note_keys(text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION casework.note_keys(text, jsonb) TO wise_keeper;
"""

KINDS = (
    "'waits_too_long', 'behind_earlier', 'breaker_open', 'connection_refused', 'lane_held', 'lane_left_out', 'no_sweep', "
    "'conservation_broken', 'endpoint_given_up', 'wakeups_failing', 'channel_failing', 'synthetic_late', "
    "'message_given_up', 'fact_refused', 'release_not_sent', 'audit_not_sealed', 'checkpoint_not_sent', "
    "'sign_in_failures'"
)
ALARMS = """
ALTER TABLE casework.alarm DROP CONSTRAINT ck_alarm_kind;
ALTER TABLE casework.alarm ADD CONSTRAINT ck_alarm_kind CHECK (kind IN ({kinds}));
"""
NO_ALARM = """
ALTER TABLE casework.alarm_told NO FORCE ROW LEVEL SECURITY;
ALTER TABLE casework.alarm NO FORCE ROW LEVEL SECURITY;
DELETE FROM casework.alarm_told WHERE alarm_id IN (SELECT id FROM casework.alarm WHERE kind = 'stale_key');
DELETE FROM casework.alarm WHERE kind = 'stale_key';
ALTER TABLE casework.alarm FORCE ROW LEVEL SECURITY;
ALTER TABLE casework.alarm_told FORCE ROW LEVEL SECURITY;
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in GUARDED:
        op.execute(f"ALTER TABLE casework.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE casework.{table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY owner_manages ON casework.{table} TO wise_owner USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY own_authority ON casework.key_floor TO wise_keeper USING ({MINE}) WITH CHECK ({MINE})")
    op.execute("GRANT SELECT, INSERT ON casework.key_floor TO wise_keeper")
    for table, columns in SEALED.items():
        below = "".join(BELOW.format(column=column) for column in columns)
        op.execute(FUNCTION.format(table=table, columns=", ".join(columns), below=below))
    op.execute(FUNCTIONS)
    op.execute(ALARMS.format(kinds=f"{KINDS}, 'stale_key'"))


def downgrade() -> None:
    op.execute(NO_ALARM)
    op.execute(ALARMS.format(kinds=KINDS))
    op.execute("DROP FUNCTION casework.note_keys(text, jsonb), casework.stale_keys(), casework.note_stale_key()")
    for table in SEALED:
        op.execute(f"DROP TRIGGER {table}_keeps_to_the_floor ON casework.{table}")
        op.execute(f"DROP FUNCTION casework.{table}_keeps_to_the_floor()")
    op.execute("DROP TABLE casework.stale_key, casework.key_floor")

"""Machines sign in with keys: their public keys, assertions that were used, sign-ins that were refused, keys of feeds.

A process reads the keys of the one client, or the one feed, that it names. What counts and what remembers is written
through functions of the owner's alone, so that no process can forget a used assertion or a refused sign-in.
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE casework.client_key (
  client_id text NOT NULL CONSTRAINT fk_client_key_client REFERENCES casework.client,
  kid text NOT NULL CONSTRAINT ck_client_key_kid CHECK (kid ~ '^[A-Za-z0-9._~:-]{1,100}$'),
  jwk jsonb NOT NULL CONSTRAINT ck_client_key_public CHECK (NOT jwk ?| ARRAY['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']),
  added_at timestamptz NOT NULL DEFAULT now(),
  not_after timestamptz,
  revoked_at timestamptz,
  CONSTRAINT pk_client_key PRIMARY KEY (client_id, kid)
);

CREATE TABLE casework.assertion_used (
  client_id text NOT NULL,
  jti_digest bytea NOT NULL CONSTRAINT ck_assertion_used_digest CHECK (octet_length(jti_digest) = 32),
  expires_at timestamptz NOT NULL,
  CONSTRAINT pk_assertion_used PRIMARY KEY (client_id, jti_digest)
);
CREATE INDEX ix_assertion_used_expires ON casework.assertion_used (expires_at);

CREATE TABLE central.feed_key (
  id text NOT NULL CONSTRAINT pk_feed_key PRIMARY KEY CONSTRAINT ck_feed_key_id CHECK (id ~ '^feed-[0-9a-f]{12}$'),
  name text NOT NULL CONSTRAINT ck_feed_key_name CHECK (btrim(name) = name AND name <> ''),
  digest bytea NOT NULL CONSTRAINT ck_feed_key_digest CHECK (octet_length(digest) = 32),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  CONSTRAINT ck_feed_key_expires CHECK (expires_at > created_at AND expires_at <= created_at + interval '366 days')
);
"""

# One row for each place and reason, so that whoever fails on purpose makes no more rows.
COUNTED = """
CREATE TABLE {schema}.sign_in_failure (
  authority text NOT NULL,
  reason text NOT NULL CONSTRAINT ck_sign_in_failure_reason CHECK (reason ~ '^[a-z_]{{1,40}}$'),
  total bigint NOT NULL DEFAULT 1,
  hour timestamptz NOT NULL DEFAULT date_trunc('hour', now()),
  in_hour bigint NOT NULL DEFAULT 1,
  hour_before bigint NOT NULL DEFAULT 0,
  noted_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_sign_in_failure PRIMARY KEY (authority, reason)
);
CREATE FUNCTION {schema}.note_sign_in_failure(of_authority text, for_reason text) RETURNS boolean
  LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  INSERT INTO {schema}.sign_in_failure AS known (authority, reason) VALUES (of_authority, for_reason)
  ON CONFLICT (authority, reason) DO UPDATE SET
    total = known.total + 1,
    in_hour = CASE known.hour WHEN date_trunc('hour', now()) THEN known.in_hour + 1 ELSE 1 END,
    hour_before = CASE known.hour WHEN date_trunc('hour', now()) THEN known.hour_before
      WHEN date_trunc('hour', now()) - interval '1 hour' THEN known.in_hour ELSE 0 END,
    hour = date_trunc('hour', now()),
    noted_at = CASE WHEN known.noted_at <= now() - interval '1 minute' THEN now() ELSE known.noted_at END
  RETURNING noted_at = now()
$$;
REVOKE ALL ON FUNCTION {schema}.note_sign_in_failure(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {schema}.note_sign_in_failure(text, text) TO {role};
"""

FUNCTIONS = """
CREATE FUNCTION casework.use_assertion(of_client text, digest bytea, until timestamptz) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  DELETE FROM casework.assertion_used WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM casework.assertion_used WHERE expires_at < now() - interval '10 minutes'
     ORDER BY expires_at LIMIT 20 FOR UPDATE SKIP LOCKED));
  IF until < now() - interval '10 minutes' THEN
    RETURN false;
  END IF;
  INSERT INTO casework.assertion_used VALUES (of_client, digest, until) ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION casework.use_assertion(text, bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION casework.use_assertion(text, bytea, timestamptz) TO wise_intake;

CREATE FUNCTION casework.sign_in_failures() RETURNS TABLE (reason text, total numeric, now numeric, before numeric)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT reason, sum(total),
         coalesce(sum(in_hour) FILTER (WHERE hour = date_trunc('hour', now())), 0),
         coalesce(sum(CASE hour WHEN date_trunc('hour', now()) THEN hour_before
           WHEN date_trunc('hour', now()) - interval '1 hour' THEN in_hour ELSE 0 END), 0)
    FROM (SELECT * FROM casework.sign_in_failure UNION ALL SELECT * FROM central.sign_in_failure) AS everywhere
   GROUP BY reason
$$;
REVOKE ALL ON FUNCTION casework.sign_in_failures() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION casework.sign_in_failures() TO wise_intake, wise_delivery;
"""

POLICIES = """
CREATE POLICY own_client ON casework.client_key FOR SELECT USING (client_id = current_setting('wise.client', true));
CREATE POLICY own_feed ON central.feed_key FOR SELECT TO wise_central
  USING (id = current_setting('wise.feed', true));
GRANT SELECT ON casework.client_key TO wise_intake;
GRANT SELECT (id, digest, expires_at, revoked_at) ON central.feed_key TO wise_central;
"""

GUARDED = (
    "casework.client_key",
    "casework.assertion_used",
    "casework.sign_in_failure",
    "central.sign_in_failure",
    "central.feed_key",
)

KINDS = (
    "'waits_too_long', 'behind_earlier', 'breaker_open', 'connection_refused', 'lane_held', 'lane_left_out', 'no_sweep', "
    "'conservation_broken', 'endpoint_given_up', 'wakeups_failing', 'channel_failing', 'synthetic_late', "
    "'message_given_up', 'fact_refused', 'release_not_sent', 'audit_not_sealed', 'checkpoint_not_sent'"
)

ALARMS = """
ALTER TABLE casework.alarm DROP CONSTRAINT ck_alarm_kind;
ALTER TABLE casework.alarm ADD CONSTRAINT ck_alarm_kind CHECK (kind IN ({kinds}));
"""
NO_ALARM = """
ALTER TABLE casework.alarm_told NO FORCE ROW LEVEL SECURITY;
ALTER TABLE casework.alarm NO FORCE ROW LEVEL SECURITY;
DELETE FROM casework.alarm_told WHERE alarm_id IN (SELECT id FROM casework.alarm WHERE kind = 'sign_in_failures');
DELETE FROM casework.alarm WHERE kind = 'sign_in_failures';
ALTER TABLE casework.alarm FORCE ROW LEVEL SECURITY;
ALTER TABLE casework.alarm_told FORCE ROW LEVEL SECURITY;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(COUNTED.format(schema="casework", role="wise_intake"))
    op.execute(COUNTED.format(schema="central", role="wise_central"))
    for table in GUARDED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY owner_manages ON {table} TO wise_owner USING (true) WITH CHECK (true)")
    op.execute(FUNCTIONS)
    op.execute(POLICIES)
    op.execute(ALARMS.format(kinds=f"{KINDS}, 'sign_in_failures'"))


def downgrade() -> None:
    op.execute(NO_ALARM)
    op.execute(ALARMS.format(kinds=KINDS))
    op.execute("DROP FUNCTION casework.sign_in_failures(), casework.use_assertion(text, bytea, timestamptz)")
    for schema in ("casework", "central"):
        op.execute(f"DROP FUNCTION {schema}.note_sign_in_failure(text, text)")
        op.execute(f"DROP TABLE {schema}.sign_in_failure")
    op.execute("DROP TABLE central.feed_key, casework.assertion_used, casework.client_key")

"""People sign in: staff by a keyed reference, their sessions by a digest, and what was used once.

The same for each side, in its own schema: neither web process can reach the other's. A process has no right to any of
these tables. It begins, looks up and ends one session, that of the digest it names, through functions of the owner's,
and so can neither list sessions nor make one last longer.
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE {schema}.staff (
  authority text NOT NULL,
  reference text NOT NULL CONSTRAINT ck_staff_reference CHECK (reference ~ '^[A-Za-z0-9][A-Za-z0-9._/-]{{0,63}}$'),
  first_at timestamptz NOT NULL DEFAULT now(),
  last_at timestamptz,
  barred_at timestamptz,
  CONSTRAINT pk_staff PRIMARY KEY (authority, reference)
);

CREATE TABLE {schema}.staff_session (
  digest bytea NOT NULL CONSTRAINT ck_staff_session_digest CHECK (octet_length(digest) = 32),
  authority text NOT NULL,
  reference text NOT NULL,
  roles text[] NOT NULL CONSTRAINT ck_staff_session_roles CHECK (cardinality(roles) > 0),
  way text NOT NULL CONSTRAINT ck_staff_session_way CHECK (way IN ('issuer', 'link')),
  issuer_session bytea CONSTRAINT ck_staff_session_issuer_session CHECK (octet_length(issuer_session) = 32),
  began_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  ended_why text CONSTRAINT ck_staff_session_why
    CHECK (ended_why IN ('signed_out', 'ended', 'barred', 'replaced', 'issuer')),
  CONSTRAINT pk_staff_session PRIMARY KEY (digest),
  CONSTRAINT fk_staff_session_staff FOREIGN KEY (authority, reference) REFERENCES {schema}.staff,
  CONSTRAINT ck_staff_session_ended CHECK ((ended_at IS NULL) = (ended_why IS NULL))
);
CREATE INDEX ix_staff_session_staff ON {schema}.staff_session (authority, reference) WHERE ended_at IS NULL;
CREATE INDEX ix_staff_session_seen ON {schema}.staff_session (seen_at);

CREATE TABLE {schema}.sign_in_used (
  digest bytea NOT NULL CONSTRAINT ck_sign_in_used_digest CHECK (octet_length(digest) = 32),
  expires_at timestamptz NOT NULL,
  CONSTRAINT pk_sign_in_used PRIMARY KEY (digest)
);
CREATE INDEX ix_sign_in_used_expires ON {schema}.sign_in_used (expires_at);

CREATE TABLE {schema}.sign_in_link (
  digest bytea NOT NULL CONSTRAINT ck_sign_in_link_digest CHECK (octet_length(digest) = 32),
  authority text NOT NULL,
  reference text NOT NULL CONSTRAINT ck_sign_in_link_reference
    CHECK (reference ~ '^[A-Za-z0-9][A-Za-z0-9._/-]{{0,63}}$' AND reference !~ '^p_'),
  role text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  used_at timestamptz,
  CONSTRAINT pk_sign_in_link PRIMARY KEY (digest)
);
"""

# Thirty minutes without a request, eight hours at the most. `seen_at` is written once a minute, so that a page that
# asks often does not write each time. A bar that comes at the same moment waits for the row of the person, or is seen.
FUNCTIONS = """
CREATE FUNCTION {schema}.begin_staff_session(
  new_digest bytea, old_digest bytea, of_authority text, of_reference text, with_roles text[], by_way text,
  of_issuer_session bytea
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  barred timestamptz;
BEGIN
  INSERT INTO {schema}.staff AS known (authority, reference, last_at) VALUES (of_authority, of_reference, now())
  ON CONFLICT (authority, reference) DO UPDATE
    SET last_at = CASE WHEN known.barred_at IS NULL THEN now() ELSE known.last_at END
  RETURNING barred_at INTO barred;
  IF barred IS NOT NULL THEN
    RETURN false;
  END IF;
  UPDATE {schema}.staff_session SET ended_at = now(), ended_why = 'replaced'
   WHERE digest = old_digest AND ended_at IS NULL;
  DELETE FROM {schema}.staff_session WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM {schema}.staff_session WHERE seen_at < now() - interval '90 days'
     ORDER BY seen_at LIMIT 20 FOR UPDATE SKIP LOCKED));
  INSERT INTO {schema}.staff_session (digest, authority, reference, roles, way, issuer_session)
  VALUES (new_digest, of_authority, of_reference, with_roles, by_way, of_issuer_session);
  RETURN true;
END $$;

CREATE FUNCTION {schema}.staff_session_of(of_digest bytea)
  RETURNS TABLE (authority text, reference text, roles text[], began_at timestamptz, until timestamptz, stands boolean)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
#variable_conflict use_column
BEGIN
  UPDATE {schema}.staff_session SET seen_at = now()
   WHERE digest = of_digest AND ended_at IS NULL
     AND seen_at < now() - interval '1 minute' AND seen_at > now() - interval '30 minutes'
     AND began_at > now() - interval '8 hours';
  RETURN QUERY
  SELECT held.authority, held.reference, held.roles, held.began_at,
         least(held.seen_at + interval '30 minutes', held.began_at + interval '8 hours'),
         held.ended_at IS NULL AND who.barred_at IS NULL
           AND held.seen_at > now() - interval '30 minutes' AND held.began_at > now() - interval '8 hours'
    FROM {schema}.staff_session AS held JOIN {schema}.staff AS who USING (authority, reference)
   WHERE held.digest = of_digest;
END $$;

CREATE FUNCTION {schema}.end_staff_session(of_digest bytea) RETURNS TABLE (authority text, reference text)
  LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  UPDATE {schema}.staff_session SET ended_at = now(), ended_why = 'signed_out'
   WHERE digest = of_digest AND ended_at IS NULL RETURNING authority, reference
$$;

CREATE FUNCTION {schema}.end_staff_sessions_of_issuer(of_authority text, of_reference text, of_issuer_session bytea)
  RETURNS TABLE (authority text, reference text)
  LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  UPDATE {schema}.staff_session SET ended_at = now(), ended_why = 'issuer'
   WHERE ended_at IS NULL AND way = 'issuer' AND authority = of_authority
     AND (of_reference IS NOT NULL OR of_issuer_session IS NOT NULL)
     AND (of_reference IS NULL OR reference = of_reference)
     AND (of_issuer_session IS NULL OR issuer_session = of_issuer_session)
  RETURNING authority, reference
$$;

CREATE FUNCTION {schema}.use_sign_in(of_digest bytea, until timestamptz) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  DELETE FROM {schema}.sign_in_used WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM {schema}.sign_in_used WHERE expires_at < now() - interval '10 minutes'
     ORDER BY expires_at LIMIT 20 FOR UPDATE SKIP LOCKED));
  IF until < now() - interval '10 minutes' THEN
    RETURN false;
  END IF;
  INSERT INTO {schema}.sign_in_used VALUES (of_digest, until) ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;

CREATE FUNCTION {schema}.use_sign_in_link(of_digest bytea) RETURNS TABLE (authority text, reference text, role text)
  LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  UPDATE {schema}.sign_in_link SET used_at = now()
   WHERE digest = of_digest AND used_at IS NULL AND made_at > now() - interval '5 minutes'
  RETURNING authority, reference, role
$$;
"""

SIGNATURES = (
    "begin_staff_session(bytea, bytea, text, text, text[], text, bytea)",
    "staff_session_of(bytea)",
    "end_staff_session(bytea)",
    "end_staff_sessions_of_issuer(text, text, bytea)",
    "use_sign_in(bytea, timestamptz)",
    "use_sign_in_link(bytea)",
)
GUARDED = ("staff", "staff_session", "sign_in_used", "sign_in_link")
SIDES = {"casework": "wise_intake", "central": "wise_central"}


def upgrade() -> None:
    for schema, role in SIDES.items():
        op.execute(TABLES.format(schema=schema))
        for table in GUARDED:
            op.execute(f"ALTER TABLE {schema}.{table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {schema}.{table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY owner_manages ON {schema}.{table} TO wise_owner USING (true) WITH CHECK (true)")
        op.execute(FUNCTIONS.format(schema=schema))
        for signature in SIGNATURES:
            op.execute(f"REVOKE ALL ON FUNCTION {schema}.{signature} FROM PUBLIC")
            op.execute(f"GRANT EXECUTE ON FUNCTION {schema}.{signature} TO {role}")


def downgrade() -> None:
    for schema in SIDES:
        for signature in SIGNATURES:
            op.execute(f"DROP FUNCTION {schema}.{signature}")
        op.execute(f"DROP TABLE {schema}.sign_in_link, {schema}.sign_in_used, {schema}.staff_session, {schema}.staff")

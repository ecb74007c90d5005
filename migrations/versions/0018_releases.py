"""Releases: builds, their audits and approvals, the ledger of what was published, and who pulled it.

Everything here is only ever added to. The Hub's process reads what was published and no fact.
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

DIGEST = "'^[0-9a-f]{64}$'"

TABLES = f"""
CREATE TABLE central.build (
  id uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT pk_build PRIMARY KEY,
  seq bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT uq_build_seq UNIQUE,
  quarter text NOT NULL CONSTRAINT ck_build_quarter CHECK (quarter ~ '^[0-9]{{4}}Q[1-4]$'),
  catalogue text NOT NULL,
  catalogue_digest text NOT NULL CONSTRAINT ck_build_catalogue_digest CHECK (catalogue_digest ~ {DIGEST}),
  after integer NOT NULL,
  content bytea NOT NULL,
  digest text NOT NULL CONSTRAINT ck_build_digest CHECK (digest = encode(sha256(content), 'hex')),
  facts bytea NOT NULL,
  facts_digest text NOT NULL CONSTRAINT ck_build_facts_digest CHECK (facts_digest = encode(sha256(facts), 'hex')),
  built_by text NOT NULL CONSTRAINT ck_build_built_by CHECK (btrim(built_by) = built_by AND built_by <> ''),
  built_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_build_quarter ON central.build (quarter, seq);

CREATE TABLE central.build_audit (
  build_id uuid NOT NULL CONSTRAINT pk_build_audit PRIMARY KEY CONSTRAINT fk_build_audit_build REFERENCES central.build,
  passed boolean NOT NULL,
  report bytea NOT NULL,
  report_digest text NOT NULL
    CONSTRAINT ck_build_audit_report_digest CHECK (report_digest = encode(sha256(report), 'hex')),
  words text NOT NULL,
  audited_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE central.build_approval (
  build_id uuid NOT NULL CONSTRAINT pk_build_approval PRIMARY KEY
    CONSTRAINT fk_build_approval_build REFERENCES central.build,
  approved_by text NOT NULL
    CONSTRAINT ck_build_approval_approved_by CHECK (btrim(approved_by) = approved_by AND approved_by <> ''),
  approved_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE central.ledger (
  number integer NOT NULL CONSTRAINT pk_ledger PRIMARY KEY CONSTRAINT ck_ledger_number CHECK (number > 0),
  quarter text NOT NULL CONSTRAINT uq_ledger_quarter UNIQUE,
  build_id uuid NOT NULL CONSTRAINT uq_ledger_build_id UNIQUE CONSTRAINT fk_ledger_build REFERENCES central.build,
  entry bytea NOT NULL,
  previous text NOT NULL CONSTRAINT ck_ledger_previous CHECK (previous ~ {DIGEST}),
  hash text NOT NULL CONSTRAINT uq_ledger_hash UNIQUE CONSTRAINT ck_ledger_hash CHECK (hash = encode(sha256(entry), 'hex')),
  published_by text NOT NULL
    CONSTRAINT ck_ledger_published_by CHECK (btrim(published_by) = published_by AND published_by <> ''),
  published_at timestamptz NOT NULL
);

CREATE TABLE central.pull (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_pull PRIMARY KEY,
  client_id text NOT NULL CONSTRAINT ck_pull_client_id CHECK (client_id ~ '^[!-~]{{1,100}}$'),
  quarter text NOT NULL CONSTRAINT ck_pull_quarter CHECK (quarter ~ '^([0-9]{{4}}Q[1-4])?$'),
  what text NOT NULL CONSTRAINT ck_pull_what CHECK (what ~ '^[ -~]{{1,200}}$'),
  at timestamptz NOT NULL DEFAULT now()
);

-- A barrier: without it a reader's own conditions could be tried on builds that were never published.
CREATE VIEW central.published WITH (security_barrier = true) AS
  SELECT ledger.number, ledger.quarter, build.catalogue, build.catalogue_digest, build.digest, build.content,
         ledger.hash, ledger.published_at
    FROM central.ledger JOIN central.build ON build.id = ledger.build_id;
"""

RULES = """
CREATE FUNCTION central.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  RAISE EXCEPTION 'central.% is only ever added to', TG_TABLE_NAME;
END $$;

CREATE FUNCTION central.keep_two_persons() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF EXISTS (SELECT FROM central.build WHERE id = NEW.build_id AND lower(built_by) = lower(NEW.approved_by)) THEN
    RAISE EXCEPTION 'a release is approved by somebody else than who built it';
  END IF;
  IF NOT EXISTS (SELECT FROM central.build_audit WHERE build_id = NEW.build_id AND passed) THEN
    RAISE EXCEPTION 'a release is approved after its audit passed';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION central.keep_the_chain() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  last central.ledger;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('wise-bridge release'));
  SELECT * INTO last FROM central.ledger ORDER BY number DESC LIMIT 1;
  IF NEW.number <> coalesce(last.number, 0) + 1 OR NEW.previous <> coalesce(last.hash, repeat('0', 64)) THEN
    RAISE EXCEPTION 'a release is entered after the last one';
  END IF;
  IF NEW.quarter <= last.quarter THEN
    RAISE EXCEPTION 'a later release is published already';
  END IF;
  IF NOT EXISTS (
    SELECT FROM central.build JOIN central.build_approval ON build_id = id
      WHERE id = NEW.build_id AND quarter = NEW.quarter AND after = NEW.number - 1
  ) THEN
    RAISE EXCEPTION 'only an approved build that follows on the last release is published';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER approval_keeps_two_persons BEFORE INSERT ON central.build_approval
  FOR EACH ROW EXECUTE FUNCTION central.keep_two_persons();
CREATE TRIGGER ledger_keeps_the_chain BEFORE INSERT ON central.ledger
  FOR EACH ROW EXECUTE FUNCTION central.keep_the_chain();
"""

ADDED_TO = ("build", "build_audit", "build_approval", "ledger", "pull")

GRANTS = """
REVOKE SELECT ON central.fact FROM wise_central;
DROP POLICY hub_reads ON central.fact;
CREATE POLICY release_counts ON central.fact FOR SELECT TO wise_release USING (true);

GRANT USAGE ON SCHEMA central TO wise_release;
GRANT SELECT ON central.fact, central.pull TO wise_release;
GRANT SELECT, INSERT ON central.build, central.build_audit, central.build_approval, central.ledger TO wise_release;
GRANT SELECT ON central.published TO wise_central;
GRANT INSERT (client_id, quarter, what) ON central.pull TO wise_central;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(RULES)
    for table in ADDED_TO:
        op.execute(
            f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON central.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION central.refuse_change()"
        )
    op.execute(GRANTS)


def downgrade() -> None:
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT FROM central.ledger) THEN "
        "RAISE EXCEPTION 'releases were published; going back would lose them'; END IF; END $$"
    )
    op.execute("DROP VIEW central.published")
    op.execute("DROP TABLE central.pull, central.ledger, central.build_approval, central.build_audit, central.build")
    op.execute("DROP FUNCTION central.keep_the_chain, central.keep_two_persons, central.refuse_change")
    op.execute("DROP POLICY release_counts ON central.fact")
    op.execute("REVOKE ALL ON central.fact FROM wise_release")
    op.execute("REVOKE USAGE ON SCHEMA central FROM wise_release")
    op.execute("CREATE POLICY hub_reads ON central.fact FOR SELECT TO wise_central USING (true)")
    op.execute("GRANT SELECT ON central.fact TO wise_central")

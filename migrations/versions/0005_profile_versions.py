"""Versions of the authorities' profiles: drafted, checked, approved by a second person, live, rolled back.

The files in config/authorities stay the starting set; a live version stands before the file of its authority. What a
version says never changes once it is here, one version per authority is live at most, and nobody approves their own:
all of it holds for plain SQL too. No personal data and no secret is in here, only references, so every process may
read all of it; the owner's commands alone may write.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE casework.profile_version (
  authority text NOT NULL CONSTRAINT ck_profile_version_authority CHECK (authority ~ '^[EWSN][0-9]{8}$'),
  number integer NOT NULL CONSTRAINT ck_profile_version_number CHECK (number > 0),
  state text NOT NULL CONSTRAINT ck_profile_version_state
    CHECK (state IN ('draft', 'checked', 'approved', 'live', 'retired')),
  digest text NOT NULL CONSTRAINT ck_profile_version_digest CHECK (digest ~ '^[0-9a-f]{64}$'),
  file text NOT NULL,
  files jsonb NOT NULL,
  note text NOT NULL,
  made_by text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  findings jsonb,
  approved_by text,
  CONSTRAINT pk_profile_version PRIMARY KEY (authority, number),
  CONSTRAINT ck_profile_version_checked CHECK (state = 'draft' OR findings IS NOT NULL),
  CONSTRAINT ck_profile_version_two_people CHECK (approved_by IS NULL OR lower(trim(approved_by)) <> lower(trim(made_by))),
  CONSTRAINT ck_profile_version_approved CHECK (state IN ('draft', 'checked') OR approved_by IS NOT NULL)
);
CREATE UNIQUE INDEX uq_profile_version_live ON casework.profile_version (authority) WHERE state = 'live';

CREATE TABLE casework.profile_event (
  authority text NOT NULL,
  number integer NOT NULL,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  event text NOT NULL CONSTRAINT ck_profile_event_event
    CHECK (event IN ('drafted', 'checked', 'approved', 'went_live', 'rolled_back')),
  by_ref text NOT NULL,
  reason text,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pk_profile_event PRIMARY KEY (authority, sequence),
  CONSTRAINT ck_profile_event_reason CHECK (event <> 'rolled_back' OR reason IS NOT NULL)
);

CREATE FUNCTION casework.keep_profile_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
    RAISE EXCEPTION 'a version of a profile is kept';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' OR NEW.findings IS NOT NULL OR NEW.approved_by IS NOT NULL THEN
      RAISE EXCEPTION 'a version of a profile begins as a draft';
    END IF;
    RETURN NEW;
  END IF;
  IF (OLD.authority, OLD.number, OLD.digest, OLD.file, OLD.files, OLD.note, OLD.made_by, OLD.made_at)
     IS DISTINCT FROM (NEW.authority, NEW.number, NEW.digest, NEW.file, NEW.files, NEW.note, NEW.made_by, NEW.made_at)
     OR (OLD.findings IS NOT NULL AND OLD.findings IS DISTINCT FROM NEW.findings)
     OR (OLD.approved_by IS NOT NULL AND OLD.approved_by IS DISTINCT FROM NEW.approved_by) THEN
    RAISE EXCEPTION 'a version of a profile does not change';
  END IF;
  IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN
     (('draft', 'checked'), ('checked', 'approved'), ('approved', 'live'), ('live', 'retired'), ('retired', 'live')) THEN
    RAISE EXCEPTION 'a version of a profile cannot go from % to %', OLD.state, NEW.state;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER profile_version_is_kept BEFORE INSERT OR UPDATE OR DELETE ON casework.profile_version
  FOR EACH ROW EXECUTE FUNCTION casework.keep_profile_version();
CREATE TRIGGER profile_version_stays BEFORE TRUNCATE ON casework.profile_version
  FOR EACH STATEMENT EXECUTE FUNCTION casework.keep_profile_version();
CREATE TRIGGER profile_event_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON casework.profile_event
  FOR EACH STATEMENT EXECUTE FUNCTION casework.refuse_change();

GRANT SELECT ON casework.profile_version TO wise_intake, wise_delivery;
"""


def upgrade() -> None:
    op.execute(TABLES)


def downgrade() -> None:
    """Refuses while a version is live: the bridge would fall back to files that nobody decided on."""
    op.execute(
        """
        DO $$
        BEGIN
          IF EXISTS (SELECT FROM casework.profile_version WHERE state = 'live') THEN
            RAISE EXCEPTION 'a version of a profile is live; roll it back first';
          END IF;
        END $$
        """
    )
    op.execute("DROP TABLE casework.profile_event")
    op.execute("DROP TABLE casework.profile_version")
    op.execute("DROP FUNCTION casework.keep_profile_version()")

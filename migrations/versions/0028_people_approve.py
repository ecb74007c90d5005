"""A release is approved and published by whoever is signed in; the Hub's sign-ins and refused addresses leave a trace.

The Hub's process still reaches nothing but its own schema, and no build in it. What it may ask here names the session
of the person who asks, and the database itself looks whose that is: without a live session of a Hub approver's it shows
nothing and does nothing. No figure of a build is shown before it is published, and nothing of one that did not pass.
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLES = """
ALTER TABLE central.build_audit ADD COLUMN looked boolean NOT NULL DEFAULT false;
ALTER TABLE central.build_approval ADD COLUMN way text NOT NULL DEFAULT 'typed'
  CONSTRAINT ck_build_approval_way CHECK (way IN ('typed', 'session'));

CREATE TABLE casework.refused_address (
  authority text NOT NULL,
  what text NOT NULL CONSTRAINT ck_refused_address_what CHECK (what IN ('webhook', 'checkpoints', 'releases', 'vault', 'kms')),
  subject text NOT NULL CONSTRAINT ck_refused_address_subject CHECK (subject ~ '^[0-9]{0,9}$'),
  reason text NOT NULL CONSTRAINT ck_refused_address_reason CHECK (reason ~ '^[a-z_]{1,40}$'),
  total bigint NOT NULL DEFAULT 1,
  noted_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_refused_address PRIMARY KEY (authority, what, subject)
);
ALTER TABLE casework.refused_address ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_manages ON casework.refused_address TO wise_owner USING (true) WITH CHECK (true);
"""

# For whom the transaction acts is put back: the entry is the Hub's, whatever the caller does besides. The owner may add
# entries for the authority that is set, and for no other.
TRAIL = """
CREATE FUNCTION casework.enter(
  of_authority text, by_actor text, for_action text, about text, about_id text, with_detail jsonb
) RETURNS void LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  before text := coalesce(current_setting('wise.authority', true), '');
BEGIN
  PERFORM set_config('wise.authority', of_authority, true);
  INSERT INTO casework.audit (authority, actor, action, subject_type, subject_id, detail)
  VALUES (of_authority, by_actor, for_action, about, about_id, with_detail);
  PERFORM set_config('wise.authority', before, true);
END $$;
"""

# What an owner's command ends is entered with who decided it (`service.store.staff_book`), and "replaced" is a sign-in.
SESSIONS = """
CREATE FUNCTION central.enter_session() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  PERFORM casework.enter('hub', 'person:' || NEW.reference,
    CASE TG_OP || coalesce(NEW.ended_why, '') WHEN 'INSERT' THEN 'person_signed_in'
      WHEN 'UPDATEissuer' THEN 'person_signed_out_by_issuer' ELSE 'person_signed_out' END,
    'person', NEW.reference, CASE TG_OP WHEN 'INSERT'
      THEN jsonb_build_object('roles', array_to_string(NEW.roles, ' '), 'way', NEW.way) ELSE '{}' END);
  RETURN NULL;
END $$;
CREATE TRIGGER session_begins AFTER INSERT ON central.staff_session
  FOR EACH ROW EXECUTE FUNCTION central.enter_session();
CREATE TRIGGER session_ends AFTER UPDATE OF ended_at ON central.staff_session FOR EACH ROW
  WHEN (OLD.ended_at IS NULL AND NEW.ended_why IN ('signed_out', 'issuer')) EXECUTE FUNCTION central.enter_session();
"""

# Counted each time, entered once a minute for each reason: anybody may fail as often as they like.
REFUSED = """
CREATE FUNCTION central.refuse_sign_in(of_client text, for_reason text) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  who text := CASE WHEN of_client ~ '^[!-~]{1,100}$' THEN of_client ELSE 'stranger' END;
BEGIN
  IF central.note_sign_in_failure('', for_reason) THEN
    PERFORM casework.enter('hub', who, 'sign_in_refused', CASE WHEN who LIKE 'person:%' THEN 'person' ELSE 'client' END,
      CASE who WHEN 'stranger' THEN '' ELSE regexp_replace(who, '^person:', '') END,
      jsonb_build_object('reason', for_reason));
  END IF;
END $$;
"""

# A webhook is its authority's, for whom the transaction acts; every other address is the operator's own, and its entry
# stands in the Hub's chain, which is no authority's. Of an address there is its number at the most.
ADDRESSES = """
CREATE FUNCTION casework.refuse_address(of_what text, of_subject text, for_reason text) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  whose text := CASE of_what WHEN 'webhook' THEN nullif(current_setting('wise.authority', true), '') ELSE 'hub' END;
  first boolean;
BEGIN
  INSERT INTO casework.refused_address AS known (authority, what, subject, reason)
  VALUES (whose, of_what, of_subject, for_reason)
  ON CONFLICT (authority, what, subject) DO UPDATE SET
    total = known.total + 1, reason = for_reason, noted_at = CASE WHEN known.noted_at <= now() - interval '1 hour' THEN now() ELSE known.noted_at END
  RETURNING noted_at = now() INTO first;
  IF first THEN
    PERFORM casework.enter(whose, 'bridge', 'address_refused', of_what, of_subject, jsonb_build_object('reason', for_reason));
  END IF;
END $$;

CREATE FUNCTION central.refuse_address(for_reason text) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$ SELECT casework.refuse_address('releases', '', for_reason) $$;

CREATE FUNCTION casework.refused_addresses() RETURNS TABLE (what text, total numeric)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT what, sum(total) FROM casework.refused_address GROUP BY what
$$;
"""

APPROVER = """
CREATE FUNCTION central.approver_of(of_session bytea) RETURNS text
  LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  SELECT s.reference FROM central.staff_session_of(of_session) AS s
   WHERE s.stands AND s.authority = 'hub' AND 'hub_approver' = ANY (s.roles)
$$;

CREATE FUNCTION central.shape_of(content bytea) RETURNS jsonb
  LANGUAGE sql IMMUTABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT jsonb_agg(jsonb_build_object(
    'table', shown -> 'table', 'axes', shown -> 'axes', 'reasons', shown -> 'reasons',
    'figures', (SELECT jsonb_object_agg(status, often) FROM (
      SELECT figure ->> 'status' AS status, count(*) AS often
        FROM jsonb_array_elements(shown -> 'figures') AS figure GROUP BY 1) AS counted)) ORDER BY place)
    FROM jsonb_array_elements(convert_from(content, 'UTF8')::jsonb -> 'tables') WITH ORDINALITY AS t (shown, place)
$$;

CREATE FUNCTION central.builds_for(of_session bytea, of_quarter text) RETURNS TABLE (
  id uuid, quarter text, catalogue text, digest text, built_by text, built_at timestamptz, behind boolean,
  passed boolean, looked boolean, audited_at timestamptz, words text, shape jsonb,
  approved_by text, approved_at timestamptz, number integer
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
#variable_conflict use_column
BEGIN
  IF central.approver_of(of_session) IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY
  SELECT newest.id, newest.quarter, newest.catalogue, newest.digest, newest.built_by, newest.built_at,
         newest.after <> (SELECT coalesce(max(l.number), 0) FROM central.ledger AS l),
         audit.passed, audit.looked, audit.audited_at,
         CASE WHEN audit.passed AND of_quarter IS NOT NULL THEN audit.words END,
         CASE WHEN audit.passed AND of_quarter IS NOT NULL THEN central.shape_of(newest.content) END,
         said.approved_by, said.approved_at, entered.number
    FROM (SELECT DISTINCT ON (b.quarter) b.* FROM central.build AS b
           WHERE b.quarter = of_quarter OR of_quarter IS NULL ORDER BY b.quarter, b.seq DESC) AS newest
    LEFT JOIN central.build_audit AS audit ON audit.build_id = newest.id
    LEFT JOIN central.build_approval AS said ON said.build_id = newest.id
    LEFT JOIN central.ledger AS entered ON entered.quarter = newest.quarter
   ORDER BY newest.quarter DESC LIMIT 20;
END $$;
"""

# What is refused is answered in a word, for which the page has a sentence. The triggers refuse besides, whoever asks.
# The digest has to be that of the newest build: another may have been made since the page was read.
APPROVE = """
CREATE FUNCTION central.why_not(it central.build, who text) RETURNS text
  LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT CASE
    WHEN who IS NULL THEN 'not_an_approver'
    WHEN it.id IS NULL OR it.seq <> (SELECT max(n.seq) FROM central.build AS n WHERE n.quarter = it.quarter)
      THEN 'other_build'
    WHEN EXISTS (SELECT FROM central.ledger AS l WHERE l.quarter = it.quarter) THEN 'published'
    WHEN it.after <> (SELECT coalesce(max(l.number), 0) FROM central.ledger AS l) THEN 'behind' END
$$;

CREATE FUNCTION central.approve_build(of_session bytea, of_build uuid, of_digest text) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  who text := central.approver_of(of_session); it central.build; wrong text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('wise-bridge release'));
  SELECT b.* INTO it FROM central.build AS b WHERE b.id = of_build AND b.digest = of_digest;
  wrong := central.why_not(it, who);
  IF wrong IS NOT NULL THEN
    RETURN wrong;
  ELSIF NOT EXISTS (SELECT FROM central.build_audit AS a WHERE a.build_id = it.id AND a.passed) THEN
    RETURN 'not_passed';
  ELSIF lower(it.built_by) = lower(who) THEN
    RETURN 'built_it';
  ELSIF EXISTS (SELECT FROM central.build_approval AS a WHERE a.build_id = it.id) THEN
    RETURN 'approved';
  END IF;
  INSERT INTO central.build_approval (build_id, approved_by, way) VALUES (it.id, who, 'session');
  PERFORM casework.enter('hub', 'person:' || who, 'release_approved', 'release', it.quarter,
    jsonb_build_object('digest', it.digest));
  RETURN 'done';
END $$;

CREATE FUNCTION central.keep_to_people() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF NEW.way = 'typed' AND NEW.approved_by ILIKE 'p\\_%' THEN
    RAISE EXCEPTION 'a reference of somebody who signs in is never typed';
  ELSIF NEW.way = 'typed' AND EXISTS (
    SELECT FROM central.staff_session WHERE way = 'issuer' AND authority = 'hub' AND 'hub_approver' = ANY (roles)
      AND seen_at > now() - interval '90 days'
  ) THEN
    RAISE EXCEPTION 'approvers of the Hub sign in, so a release is approved on its page';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER approval_keeps_to_people BEFORE INSERT ON central.build_approval
  FOR EACH ROW EXECUTE FUNCTION central.keep_to_people();

REVOKE INSERT ON central.build_approval FROM wise_release;
GRANT INSERT (build_id, approved_by) ON central.build_approval TO wise_release;
"""

# The entry's bytes are those that `service.central.releases.chain.entry_of` makes; `release verify` makes them again.
PUBLISH = """
CREATE FUNCTION central.ledger_entry(
  it central.build, audited text, approved text, number integer, previous text, by_whom text, at timestamptz
) RETURNS bytea LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT convert_to('{"approved_by":' || to_json(approved)::text || ',"audit_digest":' || to_json(audited)::text
    || ',"built_by":' || to_json(it.built_by)::text || ',"catalogue":' || to_json(it.catalogue)::text
    || ',"catalogue_digest":' || to_json(it.catalogue_digest)::text || ',"digest":' || to_json(it.digest)::text
    || ',"facts_digest":' || to_json(it.facts_digest)::text || ',"number":' || number
    || ',"previous":' || to_json(previous)::text || ',"published_at":"'
    || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')
    || CASE WHEN at = date_trunc('second', at) THEN '' ELSE to_char(at AT TIME ZONE 'UTC', '.US') END
    || '+00:00","published_by":' || to_json(by_whom)::text || ',"quarter":' || to_json(it.quarter)::text || '}', 'UTF8')
$$;

CREATE FUNCTION central.publish_build(of_session bytea, of_build uuid, of_digest text) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  who text := central.approver_of(of_session); before text; made bytea; wrong text;
  it central.build; audit central.build_audit; said central.build_approval;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('wise-bridge release'));
  SELECT b.* INTO it FROM central.build AS b WHERE b.id = of_build AND b.digest = of_digest;
  wrong := central.why_not(it, who);
  IF wrong IS NOT NULL THEN
    RETURN wrong;
  END IF;
  SELECT a.* INTO said FROM central.build_approval AS a WHERE a.build_id = it.id;
  IF said.approved_by IS NULL THEN
    RETURN 'not_approved';
  END IF;
  SELECT a.* INTO audit FROM central.build_audit AS a WHERE a.build_id = it.id;
  IF NOT coalesce(audit.passed AND audit.looked, false) THEN
    RETURN 'not_looked';
  END IF;
  before := coalesce((SELECT l.hash FROM central.ledger AS l WHERE l.number = it.after), repeat('0', 64));
  made := central.ledger_entry(it, audit.report_digest, said.approved_by, it.after + 1, before, who, now());
  INSERT INTO central.ledger (number, quarter, build_id, entry, previous, hash, published_by, published_at)
  VALUES (it.after + 1, it.quarter, it.id, made, before, encode(sha256(made), 'hex'), who, now());
  PERFORM casework.enter('hub', 'person:' || who, 'release_published', 'release', it.quarter,
    jsonb_build_object('digest', it.digest, 'number', it.after + 1));
  RETURN 'done';
END $$;
"""


TRIGGERS = (
    "approval_keeps_to_people ON central.build_approval",
    "session_begins ON central.staff_session",
    "session_ends ON central.staff_session",
)
BACK = """
REVOKE INSERT (build_id, approved_by) ON central.build_approval FROM wise_release;
GRANT INSERT ON central.build_approval TO wise_release;
ALTER TABLE central.build_approval DROP COLUMN way;
ALTER TABLE central.build_audit DROP COLUMN looked;
DROP TABLE casework.refused_address;
"""

FUNCTIONS = {
    "central.publish_build(bytea, uuid, text)": ("wise_central",),
    "central.approve_build(bytea, uuid, text)": ("wise_central",),
    "central.why_not(central.build, text)": (),
    "central.ledger_entry(central.build, text, text, integer, text, text, timestamptz)": (),
    "central.builds_for(bytea, text)": ("wise_central",),
    "central.shape_of(bytea)": (),
    "central.approver_of(bytea)": (),
    "central.keep_to_people()": (),
    "central.enter_session()": (),
    "central.refuse_sign_in(text, text)": ("wise_central",),
    "central.refuse_address(text)": ("wise_courier",),
    "casework.refuse_address(text, text, text)": ("wise_intake", "wise_delivery", "wise_keeper"),
    "casework.refused_addresses()": ("wise_intake", "wise_delivery"),
    "casework.enter(text, text, text, text, text, jsonb)": (),
}
"""Each with the roles that may call it; those without are called by the others, or by a trigger."""


def upgrade() -> None:
    for each in (TABLES, TRAIL, SESSIONS, REFUSED, ADDRESSES, APPROVER, APPROVE, PUBLISH):
        op.execute(each)
    for function, roles in FUNCTIONS.items():
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        for role in roles:
            op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {role}")


def downgrade() -> None:
    for trigger in TRIGGERS:
        op.execute(f"DROP TRIGGER {trigger}")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    op.execute(BACK)

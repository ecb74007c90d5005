"""A fact says more: all its codes, each with the list of what it may be.

Rows from when a fact had four fields get what `service.domain.fact.fact_from` restores for them, so that they can be
taken back to the letter. A process of the version before hands over four fields for as long as it runs beside this one;
its NWG facts are restored by a trigger, since no default can tell them from the others.

A record whose fact was refused says so, and raises an alarm until it is corrected or withdrawn.

What is kept with a record may change from now on, in what depends on the young person's other records and in no more.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

YES_NO = ("yes", "no", "not_recorded")
STATEMENTS = ("experiencing", "at_risk", "no_known_risk_or_manageable")
ATTENDANCE = ("attending", "low_attendance", "not_attending", "work_or_training")

COLUMNS = {
    "first_or_review": ("first", "review"),
    "review_trigger": ("initial", "scheduled", "significant_event", "change_in_circumstances", "not_recorded"),
    "forms": ("not_recorded", "sexual", "criminal", "sexual_and_criminal", "other", "not_asked"),
    "age_band": ("not_recorded", "under_10", "10_13", "14_15", "16_17", "18_plus"),
    "sex": ("not_recorded", "F", "M"),
    "ethnic_group": ("not_recorded", "white_british", "white_minority", "mixed", "asian", "black", "other"),
    "disability": YES_NO[::-1],
    "looked_after": YES_NO[::-1],
    "review_timeliness": (
        "not_a_review",
        "early",
        "on_time",
        "late_up_to_14_days",
        "late_over_14_days",
        "not_recorded",
    ),
    "took_part": ("not_recorded", "attended", "by_other_means", "did_not", "under_4"),
    "carer_involved": ("not_recorded", "yes", "no", "not_safe"),
    "own_words": ("not_asked", "yes", "no"),
    "areas_complete": ("not_asked", "all", "some", "none"),
    "plan_items": ("not_asked", "none", "1_to_3", "4_to_6", "7_or_more"),
    "panel_decision": ("not_recorded", "referred", "not_referred", "deferred", "not_considered"),
    "agencies": ("not_asked", "one", "two_or_three", "four_or_more"),
    "supervision": YES_NO[::-1],
    "training_current": YES_NO[::-1],
    "characteristics": ("none_recorded", "all_recorded", "some_recorded"),
    "education": ("not_recorded", *ATTENDANCE, "not_asked"),
    "exploitation_before": ("first", *STATEMENTS, "not_recorded", "not_asked"),
    "education_before": ("first", *ATTENDANCE, "not_recorded", "not_asked"),
}
"""The first value of each is what a row of four fields gets."""

NWG = ("exploitation", "forms", "education", "exploitation_before", "education_before")
"""What an NWG assessment is not asked for, where a default says something else."""

SUCCEEDED = """
ALTER TABLE central.fact ADD COLUMN succeeded_in text NOT NULL DEFAULT 'not_yet'
  CONSTRAINT ck_fact_succeeded_in CHECK (succeeded_in = 'not_yet' OR succeeded_in ~ '^[0-9]{4}Q[1-4]$');
"""

BESIDE_AN_EARLIER_VERSION = f"""
CREATE FUNCTION central.restore_nwg() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {" ".join(f"NEW.{name} := 'not_asked';" for name in NWG)}
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION central.restore_nwg() FROM PUBLIC;
CREATE TRIGGER fact_of_four_fields BEFORE INSERT ON central.fact FOR EACH ROW
  WHEN (NEW.exploitation = 'not_asked_by_this_record') EXECUTE FUNCTION central.restore_nwg();
"""

KEPT = """
CREATE FUNCTION casework.keep_fact() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  moving CONSTANT text[] := ARRAY['first_or_review', 'review_trigger', 'review_timeliness', 'exploitation_before',
    'education_before', 'succeeded_in'];
BEGIN
  IF NEW.fact ? 'succeeded_in' AND (CASE WHEN OLD.fact ? 'succeeded_in' THEN NEW.fact - moving = OLD.fact - moving
                                         ELSE NEW.fact @> (OLD.fact - 'exploitation'::text) END) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'what crossed for a record does not change but for what depends on the others';
END $$;
REVOKE ALL ON FUNCTION casework.keep_fact() FROM PUBLIC;
CREATE TRIGGER submission_keeps_its_fact BEFORE UPDATE OF fact ON casework.submission FOR EACH ROW
  EXECUTE FUNCTION casework.keep_fact();
"""

REFUSED = """
ALTER TABLE casework.submission ADD COLUMN fact_refused text;
CREATE INDEX ix_submission_fact_refused ON casework.submission (authority, received_at) WHERE fact_refused IS NOT NULL;
"""

KINDS = (
    "'waits_too_long', 'behind_earlier', 'breaker_open', 'connection_refused', 'lane_held', 'lane_left_out', 'no_sweep', "
    "'conservation_broken', 'endpoint_given_up', 'wakeups_failing', 'channel_failing', 'synthetic_late', 'message_given_up'"
)
ALARMS = """
ALTER TABLE casework.alarm DROP CONSTRAINT ck_alarm_kind;
ALTER TABLE casework.alarm ADD CONSTRAINT ck_alarm_kind CHECK (kind IN ({kinds}));
"""
NO_ALARM = """
ALTER TABLE casework.alarm_told NO FORCE ROW LEVEL SECURITY;
DELETE FROM casework.alarm_told WHERE alarm_id IN (SELECT id FROM casework.alarm WHERE kind = 'fact_refused');
ALTER TABLE casework.alarm_told FORCE ROW LEVEL SECURITY;
DELETE FROM casework.alarm WHERE kind = 'fact_refused';
"""

NARROWED = """
UPDATE casework.submission SET fact = jsonb_build_object(
    'quarter', fact ->> 'quarter', 'authority', fact ->> 'authority', 'record_type', fact ->> 'record_type',
    'exploitation', replace(fact ->> 'exploitation', 'not_asked', 'not_asked_by_this_record'))
  WHERE fact ? 'succeeded_in';
"""


def upgrade() -> None:
    for name, words in COLUMNS.items():
        op.execute(f"ALTER TABLE central.fact ADD COLUMN {name} text NOT NULL DEFAULT '{words[0]}'")
    op.execute(SUCCEEDED)
    op.execute("ALTER TABLE central.fact DROP CONSTRAINT ck_fact_exploitation")
    _as_owner("central.fact", f"UPDATE central.fact SET {_all_not_asked()} WHERE record_type = 'nwg_assessment'")
    for name, words in {"exploitation": (*STATEMENTS, "not_asked"), **COLUMNS}.items():
        op.execute(f"ALTER TABLE central.fact ADD CONSTRAINT ck_fact_{name} CHECK ({name} IN ({_quoted(words)}))")
    op.execute(BESIDE_AN_EARLIER_VERSION)
    op.execute(KEPT)
    op.execute(REFUSED)
    op.execute(ALARMS.format(kinds=f"{KINDS}, 'fact_refused'"))
    op.execute("GRANT UPDATE (fact) ON casework.submission TO wise_intake")


def downgrade() -> None:
    """The four fields stay as they are, with the records too; what the others said is lost."""
    op.execute("REVOKE UPDATE (fact) ON casework.submission FROM wise_intake")
    op.execute("DROP TRIGGER submission_keeps_its_fact ON casework.submission")
    op.execute("DROP FUNCTION casework.keep_fact()")
    op.execute("DROP TRIGGER fact_of_four_fields ON central.fact")
    op.execute("DROP FUNCTION central.restore_nwg()")
    _as_owner("casework.alarm", NO_ALARM)
    op.execute(ALARMS.format(kinds=KINDS))
    op.execute("ALTER TABLE casework.submission DROP COLUMN fact_refused")
    _as_owner("casework.submission", NARROWED)
    op.execute("ALTER TABLE central.fact DROP CONSTRAINT ck_fact_exploitation")
    before = "SET exploitation = 'not_asked_by_this_record' WHERE exploitation = 'not_asked'"
    _as_owner("central.fact", f"UPDATE central.fact {before}")
    op.execute(
        "ALTER TABLE central.fact ADD CONSTRAINT ck_fact_exploitation "
        f"CHECK (exploitation IN ({_quoted((*STATEMENTS, 'not_asked_by_this_record'))}))"
    )
    for name in ("succeeded_in", *COLUMNS):
        op.execute(f"ALTER TABLE central.fact DROP COLUMN {name}")


def _as_owner(table: str, statement: str) -> None:
    """While row-level security is forced, the owner that migrates sees no rows either, so it rests for this."""
    op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(statement)
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _all_not_asked() -> str:
    return ", ".join(f"{name} = 'not_asked'" for name in NWG)


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)

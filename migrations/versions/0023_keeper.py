"""A role that looks after what is sealed: it counts and wraps anew, and can read no other column."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

SEALED = {
    "payload": ("submission_id, authority", "sealed"),
    "third_party": ("submission_id, authority", "sealed"),
    "submission": ("id, authority, child_key", "sealed_digest"),
    "sketch": ("submission_id, authority, pointer", "sketch"),
    "feedback": ("id, authority", "sealed, sealed_consent"),
    "supervision": ("id, authority", "sealed"),
    "webhook": ("id, authority", "sealed"),
}
"""What finds a row and what its seal is bound to; what is sealed in it."""

VERSION = """
CREATE FUNCTION casework.key_version(sealed bytea) RETURNS integer
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = '' AS $$
  SELECT CASE
    WHEN length(sealed) < 3 THEN NULL
    WHEN get_byte(sealed, 0) = 1 THEN 1
    WHEN get_byte(sealed, 0) = 2 THEN get_byte(sealed, 1) * 256 + get_byte(sealed, 2)
  END
$$;
REVOKE ALL ON FUNCTION casework.key_version(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION casework.key_version(bytea) TO wise_keeper;
"""


def upgrade() -> None:
    op.execute(VERSION)
    for table, (found_by, sealed) in SEALED.items():
        op.execute(f"GRANT SELECT ({found_by}, {sealed}), UPDATE ({sealed}) ON casework.{table} TO wise_keeper")


def downgrade() -> None:
    for table, (found_by, sealed) in SEALED.items():
        op.execute(f"REVOKE SELECT ({found_by}, {sealed}), UPDATE ({sealed}) ON casework.{table} FROM wise_keeper")
    op.execute("DROP FUNCTION casework.key_version(bytea)")

"""The next version: the project's own migrations and one more, in the same environment and one transaction."""

from __future__ import annotations

import shutil
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from service.store.migrate import MIGRATIONS, change_schema

REVISION = "next"
ADDED = "arrived_by"
"""A column of both tables that a record is written to."""
_MIGRATION = f'''
from alembic import op

revision, down_revision, branch_labels, depends_on = "{REVISION}", "@BEFORE@", None, None


def upgrade() -> None:
    op.execute("ALTER TABLE casework.submission ADD COLUMN {ADDED} text")
    op.execute("ALTER TABLE casework.delivery ADD COLUMN {ADDED} text")
    op.execute("CREATE INDEX ix_delivery_{ADDED} ON casework.delivery (authority, {ADDED})")


def downgrade() -> None:
    op.execute("DROP INDEX casework.ix_delivery_{ADDED}")
    op.execute("ALTER TABLE casework.delivery DROP COLUMN {ADDED}")
    op.execute("ALTER TABLE casework.submission DROP COLUMN {ADDED}")
'''
"""A nullable column and an index: the kind of change that the version before can live with."""


class NextVersion:
    """Migrations as the next release would have them, in a folder of their own."""

    def __init__(self, folder: Path, owner_url: str) -> None:
        self._folder, self._owner_url = folder / "migrations", owner_url
        shutil.copytree(MIGRATIONS, self._folder, ignore=shutil.ignore_patterns("__pycache__"))
        self._before = ScriptDirectory(str(self._folder)).get_current_head() or ""
        migration = _MIGRATION.replace("@BEFORE@", self._before)
        (self._folder / "versions" / f"{REVISION}.py").write_text(migration, encoding="utf-8")

    def upgrade(self) -> None:
        """Under load, and patiently, as `wise-bridge migrate` does it."""
        change_schema(self._owner_url, lambda config: command.upgrade(config, REVISION), self._folder)

    def downgrade(self) -> None:
        """Back to the schema of this version."""
        change_schema(self._owner_url, lambda config: command.downgrade(config, self._before), self._folder)

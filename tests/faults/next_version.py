"""The next version: the project's own migrations and one more, in the same environment and one transaction."""

from __future__ import annotations

import shutil
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from service.store.engine import short_lived_engine
from service.store.migrate import MIGRATIONS

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
        """Under load: it gives up rather than hold up the service, as `wise-bridge migrate` does."""
        with short_lived_engine(self._owner_url) as engine, engine.begin() as connection:
            command.upgrade(self._config(connection), REVISION)

    def downgrade(self) -> None:
        """Back to the schema of this version."""
        with short_lived_engine(self._owner_url) as engine, engine.begin() as connection:
            command.downgrade(self._config(connection), self._before)

    def _config(self, connection: Connection) -> Config:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        config = Config()
        config.set_main_option("script_location", str(self._folder))
        config.attributes["connection"] = connection
        return config

"""`wise-bridge migrate`: the newest schema."""

from __future__ import annotations

import click

from service import settings
from service.commands.output import told_plainly
from service.settings import Process
from service.store.migrate import migrate as run_migrations


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema. WISE_DATABASE_URL names the owner role."""
    with told_plainly():
        run_migrations(settings.load(Process.OWNER).database_url)
    click.echo("The database is up to date.")

"""`wise-bridge release …`: a quarter's figures from the build to the ledger, and the ledger's proof."""

from __future__ import annotations

import click

from service.commands.release.looking import show, verify
from service.commands.release.making import approve, audit, build, publish
from service.commands.release.sending import send, sendings


@click.group()
def release() -> None:
    """A quarter's figures for the Hub: built, audited, approved by a second person, published, never changed.

    WISE_DATABASE_URL names the role wise_release. QUARTER is written as 2026Q3; its release counts the four quarters
    that end with it.
    """


for command in (build, audit, approve, publish, verify, show, send, sendings):
    release.add_command(command)

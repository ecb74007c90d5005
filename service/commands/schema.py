"""`wise-bridge schema KIND`: what such a record, or a profile, looks like, as JSON Schema for editors and tools."""

from __future__ import annotations

import click

from service.api.schemas.published import KINDS, as_bytes, record_schema
from service.configuration import profile_schema
from service.domain.codes import EDITIONS, LATEST

PROFILE = "profile"


@click.command()
@click.argument("kind", type=click.Choice((*KINDS, PROFILE)))
@click.option("--edition", type=click.Choice(tuple(EDITIONS)), default=LATEST.name, show_default=True)
def schema(kind: str, edition: str) -> None:
    """Print the JSON Schema (draft 2020-12) of a KIND of record, or of an authority's profile.

    A record that does not match is refused. One that matches is judged by the rules too, see `wise-bridge validate`.
    """
    found = profile_schema() if kind == PROFILE else record_schema(kind, edition)
    click.echo(as_bytes(found), nl=False)

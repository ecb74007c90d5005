"""`wise-bridge schema KIND`: what such a record looks like, as JSON Schema, for editors and validators."""

from __future__ import annotations

import click

from service.api.schemas.published import KINDS, as_bytes, record_schema
from service.domain.codes import EDITIONS, LATEST


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--edition", type=click.Choice(tuple(EDITIONS)), default=LATEST.name, show_default=True)
def schema(kind: str, edition: str) -> None:
    """Print the JSON Schema (draft 2020-12) of a KIND of record.

    A record that does not match is refused. One that matches is judged by the rules too, see `wise-bridge validate`.
    """
    click.echo(as_bytes(record_schema(kind, edition)), nl=False)

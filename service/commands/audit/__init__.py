"""`wise-bridge audit …`: take the audit trail along, check it without trusting us, and see who touched a record."""

from __future__ import annotations

import click

from service.commands.lazy import LazyGroup


@click.group(
    cls=LazyGroup,
    modules={
        "verify": "service.commands.audit.verifying",
        "export": "service.commands.audit.exporting",
        "access": "service.commands.audit.access",
    },
    named={"verify": "verify_", "export": "export_", "access": "access_"},
)
def audit() -> None:
    """The audit trail: check it, export it, and see who saw or touched a record."""

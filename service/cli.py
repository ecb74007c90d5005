"""Composition root of the command line. A command's module is loaded when it is used: `--help` is immediate."""

from __future__ import annotations

import click

from service import __version__
from service.commands.lazy import LazyGroup

COMMANDS = {
    "adapter": "service.commands.adapter",
    "alarms": "service.commands.alarms",
    "audit": "service.commands.audit",
    "beat": "service.commands.run",
    "clients": "service.commands.clients",
    "conservation": "service.commands.conservation",
    "courier": "service.commands.run",
    "deliveries": "service.commands.deliveries",
    "demo": "service.commands.demo",
    "dpia": "service.commands.dpia",
    "feeds": "service.commands.feeds",
    "forms": "service.commands.forms",
    "keeper": "service.commands.run",
    "keys": "service.commands.keys",
    "legal-hold": "service.commands.legal_hold",
    "migrate": "service.commands.migrate",
    "packs": "service.commands.packs",
    "people": "service.commands.people",
    "profiles": "service.commands.profiles",
    "purge": "service.commands.purge",
    "receipts": "service.commands.receipts",
    "release": "service.commands.release",
    "restore": "service.commands.restore",
    "samples": "service.commands.samples",
    "schema": "service.commands.schema",
    "send": "service.commands.send",
    "serve": "service.commands.run",
    "sign-in-link": "service.commands.people",
    "validate": "service.commands.validate",
    "webhooks": "service.commands.webhooks",
    "worker": "service.commands.run",
}
NAMED = {"legal-hold": "legal_hold", "sign-in-link": "sign_in_link"}


@click.group(cls=LazyGroup, modules=COMMANDS, named=NAMED, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="wise-bridge")
def main() -> None:
    """WISE Bridge: records into each authority's case system, safe counts to the Hub."""

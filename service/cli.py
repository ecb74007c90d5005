"""Composition root of the command line. A command's module is loaded when it is used: `--help` is immediate."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from service import __version__

COMMANDS = {
    "adapter": "service.commands.adapter",
    "beat": "service.commands.run",
    "clients": "service.commands.clients",
    "demo": "service.commands.demo",
    "forms": "service.commands.forms",
    "keys": "service.commands.keys",
    "migrate": "service.commands.migrate",
    "profiles": "service.commands.profiles",
    "samples": "service.commands.samples",
    "schema": "service.commands.schema",
    "send": "service.commands.send",
    "serve": "service.commands.run",
    "validate": "service.commands.validate",
    "worker": "service.commands.run",
}


class LazyGroup(click.Group):
    """Finds a command by its name in the table above."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, loaded now."""
        if cmd_name not in COMMANDS:
            return None
        found: Any = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        return found if isinstance(found, click.Command) else None


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="wise-bridge")
def main() -> None:
    """WISE Bridge: records into each authority's case system, safe counts to the Hub."""

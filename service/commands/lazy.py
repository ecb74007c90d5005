"""A group of commands whose modules are loaded when they are used: `--help` is immediate."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """`modules` says where each command is; there it has the name that `named` gives, or its own."""

    def __init__(self, *, modules: Mapping[str, str], named: Mapping[str, str] | None = None, **settings: Any) -> None:
        super().__init__(**settings)
        self._modules, self._named = modules, named or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in order."""
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, loaded now."""
        if cmd_name not in self._modules:
            return None
        found: Any = getattr(import_module(self._modules[cmd_name]), self._named.get(cmd_name, cmd_name))
        return found if isinstance(found, click.Command) else None

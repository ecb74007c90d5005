"""The options with which a command signs in at the service, the same for all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from service.commands.client import BridgeClient
from service.commands.output import CANNOT, stop

Command = Callable[..., None]
_HOW = "Give --key-file (WISE_CLIENT_KEY_FILE), or in a sandbox --secret (WISE_CLIENT_SECRET)."


def sign_in_options(command: Command, *, required: bool = True) -> Command:
    """Where the service is and who asks: `url`, `client_id`, `secret` and `key_file`."""
    key = click.Path(path_type=Path, dir_okay=False)
    for option in (
        click.option(
            "--key-file", envvar="WISE_CLIENT_KEY_FILE", type=key, help="Private key: `wise-bridge keys new`."
        ),
        click.option("--secret", envvar="WISE_CLIENT_SECRET", help="In a sandbox. Better by WISE_CLIENT_SECRET."),
        click.option("--client-id", envvar="WISE_CLIENT_ID", required=required, help="[env: WISE_CLIENT_ID]"),
        click.option(
            "--url", envvar="WISE_URL", required=required, help="Address of the casework side. [env: WISE_URL]"
        ),
    ):
        command = option(command)
    return command


def client_of(url: str, client_id: str, secret: str | None, key_file: Path | None) -> BridgeClient:
    """A client of the service. A key goes before a secret; without either the command ends here."""
    if not (secret or key_file):
        stop(_HOW, CANNOT)
    return BridgeClient(url.rstrip("/"), client_id, secret or "", key_file=key_file)

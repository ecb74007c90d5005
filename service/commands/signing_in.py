"""The options with which a command signs in at the service, the same for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

import click
import requests

from service.commands.client import BridgeClient, SignInFailed
from service.commands.output import CANNOT, stop

Command = Callable[..., None]
_HOW = "Give --key-file (WISE_CLIENT_KEY_FILE), or in a sandbox --secret (WISE_CLIENT_SECRET)."
_WHERE = "Give --url, --client-id and --key-file, or WISE_URL, WISE_CLIENT_ID and WISE_CLIENT_KEY_FILE."


@dataclass(frozen=True)
class SignInAs:
    """Where the service is and who asks, as the options say; empty what was left out."""

    url: str
    client_id: str
    secret: str = field(repr=False)
    key_file: Path | None
    certificate: Path | None


def sign_in_options(command: Command, *, required: bool = True) -> Command:
    """Gives the command `sign_in`: where the service is and who asks."""

    @wraps(command)
    def signing_in(**options: Any) -> None:
        url, client_id, secret = (options.pop(name) or "" for name in ("url", "client_id", "secret"))
        how = SignInAs(url, client_id, secret, options.pop("key_file"), options.pop("certificate"))
        command(sign_in=how, **options)

    return _with_options(signing_in, required=required)


def _with_options(command: Command, *, required: bool) -> Command:
    file = click.Path(path_type=Path, dir_okay=False)
    for option in (
        click.option(
            "--certificate",
            envvar="WISE_CLIENT_CERTIFICATE",
            type=file,
            help="For a proxy that asks for one: certificate and key, as PEM in one file.",
        ),
        click.option(
            "--key-file", envvar="WISE_CLIENT_KEY_FILE", type=file, help="Private key: `wise-bridge keys new`."
        ),
        click.option("--secret", envvar="WISE_CLIENT_SECRET", help="In a sandbox. Better by WISE_CLIENT_SECRET."),
        click.option("--client-id", envvar="WISE_CLIENT_ID", required=required, help="[env: WISE_CLIENT_ID]"),
        click.option(
            "--url", envvar="WISE_URL", required=required, help="Address of the casework side. [env: WISE_URL]"
        ),
    ):
        command = option(command)
    return command


def client_of(how: SignInAs) -> BridgeClient:
    """A client of the service. A key goes before a secret; without either the command ends here."""
    if not (how.secret or how.key_file):
        stop(_HOW, CANNOT)
    if not (how.url and how.client_id):
        stop(_WHERE, CANNOT)
    return BridgeClient(
        how.url.rstrip("/"),
        how.client_id,
        how.secret,
        key_file=how.key_file,
        certificate=how.certificate,
    )


def connected(command: Command) -> Command:
    """Gives the command a client, made of these options, as its first argument."""

    @wraps(command)
    def with_client(sign_in: SignInAs, **others: Any) -> None:
        with told(sign_in.url):
            command(client_of(sign_in), **others)

    return sign_in_options(with_client)


@contextmanager
def told(url: str) -> Iterator[None]:
    """Exit code 2 with a sentence when the service cannot be asked; nothing of its answer in it."""
    try:
        yield
    except SignInFailed as error:
        stop(f"{url}: {error}", CANNOT)
    except (requests.RequestException, ValueError) as error:
        stop(f"{url} could not be asked: {type(error).__name__}.", CANNOT)

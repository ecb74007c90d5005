"""`wise-bridge keys create`: keys of authorities, and the key that signs tokens."""

from __future__ import annotations

import os
from pathlib import Path

import click
from joserfc.jwk import ECKey

from service import settings
from service.commands.output import told_plainly
from service.configuration import profiles
from service.store.keys import create_keys


@click.group()
def keys() -> None:
    """Keys of authorities, and the key that signs tokens."""


@keys.command("create")
@click.option("--dir", "folder", type=click.Path(path_type=Path), envvar="WISE_KEYS_DIR", required=True)
@click.option("--config", type=click.Path(path_type=Path, file_okay=False), default=settings.ROOT / "config")
def create(folder: Path, config: Path) -> None:
    """Make what is missing in a key folder: one file per authority's profile, and the token keys.

    Existing keys are never overwritten: records are sealed with them.
    """
    with told_plainly():
        made = [authority for authority in profiles(config) if create_keys(folder, authority)]
    signing = _create_token_keys(folder)
    click.echo(f"{len(made)} authority key files and {'new' if signing else 'no new'} token keys in {folder}.")


def _create_token_keys(folder: Path) -> bool:
    private = folder / "token-signing.pem"
    if private.exists():
        return False
    key = ECKey.generate_key("P-256")
    descriptor = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.as_pem(private=True))
    (folder / "token-public.pem").write_bytes(key.as_pem(private=False))
    return True

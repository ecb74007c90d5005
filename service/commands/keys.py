"""`wise-bridge keys …`: keys of authorities, and those that sign tokens and receipts."""

from __future__ import annotations

import os
from pathlib import Path

import click
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from service import settings
from service.commands.output import stop, told_plainly
from service.configuration import profiles
from service.domain.receipts import KEYS_FILE, pem_blocks
from service.store.keys import create_keys


@click.group()
def keys() -> None:
    """Keys of authorities, and those that sign tokens and receipts."""


@keys.command("create")
@click.option("--dir", "folder", type=click.Path(path_type=Path), envvar="WISE_KEYS_DIR", required=True)
@click.option("--config", type=click.Path(path_type=Path, file_okay=False), default=settings.ROOT / "config")
def create(folder: Path, config: Path) -> None:
    """Make what is missing in a key folder: one file per authority's profile, the token keys and the receipt key.

    Existing keys are never overwritten: records are sealed with them.
    """
    with told_plainly():
        made = [authority for authority in profiles(config) if create_keys(folder, authority)]
    signing, receipts = _create_token_keys(folder), _create_receipt_key(folder)
    others = f"{'new' if signing else 'no new'} token keys and {'a' if receipts else 'no'} new receipt key"
    click.echo(f"{len(made)} authority key files and {others} in {folder}.")


@keys.command("rotate-receipts")
@click.option("--dir", "folder", type=click.Path(path_type=Path), envvar="WISE_KEYS_DIR", required=True)
def rotate_receipts(folder: Path) -> None:
    """Sign receipts with a new key from the web processes' next start on. Receipts of the old one can still be checked.

    The old private key is gone afterwards.
    """
    file = folder / KEYS_FILE
    try:
        private, *earlier = pem_blocks(file.read_text())
        before = [OKPKey.import_key(private).as_pem(private=False).decode(), *earlier]
    except (OSError, ValueError, JoseError):
        stop(f"{file} is no file of receipt keys. `wise-bridge keys create` makes one.")
        return
    new = folder / f"{KEYS_FILE}.new"
    _private_file(new, _new_receipt_key() + "".join(before).encode())
    new.replace(file)
    click.echo(f"A new key signs receipts from the next start on; {len(before)} earlier can be checked with.")


def _create_receipt_key(folder: Path) -> bool:
    if (folder / KEYS_FILE).exists():
        return False
    _private_file(folder / KEYS_FILE, _new_receipt_key())
    return True


def _new_receipt_key() -> bytes:
    return OKPKey.generate_key("Ed25519").as_pem(private=True)


def _create_token_keys(folder: Path) -> bool:
    private = folder / "token-signing.pem"
    if private.exists():
        return False
    key = ECKey.generate_key("P-256")
    _private_file(private, key.as_pem(private=True))
    (folder / "token-public.pem").write_bytes(key.as_pem(private=False))
    return True


def _private_file(path: Path, content: bytes) -> None:
    """A new file, readable for its owner alone."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())

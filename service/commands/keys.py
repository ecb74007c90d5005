"""`wise-bridge keys …`: keys of authorities, those that sign tokens, receipts and checkpoints, and a client's own."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

import click
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from service import settings
from service.commands.key_versions import COMMANDS
from service.commands.output import stop, told_plainly
from service.configuration import profiles
from service.domain.receipts import KEYS_FILE, pem_blocks
from service.domain.trail.checkpoint import KEYS_FILE as AUDIT_FILE
from service.domain.trail.checkpoint import PUBLIC_FILE
from service.keyring import masters
from service.store.keys import create_keys

PEOPLE_FILE = "people.key"


@click.group()
def keys() -> None:
    """Keys of authorities, those that sign tokens, receipts and checkpoints, and a client's own."""


for _each in COMMANDS:
    keys.add_command(_each)


@keys.command("create")
@click.option("--dir", "folder", type=click.Path(path_type=Path), envvar="WISE_KEYS_DIR", required=True)
@click.option("--config", type=click.Path(path_type=Path, file_okay=False), default=settings.ROOT / "config")
def create(folder: Path, config: Path) -> None:
    """Make what is missing in a key folder: one file per authority's profile, and the keys that sign.

    Existing keys are never overwritten: records are sealed with them. Where a master key is set, it wraps the
    authorities' new keys.
    """
    with told_plainly():
        master = next(iter(masters(settings.load_optional())), None)
        made = [authority for authority in profiles(config) if create_keys(folder, authority, master)]
    signing, receipts = _create_token_keys(folder), _create_signing_key(folder / KEYS_FILE)
    trail, people = _create_signing_key(folder / AUDIT_FILE), _create_people_key(folder)
    _publish(folder)
    others = (
        f"{'new' if signing else 'no new'} token keys, {'a' if receipts else 'no'} new receipt key, "
        f"{'a' if people else 'no'} new key for people's references and {'a' if trail else 'no'} new key for the trail"
    )
    click.echo(f"{len(made)} authority key files and {others} in {folder}.")


@keys.command("rotate-receipts")
@click.option("--dir", "folder", type=click.Path(path_type=Path), envvar="WISE_KEYS_DIR", required=True)
def rotate_receipts(folder: Path) -> None:
    """Sign receipts with a new key from the web processes' next start on. Receipts of the old one can still be checked.

    The old private key is gone afterwards.
    """
    before = _rotate(folder / KEYS_FILE, "receipt keys")
    click.echo(f"A new key signs receipts from the next start on; {before} earlier can be checked with.")


@keys.command("rotate-audit")
@click.option("--dir", "folder", type=click.Path(path_type=Path), envvar="WISE_KEYS_DIR", required=True)
def rotate_audit(folder: Path) -> None:
    """Sign checkpoints of the trail with a new key from the keeper's next start on. Give audit-public.pem out again.

    The old private key is gone afterwards; what it signed can still be checked.
    """
    before = _rotate(folder / AUDIT_FILE, "keys for the trail")
    _publish(folder)
    click.echo(f"A new key signs checkpoints from the next start on; {before} earlier can be checked with.")


def _rotate(file: Path, what: str) -> int:
    """A new private key before the public ones of those before it. How many these are."""
    try:
        before = _public_blocks(file)
    except (OSError, ValueError, IndexError, JoseError):
        stop(f"{file} is no file of {what}. `wise-bridge keys create` makes one.")
        raise
    new = file.with_name(f"{file.name}.new")
    _private_file(new, _new_key() + "".join(before).encode())
    new.replace(file)
    return len(before)


def _public_blocks(file: Path) -> list[str]:
    private, *earlier = pem_blocks(file.read_text())
    return [OKPKey.import_key(private).as_pem(private=False).decode(), *earlier]


def _publish(folder: Path) -> None:
    """What checkpoints are checked with, for whoever wants to."""
    (folder / PUBLIC_FILE).write_text("".join(_public_blocks(folder / AUDIT_FILE)))


@keys.command("new")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="A new file, as council.pem"
)
@click.option("--kind", type=click.Choice(["ES256", "Ed25519", "PS256"]), default="ES256", show_default=True)
def new(out: Path, kind: str) -> None:
    """Make a key pair for a client to sign in with, on the machine that will use it.

    The private key stays in this file, readable for you alone; the public one is beside it, to send to the operator.
    """
    key = _new_client_key(kind)
    public = out.with_suffix(".jwk.json")
    if public == out or public.exists():
        stop(f"{public} would be overwritten. Give another name.")
    try:
        _private_file(out, key.as_pem(private=True))
        jwk = {"kid": key.thumbprint(), "alg": kind, "use": "sig"} | dict(key.as_dict(private=False))
        public.write_text(json.dumps(jwk, indent=1) + "\n", encoding="ascii")
    except OSError as error:
        stop(f"{out} was not written: {error.strerror}.")
    click.echo(f"private key  {out}\npublic key   {public}\nkid          {key.thumbprint()}")
    click.echo("\nSend the public key to the operator of the bridge. The private key never leaves this machine.")


def _new_client_key(kind: str) -> ECKey | OKPKey | RSAKey:
    if kind == "ES256":
        return ECKey.generate_key("P-256")
    return OKPKey.generate_key("Ed25519") if kind == "Ed25519" else RSAKey.generate_key(3072)


def _create_signing_key(file: Path) -> bool:
    if file.exists():
        return False
    _private_file(file, _new_key())
    return True


def _create_people_key(folder: Path) -> bool:
    """256 random bits as text. With another key everybody would be somebody else."""
    file = folder / PEOPLE_FILE
    if file.exists():
        return False
    _private_file(file, secrets.token_hex(32).encode())
    return True


def _new_key() -> bytes:
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

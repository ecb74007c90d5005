"""A certificate of shredding, printed or as JSON, and signed with the key of receipts where a key folder is given."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from service.commands.output import as_json, stop
from service.domain.receipts import ALGORITHM, KEYS_FILE, pem_blocks

TYPE = "wise-shredding+jws"


def show_certificate(found: dict[str, Any], folder: Path | None, *, json_wanted: bool) -> None:
    """Signed, the signature's own payload is what holds; it can be checked with the published keys of receipts."""
    signed = _signed(found, folder / KEYS_FILE) if folder else None
    if json_wanted:
        as_json(found | {"signed": signed})
        return
    click.echo(f"Certificate of shredding: {found['authority']}, {found['day']} (London)")
    click.echo(f"  bodies shredded  {found['bodies']:,}")
    for name in ("first", "last"):
        if found[name]:
            click.echo(f"  {name:5} receipt    {found[name]['receipt_id']} at {found[name]['at']}")
    click.echo(f"  SHA-256 of all   {found['sha256']}")
    click.echo(f"  signed           {signed}" if signed else "  not signed: no key folder was given")


def _signed(found: dict[str, Any], file: Path) -> str:
    """A JSON Web Signature in one line."""
    try:
        key = OKPKey.import_key(pem_blocks(file.read_text())[0])
        head = {"alg": ALGORITHM, "kid": key.thumbprint(), "typ": TYPE}
        return jws.serialize_compact(head, json.dumps(found, sort_keys=True), key, algorithms=[ALGORITHM])
    except (OSError, ValueError, IndexError, JoseError):
        stop(f"{file} is no file of receipt keys. `wise-bridge keys create` makes one.")
        raise

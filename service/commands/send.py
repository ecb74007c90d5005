"""`wise-bridge send FILE`: posts a record as a council's own system would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import requests

from service.commands.client import ADDRESSES, SignInFailed
from service.commands.output import CANNOT, as_json, stop
from service.commands.signing_in import SignInAs, client_of, sign_in_options
from service.commands.validate import read_record


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@sign_in_options
@click.option("--wait", type=float, default=0, help="Wait up to this many seconds for the case system's record number.")
@click.option("--json", "json_wanted", is_flag=True, help="Print the service's answer as JSON.")
def send(
    file: Path,
    *,
    sign_in: SignInAs,
    wait: float,
    json_wanted: bool,
) -> None:
    """Post a record FILE and say what became of it.

    Exit code 0: accepted. 1: refused. 2: could not be sent.
    """
    record = read_record(file)
    client = client_of(sign_in)
    try:
        answer = client.post(
            ADDRESSES.get(str(record.get("record_type")), ADDRESSES["wise_assessment"]), file.read_bytes()
        )
        body: dict[str, Any] = answer.json()
        if answer.ok and wait:
            body |= {"status": client.wait_for(body["status_url"], seconds=wait)}
    except (requests.RequestException, SignInFailed, ValueError) as error:
        why = error if isinstance(error, SignInFailed) else type(error).__name__
        stop(f"Could not be sent to {sign_in.url}: {why}.", CANNOT)
    if json_wanted:
        as_json(body)
    else:
        _say(file, answer.ok, body)
    raise SystemExit(0 if answer.ok else 1)


def _say(file: Path, accepted: bool, body: dict[str, Any]) -> None:  # noqa: FBT001 - two outcomes, named at the call
    if not accepted:
        click.echo(f"{file}: refused. {body.get('detail', '')}")
        for fault in body.get("errors", []):
            click.echo(f"\n  {fault['pointer']}  [{fault['code']}]\n    {fault['detail']} {fault['fix']}")
        return
    click.echo(f"{file}: {'here already' if body['replayed'] else 'accepted'}. Receipt {body['receipt_id']}")
    for fault in body["warnings"]:
        click.echo(f"  {fault['pointer']}  [{fault['code']}]  {fault['detail']} {fault['fix']}")
    for delivery in body.get("status", {}).get("deliveries", []):
        done = delivery["record_number"]
        click.echo(f"  {delivery['case_system']}: {f'record {done}' if done else delivery['explanation']}")

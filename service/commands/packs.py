"""`wise-bridge packs …`: what is to be typed in by hand, as a client of the REST interface."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import requests

from service.commands.client import BridgeClient
from service.commands.output import CANNOT, as_json, stop
from service.commands.signing_in import connected
from service.ports.manual import REFUSALS, PackState

_TIMEOUT = (3, 60)
_FORMS = {"html": "text/html", "csv": "text/csv", "json": "application/json"}
_JSON = click.option("--json", "json_wanted", is_flag=True, help="Print the service's answer as JSON.")


@click.group()
def packs() -> None:
    """What is to be typed into a case system by hand. Needs a client with packs:read and packs:confirm."""


@packs.command("list")
@click.option("--inbox", help="One inbox; left out, all.")
@click.option(
    "--state", type=click.Choice([state.value for state in PackState]), default=PackState.OPEN.value, show_default=True
)
@_JSON
@connected
def list_(client: BridgeClient, inbox: str | None, state: str, *, json_wanted: bool) -> None:
    """What lies in the inbox, oldest first."""
    found = list(_pages(client, {"state": state} | ({"inbox": inbox} if inbox else {})))
    if json_wanted:
        as_json(found)
    for each in () if json_wanted else found:
        click.echo(_line(each))


@packs.command()
@click.argument("reference")
@connected
def show(client: BridgeClient, reference: str) -> None:
    """One pack, without its words, as JSON."""
    as_json(_good(_get(client, f"/{reference}")).json())


@packs.command()
@click.argument("reference")
@click.option("--as", "form", type=click.Choice([*_FORMS]), default="html", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="A new file, for you alone; left out, the terminal.")
@connected
def sheet(client: BridgeClient, reference: str, form: str, out: Path | None) -> None:
    """What to type, field by field. That you looked is noted."""
    content = _good(_get(client, f"/{reference}/sheet", accept=_FORMS[form])).content
    if out is None:
        click.echo(content, nl=False)
    else:
        _keep(out, content)


@packs.command()
@click.argument("reference")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new file, for you alone.")
@connected
def document(client: BridgeClient, reference: str, out: Path) -> None:
    """The PDF to attach. That you fetched it is noted."""
    _keep(out, _good(_get(client, f"/{reference}/document", accept="application/pdf")).content)


@packs.command()
@click.argument("reference")
@click.option("--by", required=True, help="Who types it in: their reference, not their name.")
@connected
def take(client: BridgeClient, reference: str, by: str) -> None:
    """Say that somebody is at it."""
    _tell(client, f"/{reference}/take", {"taken_by_ref": by})


@packs.command()
@click.argument("reference")
@click.option("--number", required=True, help="The number that the case system gave the record.")
@click.option("--document-number", help="The number it gave the document, where it has one.")
@click.option("--by", required=True, help="Who typed it in: their reference, not their name.")
@connected
def confirm(client: BridgeClient, reference: str, number: str, document_number: str | None, by: str) -> None:
    """Say that it is there. Exit code 1: refused."""
    given = {"document_number": document_number} if document_number else {}
    _tell(client, f"/{reference}/confirmation", {"record_number": number, "confirmed_by_ref": by, **given})


@packs.command()
@click.argument("reference")
@click.option("--reason", type=click.Choice([reason.value for reason in REFUSALS]), required=True)
@click.option("--by", required=True, help="Who looked: their reference, not their name.")
@connected
def refuse(client: BridgeClient, reference: str, reason: str, by: str) -> None:
    """Say why it cannot be typed in. Exit code 1: refused."""
    _tell(client, f"/{reference}/refusal", {"reason": reason, "refused_by_ref": by})


def _get(client: BridgeClient, path: str, *, accept: str = "application/json", **query: str) -> requests.Response:
    return requests.get(
        f"{client.base_url}/v1/packs{path}",
        params=query,
        headers=client.authorisation() | {"Accept": accept},
        timeout=_TIMEOUT,
        allow_redirects=False,
    )


def _pages(client: BridgeClient, query: dict[str, str]) -> Iterator[dict[str, Any]]:
    answer = _good(_get(client, "", **query)).json()
    yield from answer["packs"]
    while onward := answer["links"].get("next"):
        answer = _good(client.get(onward)).json()
        yield from answer["packs"]


def _tell(client: BridgeClient, path: str, body: dict[str, str]) -> None:
    found = _good(client.post(f"/v1/packs{path}", json.dumps(body).encode())).json()
    click.echo(_line(found))


def _good(answer: requests.Response) -> requests.Response:
    """The answer, or exit code 1 with every fault that the service tells."""
    if not answer.ok:
        problem = answer.json()
        faults = (f"\n  {each['pointer']}  {each['detail']} {each['fix']}" for each in problem.get("errors", ()))
        stop(problem.get("detail", "Refused.") + "".join(faults), 1)
    return answer


def _line(pack: dict[str, Any]) -> str:
    """One pack in one line; nothing of the record."""
    what = pack["form"] or pack["kind"].replace("_", " ")
    about = f" about {pack['about_number']}" if pack["about_number"] else ""
    number = f", record {pack['record_number']}" if pack["record_number"] else ""
    why = f", {pack['refused']['reason']}" if pack["refused"] else ""
    taken = f", taken by {pack['taken_by']}" if pack["taken_by"] else ""
    return f"{pack['reference']}  {pack['inbox']}  {what}{about}  {pack['state']}{number}{why}{taken}"


def _keep(file: Path, content: bytes) -> None:
    """Readable for its owner alone, since it holds a record; never over another file."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        stop(f"{file} was not written: {error.strerror}.", CANNOT)
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)
    click.echo(f"{file}: delete it when the record is in the case system.", err=True)

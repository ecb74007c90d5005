"""`wise-bridge receipts …`: check receipts without asking anybody, and hold a day's manifest against one's own list."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
import requests
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from service.commands.client import SignInFailed
from service.commands.output import CANNOT, as_json, stop
from service.commands.signing_in import SignInAs, client_of, sign_in_options
from service.domain.manifests import Comparison, compare, digest_of
from service.domain.receipts import ALGORITHM, header_of

WELL_KNOWN = "/.well-known/wise-bridge-receipts.json"
_TIMEOUT = (3, 20)
_FILE_MAX = 64 * 1024 * 1024
_TOLD = ("receipt_id", "version", "received_at")
_JSON = click.option("--json", "json_wanted", is_flag=True, help="One JSON document instead of sentences.")
_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.group()
def receipts() -> None:
    """Check receipts, and hold a day's manifest against what was sent."""


@receipts.command()
@click.argument("file", type=_FILE)
@click.option("--body", type=_FILE, help="What was sent: the request's body, or a file of lines that has it as one.")
@click.option("--keys", help=f"File, or address; left out, WISE_URL{WELL_KNOWN}.")
@click.option("--url", envvar="WISE_URL", help="Address of the casework side, where --keys is left out.")
@_JSON
def verify(file: Path, body: Path | None, keys: str | None, url: str | None, *, json_wanted: bool) -> None:
    """Check every receipt in FILE: a receipt alone, or the service's answer to a record or a batch.

    With --keys from a file nobody is asked. Exit code 0: all good. 1: not all. 2: could not be checked.
    """
    if keys is None and url is None:
        stop(f"Give --keys: a file, or the service's address with {WELL_KNOWN}.")
    known = _keys(keys or f"{(url or '').rstrip('/')}{WELL_KNOWN}")
    digests = _digests(body) if body else None
    found = [_judged(receipt, beside, known, digests) for receipt, beside in _receipts(file)]
    if not found:
        stop(f"There is no receipt in {file}.")
    if json_wanted:
        as_json(found)
    for each in () if json_wanted else found:
        click.echo(_line(each))
    raise SystemExit(0 if all(each["good"] for each in found) else 1)


@receipts.command()
@click.argument("day")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new file.")
@click.option("--sent-by-me", is_flag=True, help="Leave out what the authority's other clients sent.")
@sign_in_options
def manifest(day: str, out: Path, *, sign_in: SignInAs, sent_by_me: bool) -> None:
    """Fetch the manifest of a London DAY, as 2026-09-14, whole: every page in one file."""
    client = client_of(sign_in)
    query = {"limit": "200"} | ({"sent_by": "me"} if sent_by_me else {})
    try:
        whole = _good(client.get(f"/v1/manifests/{day}", **query))
        while onward := whole["links"].get("next"):
            page = _good(client.get(onward))
            whole |= {"submissions": whole["submissions"] + page["submissions"], "links": page["links"]}
    except (requests.RequestException, SignInFailed, ValueError, KeyError) as error:
        stop(f"{sign_in.url} could not be asked: {error if isinstance(error, SignInFailed) else type(error).__name__}.")
    try:
        with out.open("x", encoding="utf-8") as file:
            json.dump(whole, file, indent=1)
    except OSError as error:
        stop(f"{out} was not written: {error.strerror}.")
    state = "closed" if whole["closed"] else "not over yet"
    click.echo(f"{out}: {whole['counts']['accepted']:,} accepted on {whole['day']}, {state}.")


@receipts.command("compare")
@click.argument("manifest_file", metavar="MANIFEST", type=_FILE)
@click.argument("list_file", metavar="LIST.CSV", type=_FILE)
@click.option("--beside", multiple=True, type=_FILE, help="The manifest of the day before or after; once for each.")
@_JSON
def compare_(manifest_file: Path, list_file: Path, beside: tuple[Path, ...], *, json_wanted: bool) -> None:
    """Hold a day's MANIFEST against your own LIST.CSV, which has a column submission_id, and receipt_id if you like.

    Exit code 0: they agree. 1: they do not. 2: could not be compared.
    """
    manifest, sent = _manifest(manifest_file), _sent(list_file)
    elsewhere = {each for file in beside for each in _manifest(file)}
    found = compare(manifest, sent, elsewhere)
    if json_wanted:
        as_json({"agree": found.agree, "both": found.both, **_named(found)})
    else:
        _say(found, list_file)
    raise SystemExit(0 if found.agree else 1)


def _keys(source: str) -> KeySet:
    """A JSON Web Key Set from a file or an address."""
    try:
        if source.startswith(("http://", "https://")):
            content = _good(requests.get(source, timeout=_TIMEOUT, allow_redirects=False))
        else:
            content = json.loads(_read(Path(source)))
        return KeySet.import_key_set({"keys": content["keys"]})
    except (requests.RequestException, JoseError, ValueError, KeyError, TypeError, AttributeError):
        stop(f"{source} is no key set that can be read. It is what the service serves at {WELL_KNOWN}.")
        raise


def _receipts(file: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each receipt in a file, and what the answer said beside it."""
    text = _read(file).decode(errors="replace").strip()
    if not text.startswith("{"):
        yield text, {}
        return
    try:
        answer = json.loads(text)
    except ValueError:
        stop(f"{file} is neither a receipt nor an answer of the service.")
    items = answer.get("items", [{"receipt": answer}] if "receipt" in answer else [])
    for item in items:
        said = item.get("receipt") if isinstance(item, dict) else None
        if isinstance(said, dict) and isinstance(said.get("receipt"), str):
            yield said["receipt"], said


def _digests(body: Path) -> frozenset[str]:
    """Of the file as it is, and of each of its lines."""
    raw = _read(body)
    return frozenset(sha256(part).hexdigest() for part in (raw, *raw.split(b"\n")))


def _judged(receipt: str, beside: Mapping[str, Any], keys: KeySet, digests: frozenset[str] | None) -> dict[str, Any]:
    try:
        header_of(receipt)
        claims = json.loads(jws.deserialize_compact(receipt, keys, algorithms=[ALGORITHM]).payload)
    except (JoseError, ValueError) as error:
        why = str(error) if type(error) is ValueError else "its signature is not by any of these keys"
        return {"good": False, "why": why, "says": None}
    wrong = [name for name in _TOLD if name in beside and beside[name] != claims.get(name)]
    why = ""
    if wrong:
        why = f"the answer says something else beside it: {', '.join(wrong)}"
    elif digests is not None and claims.get("body_sha256") is None:
        why = "it does not say in which bytes the record came"
    elif digests is not None and claims["body_sha256"] not in digests:
        why = "the record came in other bytes than these"
    return {"good": not why, "why": why, "says": claims}


def _line(found: Mapping[str, Any]) -> str:
    says = found["says"]
    if says is None:
        return f"NOT GOOD: {found['why']}."
    what = f"{says['submission_id']} of {says['authority']}, version {says['version']}"
    when = f"received {says['received_at']}, receipt {says['receipt_id']}"
    return f"good: {what}, {when}." if found["good"] else f"NOT GOOD: {what}, {when}: {found['why']}."


def _manifest(file: Path) -> dict[str, str]:
    """Receipt id by the sender's id; nothing may be missing of it."""
    try:
        whole = json.loads(_read(file))
        found = {each["submission_id"]: each["receipt_id"] for each in whole["submissions"]}
        stated = whole["ids_sha256"]
    except (ValueError, KeyError, TypeError):
        stop(f"{file} is no manifest. `wise-bridge receipts manifest` fetches one.")
        raise
    if digest_of(found) != stated:
        stop(
            f"{file} is not whole: its ids do not give its ids_sha256. Fetch every page of it, or when the day is over."
        )
    return found


def _sent(file: Path) -> dict[str, str | None]:
    """The sender's own list: a CSV with a line of headings."""
    lines = csv.DictReader(_read(file).decode("utf-8-sig", errors="replace").splitlines())
    if "submission_id" not in (lines.fieldnames or ()):
        stop(f"{file} has no column submission_id in its first line.")
    rows = [row for row in lines if (row["submission_id"] or "").strip()]
    return {row["submission_id"].strip(): (row.get("receipt_id") or "").strip() or None for row in rows}


def _named(found: Comparison) -> dict[str, list[str]]:
    return {
        "never_arrived": list(found.never_arrived),
        "not_known_to_sender": list(found.not_known),
        "other_receipt": list(found.other_receipt),
    }


_WORDS = {
    "never_arrived": "sent, by your list, and not accepted on that day: send again; the same record is taken once",
    "not_known_to_sender": "accepted, and not in your list",
    "other_receipt": "accepted under another receipt than your list says",
}


def _say(found: Comparison, list_file: Path) -> None:
    for name, ids in _named(found).items():
        if ids:
            click.echo(f"{len(ids):,} {_WORDS[name]}:")
            click.echo("".join(f"  {each!r}\n" if not each.isprintable() else f"  {each}\n" for each in ids), nl=False)
    click.echo(f"{found.both:,} are on both sides. {list_file} {_agrees(found)}.")


def _agrees(found: Comparison) -> str:
    return "agrees with the manifest" if found.agree else "does not agree with the manifest"


def _good(answer: requests.Response) -> dict[str, Any]:
    """What the service answered, or exit code 2 with why not."""
    content = answer.json()
    if not isinstance(content, dict):
        raise ValueError("not an object")
    if not answer.ok:
        stop(f"The service answered {answer.status_code}. {content.get('detail', '')}")
    return dict(content)


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > _FILE_MAX:
            stop(f"{file} is larger than {_FILE_MAX:,} bytes.")
        return file.read_bytes()
    except OSError as error:
        stop(f"{file} cannot be read: {error.strerror}.", CANNOT)
        raise

"""The four steps: build, audit, approve, publish. Each says what comes next."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console

from service import settings
from service.central.releases.canonical import from_bytes
from service.central.releases.rules import DIGITS
from service.commands.adapter.showing import FINDINGS, console, json_option, told
from service.commands.output import as_json
from service.commands.release.composing import desk
from service.commands.release.showing import document, overview
from service.errors import NotPossible
from service.letting_in import hub_people_sign_in
from service.settings import Process, Settings


def as_quarter(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """A quarter as it is written; anything else is refused, and not repeated."""
    if value is not None and not re.fullmatch("[0-9]{4}Q[1-4]", value):
        raise click.BadParameter("Write it as 2026Q3.")
    return value


quarter_argument = click.argument("quarter", callback=as_quarter)
digest_option = click.option(
    "--digest", required=True, help="The first twelve digits or more of the build that was read, as `show` has them."
)
by_option = click.option("--by", required=True, help="Who does this: the name of a person, kept in the ledger.")
missing_option = click.option(
    "--missing", multiple=True, help="ONS code of an authority whose records had not come; once for each."
)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """On a terminal one line that moves on; elsewhere a line for each step, on standard error."""
    screen = Console(stderr=True)
    if not screen.is_terminal:
        yield lambda sentence: click.echo(sentence, err=True)
        return
    with screen.status("Reading what was published.") as status:
        yield status.update


@click.command()
@quarter_argument
@by_option
@missing_option
@json_option
def build(quarter: str, by: str, missing: tuple[str, ...], *, json_wanted: bool) -> None:
    """Make a quarter's release from the facts there are now, protected. Nobody sees it yet.

    Exit code 0: built. 2: nothing was built, and why.
    """
    with desk(quarter) as found, _progress() as tell:
        standing = found.build(quarter, by=by, missing=missing, tell=tell)
    if json_wanted:
        as_json(document(standing))
        return
    console().print(overview(from_bytes(standing.build.content)))
    click.echo(f"{quarter} is built by {standing.build.built_by}; digest {standing.build.digest[:12]}.")
    click.echo(f"Next: wise-bridge release audit {quarter}")


@click.command()
@quarter_argument
@json_option
def audit(quarter: str, *, json_wanted: bool) -> None:
    """Attack the newest build as an intruder would, with everything published before, and keep the report.

    Exit code 0: passed. 1: something was found, or is in doubt. 2: it could not be audited.
    """
    with desk(quarter) as found, _progress() as tell:
        tell("Attacking the build.")
        done = found.audit(quarter)
        standing = found.standing(quarter)
    if json_wanted:
        as_json(document(standing))
    else:
        click.echo(done.words)
        click.echo(_approve(quarter, standing.build.digest) if done.passed else _FAILED)
    raise SystemExit(0 if done.passed else FINDINGS)


def _approve(quarter: str, digest: str) -> str:
    return f"Next, by somebody else: wise-bridge release approve {quarter} --digest {digest[:DIGITS]} --by …"


_FAILED = "It did not pass. Nothing of this build can be approved or published."


def _require_nobody_signs_in(loaded: Settings) -> None:
    """A typed name is anybody's. Where approvers of the Hub can sign in they do; a sandbox takes both."""
    if not loaded.sandbox and hub_people_sign_in(loaded):
        url = loaded.hub_public_url.rstrip("/")
        where = f"{url}/approvals" if url else "/approvals of the Hub"
        raise NotPossible(f"Approvers of the Hub sign in, so no typed name is taken. Approve it at {where}.")


@click.command()
@quarter_argument
@digest_option
@by_option
@json_option
def approve(quarter: str, digest: str, by: str, *, json_wanted: bool) -> None:
    """Say, as somebody else than who built it, that the audited build may be published.

    Where WISE_HUB_PUBLIC_URL is set, or WISE_PEOPLE_FILE names an issuer of the Hub, this is refused: approvers sign
    in, at /approvals of the Hub.

    Exit code 0: approved. 2: refused, and why.
    """
    with told():
        _require_nobody_signs_in(settings.load(Process.RELEASE))
    with desk(quarter) as found:
        standing = found.approve(quarter, by=by, digest=digest)
    if json_wanted:
        as_json(document(standing))
        return
    click.echo(f"{quarter} is approved by {standing.approved_by}; digest {standing.build.digest[:12]}.")
    click.echo(f"Next: wise-bridge release publish {quarter} --by …")


@click.command()
@quarter_argument
@by_option
@json_option
def publish(quarter: str, by: str, *, json_wanted: bool) -> None:
    """Enter the approved build in the ledger. From then on the Hub is served these bytes, and no others.

    Exit code 0: published. 2: refused, and why.
    """
    with desk(quarter) as found:
        number = found.publish(quarter, by=by)
        standing = found.standing(quarter)
    if json_wanted:
        as_json(document(standing) | {"number": number})
        return
    click.echo(f"{quarter} is published as number {number}; digest {standing.build.digest}.")

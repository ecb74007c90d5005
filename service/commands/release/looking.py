"""What there is, and whether it is still what was published."""

from __future__ import annotations

import click

from service.central.releases.canonical import from_bytes
from service.central.releases.chain import first_fault
from service.central.releases.kept import Standing
from service.central.releases.rules import require_built
from service.commands.adapter.showing import FINDINGS, console, json_option, plain, table
from service.commands.output import as_json
from service.commands.release.composing import rows
from service.commands.release.making import as_quarter
from service.commands.release.showing import document, overview, state, summary


@click.command()
@json_option
def verify(*, json_wanted: bool) -> None:
    """Compute every digest and every link of the ledger again, and say the first thing that is wrong.

    Exit code 0: all agree. 1: something does not. 2: it could not be looked at.
    """
    with rows() as kept:
        ledger = kept.ledger()
    fault = first_fault(ledger)
    if json_wanted:
        as_json({"good": fault is None, "fault": fault, "releases": len(ledger)})
    else:
        click.echo(fault or f"{len(ledger)} releases: every digest and every link agrees.")
    raise SystemExit(0 if fault is None else FINDINGS)


@click.command()
@click.argument("quarter", required=False, callback=as_quarter)
@json_option
def show(quarter: str | None, *, json_wanted: bool) -> None:
    """What was built and published; of a QUARTER, the newest build: its tables, the audit, and who did what.

    Exit code 0: shown. 2: there is no such build.
    """
    with rows() as kept:
        numbers = {each.quarter: each.number for each in kept.ledger()}
        builds = kept.builds() if quarter is None else [require_built(kept.newest(quarter), quarter)]
    if json_wanted:
        found = [document(each) | {"number": numbers.get(each.build.quarter)} for each in builds]
        as_json(found if quarter is None else found[0] | {"release": summary(builds[0])})
    elif quarter is None:
        _list(builds, numbers)
    else:
        _one(builds[0], numbers.get(quarter))


def _list(builds: list[Standing], numbers: dict[str, int]) -> None:
    made = table("quarter", "state", "number", "built by", "approved by", "digest")
    for each in builds:
        number = numbers.get(each.build.quarter)
        who = (plain(each.build.built_by), plain(each.approved_by or "–"))
        made.add_row(each.build.quarter, state(each, number), str(number or "–"), *who, each.build.digest[:12])
    console().print(made if builds else "Nothing was built yet. Begin with `wise-bridge release build`.")


def _one(standing: Standing, number: int | None) -> None:
    build = standing.build
    click.echo(f"{build.quarter}: {state(standing, number)}; catalogue {build.catalogue}; digest {build.digest}")
    console().print(plain(f"Built by {build.built_by}; approved by {standing.approved_by or '–'}."))
    console().print(overview(from_bytes(build.content)))
    click.echo(standing.audit.words if standing.audit else "It is not audited yet.")

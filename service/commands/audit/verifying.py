"""`wise-bridge audit verify`: whether the trail is what it was, from files alone or from the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from service.commands.audit.files import ExportFile, open_export, read_checkpoints, read_keys, signed_checkpoint
from service.commands.output import as_json, stop, told_plainly
from service.domain.london import london_date
from service.domain.trail.checkpoint import Checkpoint
from service.domain.trail.findings import Finding, Wrong
from service.domain.trail.verify import Cut, Verdict, verify

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command("verify")
@click.option("--export", "export", type=_FILE, help="Check this export; no database is asked.")
@click.option("--checkpoints", type=_FILE, help="Checkpoints from outside, as the keeper sent them.")
@click.option("--public-key", type=_FILE, help="audit-public.pem, got from us long ago rather than today.")
@click.option("--authority", "authorities", multiple=True, help="In the database; once for each. Left out, all.")
@click.option("--json", "json_wanted", is_flag=True, help="One JSON document instead of sentences.")
def verify_(
    export: Path | None,
    checkpoints: Path | None,
    public_key: Path | None,
    authorities: tuple[str, ...],
    *,
    json_wanted: bool,
) -> None:
    """Check the chain of the trail, and with checkpoints that nobody has made it anew.

    With --export no database is asked; else WISE_DATABASE_URL names the owner's or the keeper's role. Exit code 0:
    it is what it was. 1: it is not. 2: could not be checked.
    """
    if checkpoints and not public_key:
        stop("Give --public-key as well: checkpoints are worth what their signatures are.")
    keys = read_keys(public_key) if public_key else None
    with told_plainly():
        verdicts = _of_file(export, checkpoints, keys) if export else _of_database(authorities, checkpoints, keys)
    if json_wanted:
        as_json([_document(each) for each in verdicts])
    else:
        _say(verdicts)
    raise SystemExit(1 if any(each.findings for each in verdicts) else 0)


def _of_file(export: Path, checkpoints: Path | None, keys: KeySet | None) -> list[Verdict]:
    opened = open_export(export)
    good, findings = _checkpoints(checkpoints, keys, opened.authority)
    cut, more = _cut(opened, keys)
    findings += more
    verdict = verify(opened.authority, opened.links(), good, cut, today=_today())
    return [_with(verdict, [*findings, *opened.findings])]


def _of_database(authorities: Iterable[str], checkpoints: Path | None, keys: KeySet | None) -> list[Verdict]:
    """Without checkpoints from outside, against those in the database: somebody who can change all can change these."""
    from service import settings  # noqa: PLC0415 - an outsider has files only, and none of what follows
    from service.commands.audit.surroundings import known  # noqa: PLC0415
    from service.settings import Process  # noqa: PLC0415
    from service.store.engine import short_lived_engine  # noqa: PLC0415
    from service.store.trail_reading import reading  # noqa: PLC0415

    verdicts = []
    with short_lived_engine(settings.load(Process.OWNER).database_url) as engine:
        for authority in known(authorities):
            with reading(engine, authority) as trail:
                good, findings = _checkpoints(checkpoints, keys, authority)
                if checkpoints is None:
                    good, findings = _kept(trail.checkpoints(), keys, authority)
                cut = trail.cut()
                late = [Finding(Wrong.NOT_SEALED, authority)] if trail.late() else []
                found = verify(authority, trail.links(), good, cut[0] if cut else None, today=_today())
                verdicts.append(_with(found, [*findings, *late]))
    return verdicts


def _today() -> date:
    return london_date(datetime.now(UTC))


def _cut(opened: ExportFile, keys: KeySet | None) -> tuple[Cut | None, list[Finding]]:
    """A file of checkpoints may have been begun anew since; what the export brings along counts by its signature."""
    if opened.cut is None or keys is None:
        return opened.cut, []
    try:
        signed = signed_checkpoint(opened.cut_statement, keys)
        if (signed.authority, signed.position) == (opened.authority, opened.cut.position):
            return replace(opened.cut, checkpoint=signed), []
    except (JoseError, ValueError):
        pass
    return opened.cut, [Finding(Wrong.CUT_UNSIGNED, opened.authority, 1, opened.cut.position)]


def _checkpoints(file: Path | None, keys: KeySet | None, authority: str) -> tuple[list[Checkpoint], list[Finding]]:
    return read_checkpoints(file, keys, authority) if file and keys else ([], [])


def _kept(
    kept: list[tuple[Checkpoint, str]], keys: KeySet | None, authority: str
) -> tuple[list[Checkpoint], list[Finding]]:
    """With keys, only what they have signed counts, and what the row says beside it."""
    if keys is None:
        return [each for each, _ in kept], []
    good, findings = [], []
    for number, (row, statement) in enumerate(kept, 1):
        try:
            signed = signed_checkpoint(statement, keys)
            good.append(signed)
            fits = (signed.authority, signed.position, signed.digest) == (authority, row.position, row.digest)
        except (JoseError, ValueError):
            fits = False
        if not fits:
            findings.append(Finding(Wrong.SIGNATURE, authority, number, number))
    return good, findings


def _with(verdict: Verdict, more: list[Finding]) -> Verdict:
    return replace(verdict, findings=[*verdict.findings, *more])


def _document(verdict: Verdict) -> dict[str, Any]:
    findings = [asdict(each) | {"sentence": each.sentence} for each in verdict.findings]
    return {
        "authority": verdict.authority,
        "good": not findings,
        "links": verdict.links,
        "covered": verdict.covered,
        "cut": verdict.cut,
        "findings": findings,
    }


def _say(verdicts: list[Verdict]) -> None:
    for each in verdicts:
        for finding in each.findings:
            click.echo(finding.sentence)
        if not each.findings and each.links:
            rest = max(each.links - each.covered, 0)
            click.echo(f"{each.authority}: {each.links - each.cut:,} entries are what they were; {_after(rest)}.")
        if each.cut:
            click.echo(f"{each.authority}: the chain begins behind position {each.cut:,}, where it was cut.")
    if not any(each.links or each.findings for each in verdicts):
        click.echo("Nothing is sealed yet.")


def _after(rest: int) -> str:
    return f"{rest:,} of them came after the last checkpoint" if rest else "a checkpoint has seen them all"

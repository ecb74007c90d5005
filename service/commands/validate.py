"""`wise-bridge validate FILE...`: the service's own rules, offline."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from service.api.parsing import parse_object
from service.api.schemas.check import check_record
from service.clock import LondonClock
from service.commands.output import CANNOT, as_json, stop, told_plainly
from service.configuration import policies
from service.domain.codes import RECORD_TYPES
from service.domain.faults import Fault, Findings
from service.domain.policy import Policy
from service.errors import Malformed
from service.settings import ROOT


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "json_wanted", is_flag=True, help="Print one JSON document instead of sentences.")
@click.option("--config", type=click.Path(path_type=Path, file_okay=False), default=ROOT / "config", show_default=True)
def validate(files: tuple[Path, ...], config: Path, *, json_wanted: bool) -> None:
    """Check each record FILE by the rules the service applies, without sending it.

    Exit code 0: all valid. 1: at least one invalid. 2: a file cannot be read as a record.
    """
    records = {file: read_record(file) for file in files}
    with told_plainly():
        known = policies(config)
    found = {file: check(record, known) for file, record in records.items()}
    if json_wanted:
        as_json(_document(found))
    else:
        for file, findings in found.items():
            _say(file, findings)
    raise SystemExit(0 if all(findings.valid for findings in found.values()) else 1)


def _document(found: Mapping[Path, Findings]) -> object:
    """Of one file what is said of it; of several a list in their order."""
    if len(found) == 1:
        return next(iter(found.values())).as_dict()
    return [{"file": str(file)} | findings.as_dict() for file, findings in found.items()]


def read_record(file: Path) -> dict[str, Any]:
    """The record in a file; ends the command with exit code 2 when there is none."""
    try:
        return parse_object(file.read_bytes())
    except OSError as error:
        stop(f"{file}: {error.strerror or 'cannot be read'}.", CANNOT)
    except Malformed as error:
        stop(f"{file}: {error.detail}", CANNOT)
    raise AssertionError


def check(record: dict[str, Any], known: Mapping[str, Policy]) -> Findings:
    """All findings, under the profile of the authority the record names."""
    record_type, authority = record.get("record_type"), record.get("authority")
    if record_type not in RECORD_TYPES:
        listed = ", ".join(RECORD_TYPES)
        return Findings(
            errors=(Fault("/record_type", "F-code", "That isn't on the list.", f"Choose one of: {listed}."),)
        )
    policy = known.get(str(authority)) or Policy(authority=str(authority), name="This authority")
    today = LondonClock().today()
    return check_record(record, record_type=record_type, policy=policy, today=today, thorough=True)


def _say(file: Path, findings: Findings) -> None:
    if findings.valid:
        click.echo(f"{file}: valid.")
    else:
        count = len(findings.errors)
        click.echo(f"{file}: {count} {'thing needs' if count == 1 else 'things need'} correcting.")
    for label, faults in (("", findings.errors), ("held: ", findings.holds), ("warning: ", findings.warnings)):
        for fault in faults:
            click.echo(f"\n  {fault.pointer or '(the whole record)'}  [{fault.code}]\n    {label}{fault.detail}")
            if fault.fix:
                click.echo(f"    {fault.fix}")

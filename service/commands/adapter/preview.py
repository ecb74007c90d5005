"""`wise-bridge adapter preview RECORD.json`: what a record becomes in an authority's case system, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Console

from service.adapters.profiles import Profile
from service.clock import LondonClock
from service.commands.adapter.showing import (
    FINDINGS,
    config_option,
    console,
    html_option,
    json_option,
    path,
    plain,
    save_page,
    table,
    told,
)
from service.commands.output import as_json, stop
from service.commands.validate import read_record
from service.configuration import profile as load
from service.domain.faults import Findings
from service.officer.as_json import around, as_document
from service.officer.meant import load_of_authority, load_of_record
from service.officer.previewing import Preview, Sent, judged
from service.officer.previewing import preview as made_of
from service.ports import Record


@click.command()
@click.argument("record", metavar="RECORD.json", type=click.Path(path_type=Path))
@click.option("--authority", help="Name or ONS code, if not the one the record names.")
@click.option("--profile", type=click.Path(path_type=Path, dir_okay=False), help="A profile that lies elsewhere.")
@html_option
@json_option
@config_option
def preview(
    *, record: Path, authority: str | None, profile: Path | None, html: Path | None, config: Path, json_wanted: bool
) -> None:
    """Show what would be sent of a record, by which row, what would not and why, and what the Hub would see.

    Prints the record it is given. Sends nothing. Exit code 0: shown. 1: the record would be refused. 2: cannot be
    tried.
    """
    if authority and profile:
        stop("Give --authority or --profile, not both.")
    read = read_record(record)
    with told():
        meant = _meant(config, read, authority, profile)
        findings = judged(read, meant, LondonClock().today())
        if findings.errors:
            _refuse(record, meant.name, findings, json_wanted=json_wanted)
        found = made_of(read, meant, findings)
    if html:
        save_page(html, "preview", preview=found, around=around(found), file=record.name)
    if json_wanted:
        as_json(as_document(found))
    elif not html:
        _show(found, record)


def _meant(config: Path, record: Record, authority: str | None, profile: Path | None) -> Profile:
    if profile:
        return load(config, profile)
    return load_of_authority(config, authority) if authority else load_of_record(config, record.get("authority"))


def _refuse(file: Path, name: str, findings: Findings, *, json_wanted: bool) -> None:
    """Ends the command: of a record that is refused nothing is sent, so there is nothing to show."""
    if json_wanted:
        as_json(findings.as_dict())
        raise SystemExit(FINDINGS)
    count = len(findings.errors)
    screen = console()
    screen.print(plain(f"{file}: {name} would refuse this record, so nothing of it would be sent.", "bold"))
    screen.print(f"{count} {'thing needs' if count == 1 else 'things need'} correcting first:\n")
    _faults(screen, findings)
    raise SystemExit(FINDINGS)


def _faults(screen: Console, findings: Findings) -> None:
    groups = (("✗ refused", findings.errors), ("! held", findings.holds), ("· warning", findings.warnings))
    rows = [(label, each) for label, faults in groups for each in faults]
    if not rows:
        return
    made = table("", "where", "rule", "what, and what to do", widths=(12, 34, 8, 46))
    for label, fault in rows:
        said = plain("\n".join(filter(None, (fault.detail, f"→ {fault.fix}" if fault.fix else ""))))
        made.add_row(label, path(fault.pointer or "(the whole record)", 30), fault.code, said)
    screen.print(made)


def _show(found: Preview, file: Path) -> None:
    screen = console()
    screen.print(
        plain("This shows the record itself. Look who can see this screen, and do not keep what it prints.", "bold")
    )
    screen.print(
        plain(f"{file.name} as {found.profile.name} would get it ({found.profile.case_system}): {found.label}")
    )
    form = f"form {found.form}" if found.form else "no form is named: lengths and lists were not checked"
    screen.print(plain(f"by {found.mapping}; {form}"))
    for note in found.notes:
        screen.print(plain(f"! {note}", "bold"))
    _faults(screen, found.findings)
    _sent(screen, found)
    _left(screen, found)
    _around(screen, found)
    _hub(screen, found)


def _heading(screen: Console, words: str) -> None:
    screen.print()
    screen.print(plain(words, "bold underline"))


def _sent(screen: Console, found: Preview) -> None:
    _heading(screen, f"What is sent: {len(found.sent)} answers, in the order of the form")
    shares = (32, 26, 42)
    made = table("record", "rule", "what is sent", widths=shares)
    width = screen.width * shares[0] // sum(shares) - 2
    for each in found.sent:
        made.add_row(_source(each, width), _rule(each, screen.width * shares[1] // sum(shares) - 2), _answer(each))
        made.add_section()
    screen.print(made)


def _source(each: Sent, width: int) -> Any:
    text = plain(f"{each.heading or 'the reference of the delivery'}\n")
    return text.append_text(path(each.source, width, "dim"))


def _rule(each: Sent, width: int) -> Any:
    text = plain("\n".join(filter(None, (each.rendering, each.codes))) + "\n")
    return text.append_text(path(each.where, width, "dim"))


def _answer(each: Sent) -> Any:
    row = f", row {each.row}" if each.row else ""
    label = f" ({each.label})" if each.label else ""
    return plain(f"{each.question}{row}{label}\n", "bold").append_text(plain(each.value, "not bold"))


def _left(screen: Console, found: Preview) -> None:
    _heading(screen, f"What is NOT sent: {len(found.left)} values of this record")
    made = table("record", "why it stays behind", "where it says so", widths=(36, 38, 26))
    for each in found.left:
        text = plain(f"{each.heading}\n").append_text(path(each.source, screen.width * 36 // 100 - 2, "dim"))
        made.add_row(text, plain(each.reason), path(each.where, screen.width * 26 // 100 - 2, "dim"))
    screen.print(made)


def _around(screen: Console, found: Preview) -> None:
    _heading(screen, "The document, and how it is filed")
    made = table("what", "how it is", widths=(28, 72))
    for name, value in around(found).items():
        made.add_row(name, plain(str(value)))
    screen.print(made)


def _hub(screen: Console, found: Preview) -> None:
    _heading(screen, "What the Hub will see of it: these values and nothing else")
    made = table("value", "code", "in words", widths=(30, 30, 40))
    for name, code, said in found.hub.values:
        made.add_row(name, code, said)
    screen.print(made)
    screen.print(plain(found.hub.how))

"""`wise-bridge adapter coverage`: all authorities side by side."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console

from service.commands.adapter.showing import (
    config_option,
    console,
    html_option,
    json_option,
    plain,
    save_page,
    table,
    told,
)
from service.commands.output import as_json
from service.configuration import profiles
from service.domain import words
from service.domain.codes import RECORD_TYPES
from service.domain.records import RECORDS
from service.officer import able
from service.officer.coverage import Cover, RecordCover, covers, reasons_of

Covers = tuple[Cover, ...]
COUNTS = (
    "Fields of the record that are sent / not sent; ✓ rows were held against a form, ? there is no form to hold to."
)
CONFIRMED = "Confirmed: keys of the profile, with what it extends, that somebody has confirmed. The rest is assumed."


@click.command()
@html_option
@json_option
@config_option
def coverage(html: Path | None, config: Path, *, json_wanted: bool) -> None:
    """Show for every authority which fields are sent, what its link cannot do, and what nobody has confirmed.

    Calls nobody and needs no credential. Exit code 0: shown. 2: the profiles do not load.
    """
    with told():
        found = covers(profiles(config))
    if html:
        save_page(
            html,
            "coverage",
            rows=rows(found),
            links=links(found),
            reasons=_reasons(found),
            heads=_heads(),
            notes=(COUNTS, CONFIRMED),
        )
    if json_wanted:
        as_json([asdict(each) for each in found])
    elif not html:
        _show(console(), found)


def _heads() -> list[str]:
    return ["authority", "connector", "in use", *(_short(kind) for kind in RECORDS), "confirmed", "may connect to"]


def _short(kind: str) -> str:
    return words.words(RECORD_TYPES, kind).split()[0]


def rows(found: Covers) -> list[list[str]]:
    """The matrix in words, a line for each authority."""
    return [
        [
            each.name,
            each.connector,
            "yes" if each.in_use else "not yet",
            *(_record(record) for record in each.records.values()),
            f"{each.confirmed} of {each.confirmed + each.assumed}",
            "its own address" if each.egress is None else f"{each.egress} by rules",
        ]
        for each in found
    ]


def _record(record: RecordCover | None) -> str:
    if record is None:
        return "not taken"
    return f"{record.mapped} / {record.left} {'✓' if record.checked else '?'}"


def links(found: Covers) -> list[tuple[str, str, str]]:
    """Kind of link, what it lacks, and what follows. A kind that lacks nothing says so."""
    told: list[tuple[str, str, str]] = []
    for kind in dict.fromkeys(each.connector for each in found):
        lacks = next(each.lacks for each in found if each.connector == kind)
        if lacks is None:
            told.append((kind, "not known here", "It depends on the settings, or the connector cannot be loaded here."))
        elif not lacks:
            told.append((kind, "nothing", "It can do all that the bridge asks for."))
        else:
            told += [(kind, f"not: {able.CAN[each]}", f"So {able.WITHOUT[each]}.") for each in lacks]
    return told


def _reasons(found: Covers) -> list[list[str]]:
    """The reason, how many fields of each record type it keeps back, and at whom."""
    return [
        [
            reason,
            *(str(count or "") for count in counts),
            f"all {len(who)}" if len(who) == len(found) else ", ".join(who),
        ]
        for reason, counts, who in reasons_of(found)
    ]


def _show(screen: Console, found: Covers) -> None:
    made = table(*_heads(), widths=(13, 13, 9, 12, 12, 12, 12, 17))
    for row in rows(found):
        made.add_row(*(plain(each) for each in row))
    screen.print(made)
    screen.print(
        "Confirmed: keys of the profile, with what it extends, that somebody has confirmed. The rest is assumed.\n"
    )
    made = table("link", "lacks", "what becomes of it", widths=(16, 34, 50))
    for link in links(found):
        made.add_row(*map(plain, link))
    screen.print(made)
    made = table("why fields are not sent", *map(_short, RECORDS), "at", widths=(56, 7, 7, 7, 23))
    for row in _reasons(found):
        made.add_row(*map(plain, row))
    screen.print(made)

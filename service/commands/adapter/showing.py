"""Tables for a terminal: 100 columns where nobody looks, signs beside colours, and no control character of a record."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.commands.output import stop, told_plainly
from service.officer.errors import CannotRun
from service.officer.legible import shown
from service.officer.pages import NotOurPage, write_page
from service.ports import Standing
from service.settings import ROOT

WIDTH = 100
FINE, FINDINGS = 0, 1
SIGNS = {
    Standing.GOOD: ("✓ ok", "green"),
    Standing.WRONG: ("✗ WRONG", "bold red"),
    Standing.NOT_ASKED: ("– not asked", "yellow"),
}

config_option = click.option(
    "--config",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=ROOT / "config",
    show_default=True,
    help="Folder with authorities, mappings and forms.",
)
json_option = click.option("--json", "json_wanted", is_flag=True, help="One JSON document instead of tables.")
html_option = click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), help="Write the same as a page, to read or print."
)


def console() -> Console:
    """On a terminal as wide as it is, up to 140 columns; elsewhere 100, without colours."""
    if not sys.stdout.isatty():
        return Console(width=WIDTH, highlight=False)
    own = Console(highlight=False)
    return Console(width=min(own.width, 140), highlight=False)


def table(*headings: str, widths: Sequence[int] = ()) -> Table:
    """A plain table. `widths` are shares of the line; without them columns take what they need."""
    made = Table(box=SIMPLE_HEAD, expand=bool(widths), padding=(0, 1), pad_edge=False, show_lines=False)
    for number, heading in enumerate(headings):
        made.add_column(heading, overflow="fold", ratio=widths[number] if widths else None, vertical="top")
    return made


def standing(value: Standing) -> Text:
    """A sign and a word, so that the colour is only a help."""
    words, style = SIGNS[value]
    return Text(words, style=style)


def plain(text: str, style: str = "") -> Text:
    """Text that is shown and never obeyed: no markup, and nothing that steers a terminal."""
    return Text(shown(text), style=style)


def path(text: str, width: int, style: str = "") -> Text:
    """A path or file name broken behind a slash, where there is one near enough."""
    lines, line = [], ""
    for part in text.replace("/", "/\0").split("\0"):
        if line and len(line) + len(part) > width:
            lines.append(line)
            line = ""
        line += part
    return plain("\n".join([*lines, line]), style)


@contextmanager
def told() -> Iterator[None]:
    """Why a tool cannot run, as a sentence and exit code 2."""
    with told_plainly():
        try:
            yield
        except CannotRun as problem:
            stop(str(problem))


def save_page(page: Path, name: str, /, **what: object) -> None:
    """The page, for its owner's eyes; only a page of ours is overwritten. Says where it is on standard error."""
    try:
        write_page(page, name, **what)
    except NotOurPage:
        stop(f"{page} is there already and is no page of this tool. Give another name.")
    except OSError as error:
        stop(f"{page}: {error.strerror or 'cannot be written'}.")
    click.echo(f"Written: {page}", err=True)

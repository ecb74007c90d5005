"""`wise-bridge demo`: everything on this machine, from empty, in under a minute."""

from __future__ import annotations

import shutil
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from service.commands.client import BridgeClient
from service.demo import release, story
from service.demo.stack import Stack
from service.embedded import EmbeddedPostgres, EmbeddedServerError
from service.settings import ROOT


@click.command()
@click.option("--exit", "leave", is_flag=True, help="Stop everything after the table, even on a terminal.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=ROOT / "var" / "demo",
              help="Where its data and logs go; emptied first.")  # fmt: skip
def demo(folder: Path, *, leave: bool) -> None:
    """Run the whole bridge with fictional records, and stay up to be tried (Ctrl-C stops everything).

    Exit code 0: all four records were delivered. 1: something did not end as it should.
    """
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty(), width=None if sys.stdout.isatty() else 120)
    _stop_on_signals()
    try:
        _run(console, folder, stay=sys.stdin.isatty() and sys.stdout.isatty() and not leave)
    except (story.DemoFailed, EmbeddedServerError) as error:
        console.print(f"\nThe demonstration stopped: {error}\nThe logs are in {folder / 'logs'}.")
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        console.print("\nStopped. Nothing is left running.")


def _run(console: Console, folder: Path, *, stay: bool) -> None:
    began = time.monotonic()

    def say(what: str) -> None:
        console.print(f"[dim]{time.monotonic() - began:5.1f} s[/dim]  {what}")

    console.print("WISE Bridge demonstration. Every person in it is fictional.\n")
    _clear(folder)
    with Stack(folder, report=lambda what: say(f"starting {what}")) as stack:
        say(f"the Hub's trainer registered the training of {story.register_training(stack)} workers")
        sent = []
        for each in story.send_all(stack):
            say(f"posted {each.file.name}: receipt {each.status_url.rsplit('/', 1)[-1]}")
            sent.append(each)
        console.print(_table(stack, sent, say))
        hub = _show_release(console, stack, say)
        say("done")
        if stay:
            _stay(console, stack, sent, hub)
    say("everything stopped")


def _table(stack: Stack, sent: list[story.Sent], say: Any) -> Table:
    table = Table(title="\nWhat the authorities' case systems hold now", title_justify="left", show_lines=True)
    for name in ("record", "authority", "case system", "its record number", "its document", "review due"):
        table.add_column(name, overflow="fold")
    for each in sent:
        cells = story.row(stack, each, story.wait_for_review(each))
        say(f"delivered to {cells[1]}: {cells[2]} record {cells[3]}")
        table.add_row(*cells)
    return table


def _show_release(console: Console, stack: Stack, say: Any) -> BridgeClient | None:
    """Makes a release before the reader's eyes, and shows what the Hub pulls; the Hub's client, where there is one."""
    quarters = release.quarters(stack)
    if not quarters:
        console.print("\nNo release day has come yet by the catalogue, so the Hub sees nothing.\n")
        return None
    quarter, added = quarters[-1], release.add_facts(stack, quarters)
    console.print(
        f"\nWhat the Hub sees: the release of {quarter}, which counts {quarters[0]} to {quarter}\n"
        "Counts under ten are hidden, so four records alone would show nothing.\n"
        f"{added} made-up facts were added to theirs: rows of codes that no record and no young person stands behind.\n"
        "Authorities that have no case system here are named as missing.\n"
    )
    for command, answer in release.steps(stack, quarter):
        say(f"{command}\n         {answer}")
    client, tables = release.pull(stack, quarter)
    for each in tables:
        _show_table(console, each)
    console.print("\n[dim]a number[/dim]  Ten or more, rounded to five; totals too, each by itself.")
    for symbol, words in tables[0]["symbols"].items():
        console.print(f"[dim]{symbol:8}[/dim]  {words}")
    console.print()
    return client


def _show_table(console: Console, pulled: dict[str, Any]) -> None:
    console.print(f"\n{pulled['title']}, {pulled['period']['words']}")
    made = Table()
    for axis in pulled["axes"]:
        made.add_column(axis["title"])
    made.add_column("count", justify="right")
    for figure in pulled["figures"]:
        made.add_row(*figure["labels"], figure["symbol"] or f"{figure['value']:,}")
    console.print(made)
    for reason in pulled["reasons"]:
        console.print(f"  {reason['words']}")


def _stay(console: Console, stack: Stack, sent: list[story.Sent], hub: BridgeClient | None) -> None:
    first = sent[0]
    console.print(
        f"""
The bridge stays up. Try it:

  casework side      {stack.casework_url}
  Hub's side         {stack.hub_url}
  LCS simulator      {stack.case_systems.lcs_url}
  Mosaic simulator   {stack.case_systems.mosaic_url}

  TOKEN=$(curl -s -u {first.client.client_id}:{first.client.secret} -d grant_type=client_credentials \\
    {stack.casework_url}/oauth/token | sed 's/.*"access_token": *"\\([^"]*\\)".*/\\1/')

  curl -s -H "Authorization: Bearer $TOKEN" {stack.casework_url}{first.status_url}

  curl -s -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
    --data-binary @{first.file.relative_to(ROOT)} {stack.casework_url}/v1/wise-assessments

  curl -s -H "Authorization: Bearer $TOKEN" -o young_person.pdf \\
    {stack.casework_url}{first.status_url}/documents/young_person
{_hub_lines(stack, hub) if hub else ""}
Ctrl-C stops everything.""",
        soft_wrap=True,
    )
    threading.Event().wait()


def _hub_lines(stack: Stack, hub: BridgeClient) -> str:
    """What to paste as the Hub, whose tokens come from the casework side."""
    return f"""
  HUB=$(curl -s -u {hub.client_id}:{hub.secret} -d grant_type=client_credentials \\
    {stack.casework_url}/oauth/token | sed 's/.*"access_token": *"\\([^"]*\\)".*/\\1/')

  curl -s -H "Authorization: Bearer $HUB" {stack.hub_url}/v1/releases
"""


def _clear(folder: Path) -> None:
    """Each demonstration begins with nothing; an earlier one that was killed is cleaned up first."""
    EmbeddedPostgres(folder / "postgres").destroy()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _stop_on_signals() -> None:
    """SIGTERM and a closed terminal end it as Ctrl-C does; and Ctrl-C, also where a shell had it ignored."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)

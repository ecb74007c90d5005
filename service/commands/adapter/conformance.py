"""`wise-bridge adapter conformance KIND`: does a connector keep every promise, and stand every bad day."""

from __future__ import annotations

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from service.commands.adapter.showing import FINDINGS, FINE, console, json_option, plain, table, told
from service.commands.output import CANNOT, as_json
from service.officer.conformance import BROKEN, KEPT, SKIPPED, Promise, Result, run

_SIGNS = {KEPT: ("✓ kept", "green"), BROKEN: ("✗ BROKEN", "bold red"), SKIPPED: ("– not tried", "yellow")}
_NO_TESTS, _FAILED = 5, 1


@click.command()
@click.argument("kind")
@click.option("-k", "expression", help="Only tests whose names fit, as pytest takes it.")
@json_option
def conformance(kind: str, expression: str | None, *, json_wanted: bool) -> None:
    """Run the suite of promises and faults for a KIND of case system, against its simulator.

    Exit code 0: all kept. 1: something is broken. 2: it could not be tried.
    """
    with told():
        result = _run(kind, expression)
    if json_wanted:
        as_json(_document(result))
    else:
        _show(console(), result)
    raise SystemExit(FINE if result.kept else FINDINGS if result.code in (0, _FAILED) and result.promises else CANNOT)


def _run(kind: str, expression: str | None) -> Result:
    """With a bar on standard error, where somebody looks."""
    screen = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, disable=not screen.is_terminal, transient=True) as bar:
        task = bar.add_task(f"{kind}: promises and faults", total=None)
        return run(kind, expression, lambda done, count: bar.update(task, completed=done, total=count or None))


def _document(result: Result) -> dict[str, object]:
    promises = [
        {"promise": each.words, "standing": each.standing, "cases": each.cases, "failed": list(each.failed)}
        for each in result.promises
    ]
    cannot = dict(result.cannot_happen)
    return {"kind": result.kind, "promises": promises, "cannot_happen": cannot, "closing": result.closing}


def _show(screen: Console, result: Result) -> None:
    made = table("", "promise or fault", "cases", "", widths=(17, 46, 7, 30))
    for each in result.promises:
        words, style = _SIGNS[each.standing]
        made.add_row(Text(words, style=style), plain(each.words), str(each.cases), plain(_cases(each)))
    for name, why in result.cannot_happen.items():
        made.add_row(Text("· cannot happen", style="dim"), plain(name), "", plain(why))
    screen.print(made)
    screen.print(plain(result.closing))
    if not result.kept:
        more = f"tests/conformance/test_{result.kind}.py"
        screen.print(f"For the whole story: .venv/bin/python -m pytest {more} -x")


def _cases(promise: Promise) -> str:
    return f"broken: {', '.join(filter(None, promise.failed)) or 'yes'}" if promise.failed else ""

"""`deliveries replay` and `reopen`: one, or many that are listed first."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from service.commands.client import BridgeClient
from service.commands.deliveries.asking import (
    REFUSED,
    Command,
    json_option,
    not_there_option,
    order_of,
    ordering,
    post,
    shown_or_json,
)
from service.commands.deliveries.showing import item_line, many_shown, orders_shown
from service.commands.output import CANNOT, as_json, stop
from service.commands.signing_in import connected
from service.domain.delivery import Reason, State
from service.domain.orders import Action


def _many(command: Command) -> Command:
    """References, or a filter; and whether to do it."""
    for option in (
        click.option("--yes", is_flag=True, help="Do it to all that are listed, without asking."),
        click.option("--dry-run", is_flag=True, help="Only list what fits and where it would go."),
        click.option("--expect", help="The digest of a list you looked at: nothing is done if it is another by now."),
        click.option("--limit", type=click.IntRange(1, 1000), default=1000, show_default=True, help="No more at once."),
        click.option("--older-than", help="Those that have been there for so long: 90m, 4h, 2d."),
        click.option("--all", "every", is_flag=True, help="All that fit; without references or a reason."),
        click.option("--reason", type=click.Choice([each.value for each in Reason]), help="Those with this reason."),
        click.argument("references", nargs=-1),
    ):
        command = option(command)
    return command


@click.command()
@_many
@ordering(Action.REPLAY)
@not_there_option
@json_option
@connected
def replay(
    client: BridgeClient, *, references: Sequence[str], not_there: bool, json_wanted: bool, **given: Any
) -> None:
    """Let held deliveries go on, with the profile and mapping that hold now.

    One REFERENCE is replayed at once. Several, or a filter, are listed first, and done when you say so.
    """
    order = _order(given)
    if len(references) == 1 and not _filters(given):
        body = order | ({"not_there": True} if not_there else {})
        found = post(client, f"/deliveries/{references[0]}/replay", body)
        shown_or_json(found, item_line, json_wanted=json_wanted)
        return
    if not_there:
        stop("--not-there is said of one delivery at a time: somebody has looked for it.", CANNOT)
    _replay_many(client, State.NEEDS_HUMAN, references, order, given, json_wanted=json_wanted)


@click.command()
@_many
@ordering(Action.REOPEN)
@json_option
@connected
def reopen(client: BridgeClient, *, references: Sequence[str], json_wanted: bool, **given: Any) -> None:
    """Ask for what was delivered to be looked up again; if it is not there, it is sent again.

    Nothing changes until a second officer approves, through another client: `deliveries approve`.
    """
    order = _order(given)
    if len(references) == 1 and not _filters(given):
        found = post(client, f"/deliveries/{references[0]}/reopen", order)
        shown_or_json(found, lambda each: orders_shown([each]), json_wanted=json_wanted)
        return
    _replay_many(client, State.DELIVERED, references, order, given, json_wanted=json_wanted)


def _replay_many(
    client: BridgeClient,
    state: State,
    references: Sequence[str],
    order: dict[str, Any],
    given: dict[str, Any],
    *,
    json_wanted: bool,
) -> None:
    """Lists first, and does what was listed: the service refuses when others fit by now, or one stands differently."""
    if not (references or given["reason"] or given["older_than"] or given["every"]):
        stop("Say which: references, --reason, --older-than, or --all.", CANNOT)
    wanted = order | {"state": state.value, "limit": given["limit"]}
    wanted |= {name: given[name] for name in ("reason", "older_than") if given[name]}
    wanted |= {"references": list(references)} if references else {}
    listed = post(client, "/replays", wanted | {"dry_run": True})
    if given["dry_run"]:
        shown_or_json(listed, many_shown, json_wanted=json_wanted)
        return
    looked_at = wanted | {"expect": given["expect"] or listed["digest"]}
    _do(lambda: post(client, "/replays", looked_at), listed, given, json_wanted=json_wanted)


def _do(go: Callable[[], dict[str, Any]], listed: dict[str, Any], given: dict[str, Any], *, json_wanted: bool) -> None:
    if not given["yes"]:
        many_shown(listed)
        if not (listed["listed"] and click.confirm(f"{listed['listed']} of them: go on?")):
            stop("Nothing was done.", REFUSED)
    done = go()
    if json_wanted:
        as_json(done)
    else:
        many_shown(done)
        if done["action"] == Action.REOPEN:
            click.echo(f"Waiting for a second officer: wise-bridge deliveries approve {done['batch']} --by …")
    if any(each["why_not"] for each in done["deliveries"]):
        sys.exit(REFUSED)


def _order(given: dict[str, Any]) -> dict[str, Any]:
    return order_of(given["by"], given["because"], given["ticket"])


def _filters(given: dict[str, Any]) -> bool:
    return bool(given["reason"] or given["older_than"] or given["every"] or given["dry_run"] or given["expect"])

"""`deliveries lanes`, `pause`, `stop` and `go-on`: one authority by the REST interface, or all as the owner role."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from service import settings
from service.api.admin.shown import lane_shown as as_shown
from service.commands.adapter.showing import config_option
from service.commands.client import BridgeClient
from service.commands.deliveries.asking import (
    Command,
    get,
    json_option,
    order_of,
    ordering,
    perhaps_connected,
    post,
    shown_or_json,
)
from service.commands.deliveries.showing import lane_shown, lanes_shown
from service.commands.output import CANNOT, told_plainly
from service.configuration import profiles
from service.domain.orders import Action, Because
from service.errors import Unavailable
from service.ports import LaneView
from service.ports.orders import Grounds, Officer
from service.settings import Process
from service.store.engine import short_lived_engine
from service.store.orders import OfficerOrderStore
from service.usecases.orders.desk import OrderDesk
from service.usecases.orders.look import lane
from service.usecases.orders.switch_lane import switch_lane


class _TheSweepSees:
    """`service.ports.Wakeup` for an operator's command: workers look by themselves within a sweep."""

    def look_now(self, authority: str) -> None:
        """Nobody is told."""


everywhere_option = click.option(
    "--all", "everywhere", is_flag=True, help="Every authority, as the owner role (WISE_DATABASE_URL)."
)


@click.command()
@everywhere_option
@json_option
@config_option
@perhaps_connected
def lanes(client: BridgeClient | None, *, everywhere: bool, config: Path, json_wanted: bool) -> None:
    """How the way into the case system stands: held by a person, its breaker, when it was last looked at."""
    if client is None:
        _everywhere(config, lane, json_wanted=json_wanted)
    else:
        shown_or_json(get(client, "/lane"), lane_shown, json_wanted=json_wanted)


def _switching(name: str, action: Action, words: str) -> click.Command:
    def switch(client: BridgeClient | None, *, everywhere: bool, config: Path, json_wanted: bool, **order: Any) -> None:
        if client is None:
            officer = Officer(order["by"], f"operator {getpass.getuser()}")
            why = Grounds(Because(order["because"]), order["ticket"])
            _everywhere(
                config, lambda desk, code: switch_lane(desk, code, action, officer, why), json_wanted=json_wanted
            )
        else:
            path = f"/lane/{action.value.replace('_', '-')}"
            shown_or_json(post(client, path, order_of(**order)), lane_shown, json_wanted=json_wanted)

    command: Command = perhaps_connected(switch)
    for option in (config_option, json_option, ordering(action), everywhere_option):
        command = option(command)
    return click.command(name, help=words)(command)


pause = _switching(
    "pause", Action.PAUSE, "Send nothing new. What may have arrived is still looked up. Holds within one sweep."
)
stop_lane = _switching(
    "stop", Action.STOP, "The kill switch: claim nothing, and stop workers before their next step. Holds at once."
)
go_on = _switching("go-on", Action.GO_ON, "Neither paused nor stopped any longer.")


def _everywhere(config: Path, do: Callable[[OrderDesk, str], LaneView], *, json_wanted: bool) -> None:
    """Each authority by itself: one that cannot be reached keeps no other from being stopped."""
    shown, failed = [], []
    with _owners_desk() as desk:
        for code in profiles(config):
            try:
                shown.append({"authority": code} | as_shown(do(desk, code)))
            except Unavailable:
                failed.append(code)
    shown_or_json(shown, lanes_shown, json_wanted=json_wanted)
    if failed:
        click.echo(f"NOT done, the database could not be reached: {', '.join(failed)}", err=True)
        sys.exit(CANNOT)


@contextmanager
def _owners_desk() -> Iterator[OrderDesk]:
    with told_plainly(), short_lived_engine(settings.load(Process.OWNER).database_url) as engine:
        yield OrderDesk(OfficerOrderStore(engine), _TheSweepSees())

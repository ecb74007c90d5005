"""`wise-bridge deliveries …`: held and replayed, paused and stopped, as a client of the REST interface."""

from __future__ import annotations

import click

from service.commands.deliveries.acting import approve, cancel, delivered, hold, supersede
from service.commands.deliveries.lanes import go_on, lanes, pause, stop_lane
from service.commands.deliveries.looking import list_, orders, preview, show
from service.commands.deliveries.replaying import reopen, replay
from service.commands.deliveries.states import states


@click.group()
def deliveries() -> None:
    """What is held and why; hold, replay, cancel, mark as delivered; pause, stop and go on.

    Needs a client with deliveries:read, and deliveries:act or deliveries:approve to change anything.
    """


for command in (
    list_, show, preview, orders, hold, replay, cancel, supersede, delivered, reopen, approve,
    lanes, pause, stop_lane, go_on, states,
):  # fmt: skip
    deliveries.add_command(command)

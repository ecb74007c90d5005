"""Asking the service: who signs in, what is told when it cannot be asked, and the options that every order takes."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

import click
import requests

from service.commands.client import BridgeClient
from service.commands.output import CANNOT, as_json, stop
from service.commands.signing_in import SignInAs, client_of, sign_in_options, told
from service.domain.orders import GROUNDS, Action

REFUSED = 1
_TIMEOUT = (3, 60)
Command = Callable[..., None]

json_option = click.option("--json", "json_wanted", is_flag=True, help="The service's answer as JSON.")
reference_argument = click.argument("reference")
not_there_option = click.option(
    "--not-there", is_flag=True, help="You have looked in the case system yourself, and it is not there."
)


def perhaps_connected(command: Command) -> Command:
    """The same for a command that can also be given to the database itself, as its owner: then there is no client."""

    @wraps(command)
    def with_client(sign_in: SignInAs, **others: Any) -> None:
        if others.get("everywhere"):
            command(None, **others)
            return
        with told(sign_in.url):
            command(client_of(sign_in), **others)

    return sign_in_options(with_client, required=False)


def ordering(*actions: Action) -> Callable[[Command], Command]:
    """The options of whoever orders: who they are, why, and where more about it stands."""
    reasons = list(dict.fromkeys(each.value for action in actions for each in GROUNDS[action]))

    def add(command: Command) -> Command:
        for option in (
            click.option("--ticket", help="Where more about it stands: a reference in your service desk, no words."),
            click.option("--because", type=click.Choice(reasons), required=True, help="Why."),
            click.option("--by", required=True, help="Who orders it: their staff reference, not their name."),
        ):
            command = option(command)
        return command

    return add


def order_of(by: str, because: str, ticket: str | None, **more: Any) -> dict[str, Any]:
    """What is sent: only what was given."""
    return {"by_ref": by, "because": because} | {k: v for k, v in {"ticket": ticket, **more}.items() if v is not None}


def get(client: BridgeClient, path: str, **query: str) -> dict[str, Any]:
    """One answer. Exit code 1 when it was refused."""
    found: dict[str, Any] = good(client.get(f"/v1/admin{path}", **query)).json()
    return found


def pages(client: BridgeClient, path: str, name: str, at_most: int, **query: str) -> list[dict[str, Any]]:
    """Up to `at_most` of a list, page by page."""
    answer = get(client, path, **query, limit=str(min(at_most, 200)))
    found: list[dict[str, Any]] = list(answer[name])
    while len(found) < at_most and (onward := answer["links"].get("next")):
        answer = good(client.get(onward)).json()
        found += answer[name]
    return found[:at_most]


def post(client: BridgeClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """An order. Longer than usual, for many at once take their time."""
    headers = {"Content-Type": "application/json"} | client.authorisation()
    address = f"{client.base_url}/v1/admin{path}"
    answer = requests.post(
        address, data=json.dumps(body).encode(), headers=headers, timeout=_TIMEOUT, allow_redirects=False
    )
    found: dict[str, Any] = good(answer).json()
    return found


def good(answer: requests.Response) -> requests.Response:
    """The answer, or an exit code with every fault that the service tells."""
    if not answer.ok:
        problem = answer.json()
        faults = (f"\n  {each['pointer']}  {each['detail']} {each['fix']}" for each in problem.get("errors", ()))
        stop(problem.get("detail", "Refused.") + "".join(faults), CANNOT if answer.status_code >= 500 else REFUSED)
    return answer


def shown_or_json(found: Any, show: Callable[[Any], None], *, json_wanted: bool) -> None:
    """For a program, or for a person."""
    if json_wanted:
        as_json(found)
    else:
        show(found)

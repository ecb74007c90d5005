"""`GET /v1/aggregates` and `/v1/aggregates/{table}`: for the Hub, over the central side only."""

from __future__ import annotations

from typing import Any, Protocol

from flask import Blueprint, Flask, Response, current_app, jsonify, request

from service.api.application import bare_application
from service.api.guard import needs
from service.api.health import register as register_health
from service.api.paging import only_parameters
from service.api.tokens import TokenReader
from service.errors import Malformed, NotThere

blueprint = Blueprint("aggregates", __name__, url_prefix="/v1/aggregates")


class Aggregates(Protocol):
    """The central side, as this route sees it."""

    def menu(self) -> list[dict[str, Any]]:
        """Every table there is."""

    def quarters(self) -> list[str]:
        """The quarters that can be asked for, newest first."""

    def table(self, name: str, quarter: str) -> dict[str, Any] | None:
        """One protected table, or None."""

    def answers(self) -> bool:
        """Whether its database answers."""


def hub_application(aggregates: Aggregates, reader: TokenReader) -> Flask:
    """The Hub's application. It is given nothing that can reach the casework side."""
    app = bare_application("wise-bridge-hub")
    app.extensions["wise_bridge_central"] = aggregates
    app.extensions["wise_bridge_tokens"] = reader
    register_health(app, aggregates.answers)
    app.register_blueprint(blueprint)
    return app


def _central() -> Aggregates:
    found: Aggregates = current_app.extensions["wise_bridge_central"]
    return found


@blueprint.get("")
@needs("aggregates:read")
def menu() -> Response:
    """The fixed menu."""
    _only(())
    return jsonify({"tables": _central().menu(), "quarters": _central().quarters()})


@blueprint.get("/<name>")
@needs("aggregates:read")
def table(name: str) -> Response:
    """One table for one quarter. There are no other filters, on purpose: combined, they give people away."""
    _only(("quarter",))
    quarters = _central().quarters()
    quarter = request.args.get("quarter", quarters[0])
    if quarter not in quarters:
        raise Malformed(f"`quarter` is one of: {', '.join(quarters)}.")
    found = _central().table(name, quarter)
    if found is None:
        raise NotThere("There is no such table. See /v1/aggregates for those there are.")
    return jsonify(found)


def _only(allowed: tuple[str, ...]) -> None:
    only_parameters(allowed, "There is no such filter: tables are fixed, because combined filters give people away.")

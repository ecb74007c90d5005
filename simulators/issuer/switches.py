"""Switches beside those for faults, for demonstrations and black-box tests. They are part of no protocol."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request

from simulators.kit.control import own_machine_only
from simulators.kit.faults import FaultError

from .logout import BackChannel
from .people import person_of
from .world import World


def switches_blueprint(world: World, channel: BackChannel) -> Blueprint:
    """POST to `/_simulator/keys`, `/people`, `/clock`, `/log-out`; GET `/_simulator/variants`."""
    found = Blueprint("issuer-switches", __name__, url_prefix="/_simulator")
    found.before_request(own_machine_only)
    changes: dict[str, Callable[[World, BackChannel, dict[str, Any]], Any]] = {
        "keys": _keys,
        "people": _people,
        "clock": _clock,
        "log-out": _log_out,
    }

    @found.post("/<name>")
    def change(name: str) -> Response | tuple[Response, int]:
        given = request.get_json(silent=True)
        if name not in changes or not isinstance(given, dict):
            return jsonify({"code": "SWITCH", "message": f"switches take JSON and are {', '.join(changes)}"}), 422
        try:
            return jsonify(changes[name](world, channel, given))
        except (TypeError, ValueError, KeyError) as error:
            raise FaultError(f"the switch {name} does not take this") from error

    found.register_error_handler(FaultError, lambda error: (jsonify({"code": "SWITCH", "message": str(error)}), 422))
    return found


def _keys(world: World, _: BackChannel, given: dict[str, Any]) -> Any:
    """{"keep": true}: new keys; without it those before are no longer published."""
    world.keys.rotate(keep=bool(given.get("keep", True)))
    return {"changed": True}


def _people(world: World, _: BackChannel, given: dict[str, Any]) -> Any:
    """A whole person, by the fields of people.yaml."""
    world.people.put(person_of(given))
    return {"changed": True}


def _clock(world: World, _: BackChannel, given: dict[str, Any]) -> Any:
    """{"ahead": seconds}."""
    world.clock.ahead = float(given["ahead"])
    return {"changed": True}


def _log_out(world: World, channel: BackChannel, given: dict[str, Any]) -> Any:
    """{"login": …}: every session of theirs ends, and clients are told."""
    sessions = world.grants.sessions_of(given["login"])
    return [told.__dict__ for session in sessions for told in channel.end(session)]

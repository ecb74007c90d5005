"""The routes of the protocol: read the request, call the operation, write the answer."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from simulators.kit.bad_days import committed
from simulators.lcs_rest import body, checks
from simulators.lcs_rest.memory import Held, Memory
from simulators.lcs_rest.model import NONE, Form, Task, Withdrawal
from simulators.lcs_rest.operations import Operations
from simulators.lcs_rest.people import World
from simulators.lcs_rest.refusals import bad_request, unknown_record

Made = tuple[Response, int]


def api_blueprint(operations: Operations, memory: Memory, world: World) -> Blueprint:
    """The protocol's routes, without the base path."""
    api = Blueprint("api", __name__)
    _add_people(api, world)
    _add_lookups(api, memory)
    _add_forms(api, operations, memory)
    _add_others(api, operations)
    return api


def _add_people(api: Blueprint, world: World) -> None:
    @api.get("/people/<person>")
    def person(person: str) -> Response:
        return jsonify(checks.visible(world, _number(person)).wire())

    @api.get("/people")
    def people() -> Response:
        legacy_id = _parameter("legacyId")
        found = [one for one in world.people.values() if one.legacy_id == legacy_id and not one.hidden]
        return jsonify(people=[one.wire() for one in found])


def _add_lookups(api: Blueprint, memory: Memory) -> None:
    """Nothing about the person stands in the way: what is found was sent by this client."""

    def under(kind: type) -> list[dict[str, Any]]:
        reference = _parameter("externalReference")
        if not body.reference(reference):
            raise bad_request("externalReference")
        return [_wire(held, memory) for held in memory.under(reference) if isinstance(held, kind)]

    api.add_url_rule("/forms", "forms", lambda: jsonify(forms=under(Form)))
    api.add_url_rule("/tasks", "tasks", lambda: jsonify(tasks=under(Task)))
    api.add_url_rule("/withdrawals", "withdrawals", lambda: jsonify(withdrawals=under(Withdrawal)))

    @api.get("/records/<record>")
    def record(record: str) -> Response:
        with memory.lock:
            versions, withdrawal = memory.record(_number(record)), memory.withdrawal(_number(record))
            return jsonify(_record(versions, withdrawal, (_wire(form, memory) for form in versions)))


def _record(versions: list[Form], withdrawal: Withdrawal | None, shown: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    if not versions:
        raise unknown_record()
    first = versions[0]
    return {
        "recordId": first.record_id,
        "personId": first.person_id,
        "formType": first.form_type,
        "versions": list(shown),
        "withdrawal": withdrawal.wire() if withdrawal else None,
    }


def _add_forms(api: Blueprint, operations: Operations, memory: Memory) -> None:
    @api.get("/forms/<form>")
    def form(form: str) -> Response:
        return jsonify(_wire(operations.form(_number(form)), memory))

    @api.post("/forms")
    def open_form() -> Made:
        return _made(_wire(operations.open_form(_sent), memory), 201)

    @api.post("/forms/<form>/documents")
    def document(form: str) -> Made:
        return _made(operations.add_document(_number(form), _sent).wire(), 201)

    @api.put("/forms/<form>/answers")
    def answers(form: str) -> Made:
        return _made(_wire(operations.replace_answers(_number(form), _sent), memory), 200)

    @api.post("/forms/<form>/complete")
    def complete(form: str) -> Made:
        return _made(_wire(operations.complete(_number(form), _sent), memory), 200)


def _add_others(api: Blueprint, operations: Operations) -> None:
    @api.post("/withdrawals")
    def withdraw() -> Made:
        return _made(operations.withdraw(_sent).wire(), 201)

    @api.post("/tasks")
    def task() -> Made:
        return _made(operations.raise_task(_sent).wire(), 201)


def _wire(held: Held, memory: Memory) -> dict[str, Any]:
    if isinstance(held, Form):
        return held.wire(withdrawn=memory.withdrawal(held.record_id) is not None)
    return held.wire()


def _sent(shape: Mapping[str, body.Check]) -> dict[str, Any]:
    return body.read(request, shape)


def _made(content: dict[str, Any], status: int) -> Made:
    """Tells the layer outside that a change is stored, which is what some faults wait for."""
    committed()
    return jsonify(content), status


def _number(written: str) -> int:
    """A number from the path; what is none is the number nothing has."""
    return int(written) if re.fullmatch(r"[0-9]{1,18}", written) else NONE


def _parameter(name: str) -> str:
    if list(request.args) != [name] or len(request.args.getlist(name)) != 1:
        raise bad_request(name)
    return request.args[name]

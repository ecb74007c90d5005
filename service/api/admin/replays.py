"""`POST /v1/admin/replays`: many deliveries at once, listed first."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from service.api.admin.asked import admin_blueprint, age, grounds, officer, sent, staff
from service.api.guard import caller, needs
from service.api.openapi import tells
from service.api.openapi.answers.officers import REPLAYS
from service.api.openapi.bodies import body_of
from service.api.openapi.shapes import json
from service.api.schemas.structure import build_schema
from service.api.services import services
from service.domain.delivery import Reason, State
from service.domain.faults import Fault
from service.domain.fields import Field, Group, Klass, Token, Whole
from service.domain.orders import GROUNDS, Action
from service.domain.records.shorthand import coded, flag, many, ref
from service.errors import Invalid, Malformed
from service.ports.orders import Wanted
from service.usecases.orders.replay_many import COUNTED_UP_TO, MANY_MAX, Listed, Many, list_many, replay_many

blueprint = admin_blueprint("replays", "replays")
_LISTED = {
    200: json("The list, or what was done to it.", REPLAYS),
    202: json("Asked to be reopened; they wait for a second officer.", REPLAYS),
}


def _whole(low: int, high: int) -> Whole:
    return Whole(klass=Klass.OPERATIONAL, min=low, max=high)


_WHY = dict.fromkeys(each.value for action in (Action.REPLAY, Action.REOPEN) for each in GROUNDS[action])
_AGE = Token(klass=Klass.OPERATIONAL, pattern=r"[1-9][0-9]{0,4}[mhd]", max=6, example="4h")
_FIELDS: dict[str, Field] = {
    "by_ref": staff(),
    "because": coded(tuple(_WHY), required=True, klass=Klass.OPERATIONAL),
    "ticket": ref(),
    "state": coded((State.NEEDS_HUMAN.value, State.DELIVERED.value), klass=Klass.OPERATIONAL),
    "reason": coded(tuple(Reason), klass=Klass.OPERATIONAL),
    "older_than": _AGE,
    "references": many(ref(required=True), low=1, high=MANY_MAX),
    "limit": _whole(1, MANY_MAX),
    "dry_run": flag(),
    "expect": Token(klass=Klass.OPERATIONAL, pattern=r"[0-9a-f]{64}", max=64, example="0" * 64),
}
_REPLAYS = build_schema(Group(fields=_FIELDS))


@blueprint.post("")
@needs("deliveries:act")
@tells(_LISTED, body=body_of("Replays", _REPLAYS), problems=(409,))
def replay_deliveries() -> Response:
    """With `dry_run` a list of what fits and where it would go; without, it is done to exactly what `expect` names.

    What waits for a person goes on. What was delivered is asked to be reopened, and waits for a second officer.
    """
    body = sent(_REPLAYS)
    wanted, limit, desk = _wanted(body), body.get("limit", MANY_MAX), services().orders
    _require_fitting(body)
    if body.get("dry_run", False):
        return _answer(list_many(desk, caller().authority, wanted, limit))
    done = replay_many(
        desk, caller().authority, wanted, officer(body), grounds(body), limit=limit, expect=_expected(body)
    )
    return _answer(done)


def _wanted(body: dict[str, Any]) -> Wanted:
    return Wanted(
        states=(State(body.get("state", State.NEEDS_HUMAN.value)),),
        reasons=(Reason(body["reason"]),) if "reason" in body else (),
        references=body.get("references", ()),
        older_than=age(body.get("older_than")),
    )


def _require_fitting(body: dict[str, Any]) -> None:
    """Why something goes on is no reason to reopen what is done."""
    action = Action.REOPEN if body.get("state") == State.DELIVERED else Action.REPLAY
    if body["because"] not in {each.value for each in GROUNDS[action]}:
        fix = f"For this it is one of: {', '.join(GROUNDS[action])}."
        raise Invalid("Nothing was done.", faults=[Fault("/because", "OR-2", "This reason does not fit.", fix)])


def _expected(body: dict[str, Any]) -> str:
    """Nobody replays what they have not seen listed."""
    if "expect" not in body:
        raise Malformed("List them first with `dry_run`: true. Then send its `digest` as `expect`.")
    return str(body["expect"])


def _answer(many_: Many) -> Response:
    response = jsonify(
        {
            "action": many_.action.value,
            "batch": str(many_.batch) if many_.batch else None,
            "dry_run": many_.batch is None,
            "matching": many_.matching,
            "matching_is_more": many_.matching >= COUNTED_UP_TO,
            "listed": len(many_.listed),
            "digest": many_.digest,
            "deliveries": [_shown(each) for each in many_.listed],
        }
    )
    response.status_code = 202 if many_.batch and many_.action is Action.REOPEN else 200
    return response


def _shown(each: Listed) -> dict[str, Any]:
    return {
        "reference": each.reference,
        "receipt_id": str(each.submission_id),
        "state": each.state.value,
        "reason": each.reason.value,
        "leads_to": each.leads_to.value if each.leads_to else None,
        "why_not": each.why_not,
    }

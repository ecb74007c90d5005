"""`/v1/admin/deliveries`: what is held and why, a dry run, and an officer's orders about one delivery."""

from __future__ import annotations

from uuid import UUID

from flask import Response, jsonify, request

from service.api.admin.asked import (
    AGE_WORDS,
    admin_blueprint,
    age,
    grounds,
    officer,
    officer_asking,
    order_schema,
    reasons,
    sent,
    staff,
    states,
)
from service.api.admin.shown import inspected_shown, item_shown, order_shown, preview_shown
from service.api.guard import caller, needs
from service.api.openapi import Parameter, tells
from service.api.openapi.answers.officers import INSPECTED, ITEM, ITEMS, ORDER, PREVIEW
from service.api.openapi.answers.records import REASON, STATE
from service.api.openapi.bodies import body_of
from service.api.openapi.parameters import NEXT, PAGED
from service.api.openapi.shapes import TEXT, json
from service.api.paging import cursor_parts, only_parameters, page, page_limit
from service.api.services import services
from service.domain.delivery import TERMINAL, State
from service.domain.fields import Instant, Klass, Token
from service.domain.orders import Action
from service.domain.records.shorthand import REF, flag
from service.ports.orders import Officer, Seen, Wanted
from service.usecases.orders.cancel import cancel
from service.usecases.orders.desk import OrderDesk
from service.usecases.orders.evidence import mark_delivered
from service.usecases.orders.hold import hold
from service.usecases.orders.look import inspect
from service.usecases.orders.look import page as page_of_items
from service.usecases.orders.reopen import ask_to_reopen
from service.usecases.orders.replay import replay
from service.usecases.orders.supersede import supersede

blueprint = admin_blueprint("deliveries", "deliveries")
_STATE = Parameter("state", STATE, "Left out: everything that is not done.")
_WHY = Parameter("reason", REASON, "Only those for this reason.")
_OLDER = Parameter(
    "older_than", TEXT | {"pattern": "^[1-9][0-9]{0,4}[mhd]$"}, f"In their state for longer: {AGE_WORDS}."
)
_BY = Parameter(
    "by_ref", TEXT | {"pattern": f"^(?:{REF})$"}, "Whoever reads this; that they did is noted.", required=True
)
_ITEM = {200: json("The delivery as it stands now.", ITEM)}
_PREVIEW = {200: json("What would be sent.", PREVIEW)}

_NUMBER = r"[A-Za-z0-9](?:[A-Za-z0-9 ._/:#-]{0,62}[A-Za-z0-9])?"


def _number(*, required: bool = False) -> Token:
    return Token(klass=Klass.OPERATIONAL, pattern=_NUMBER, max=64, example="2026-004711", required=required)


_HOLD = order_schema(Action.HOLD)
_REPLAY = order_schema(Action.REPLAY, not_there=flag(only_true=True))
_SUPERSEDE = order_schema(Action.SUPERSEDE, not_there=flag(only_true=True))
_CANCEL = order_schema(Action.CANCEL, not_there=flag(only_true=True))
_REOPEN = order_schema(Action.REOPEN)
_EVIDENCE = order_schema(
    Action.EVIDENCE,
    record_number=_number(required=True),
    document_number=_number(),
    seen_by_ref=staff(),
    seen_at=Instant(klass=Klass.OPERATIONAL, required=True),
)


@blueprint.get("")
@needs("deliveries:read")
@tells({200: json("A page of deliveries.", ITEMS, Link=NEXT)}, query=(_STATE, _WHY, _OLDER, *PAGED))
def list_deliveries() -> Response:
    """By state, reason and age; without a state, everything that is not done. What changed longest ago comes first."""
    only_parameters({"state", "reason", "older_than", "cursor", "limit"})
    wanted = Wanted(
        states=states(request.args.get("state")) or frozenset(State) - TERMINAL,
        reasons=reasons(request.args.get("reason")),
        older_than=age(request.args.get("older_than")),
    )
    limit, after = page_limit(), cursor_parts(lambda changed, item_id: (int(changed), UUID(item_id)))
    found = page_of_items(_desk(), caller().authority, wanted, after=after, limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return page(
        "deliveries",
        [item_shown(each) for each in found[:limit]],
        (str(last.changed_in), str(last.id)) if last else None,
    )


@blueprint.get("/<reference>")
@needs("deliveries:read")
@tells({200: json("The delivery.", INSPECTED)}, query=())
def show_delivery(reference: str) -> Response:
    """Everything about one but its words: attempts, orders, lane, what goes before it, and what can be done now."""
    only_parameters(())
    return jsonify(inspected_shown(inspect(_desk(), caller().authority, reference)))


@blueprint.get("/<reference>/preview")
@needs("deliveries:read")
@tells(_PREVIEW, query=(), problems=(409, 410))
def preview_delivery(reference: str) -> Response:
    """What would be sent now, question by question, against the last attempt's mapping: codes and lengths."""
    only_parameters(())
    client = caller()
    who = Officer(client.person or client.client_id, client.client_id)
    found = services().previews(client.authority, reference, who, words=False)
    return jsonify(preview_shown(found, words=False))


@blueprint.get("/<reference>/preview/words")
@needs("deliveries:open")
@tells(_PREVIEW, query=(_BY,), problems=(409, 410))
def preview_words(reference: str) -> Response:
    """The same with the words of the record, for a client that may open it. Whoever reads says who, and it is noted."""
    only_parameters({"by_ref"})
    found = services().previews(caller().authority, reference, officer_asking(), words=True)
    return jsonify(preview_shown(found, words=True))


@blueprint.post("/<reference>/hold")
@needs("deliveries:act")
@tells(_ITEM, body=body_of("Hold", _HOLD), problems=(409,))
def hold_delivery(reference: str) -> Response:
    """It waits for a person from now on."""
    body = sent(_HOLD)
    return jsonify(item_shown(hold(_desk(), caller().authority, reference, officer(body), grounds(body))))


@blueprint.post("/<reference>/replay")
@needs("deliveries:act")
@tells(_ITEM, body=body_of("Replay", _REPLAY), problems=(409,))
def replay_delivery(reference: str) -> Response:
    """It goes on: at once, or looked up first when something may have arrived."""
    body = sent(_REPLAY)
    done = replay(
        _desk(), caller().authority, reference, officer(body), grounds(body), not_there=body.get("not_there", False)
    )
    return jsonify(item_shown(done))


@blueprint.post("/<reference>/supersede")
@needs("deliveries:act")
@tells(_ITEM, body=body_of("Supersede", _SUPERSEDE), problems=(409,))
def supersede_delivery(reference: str) -> Response:
    """A correction, which names its record, takes its place."""
    body = sent(_SUPERSEDE)
    done = supersede(
        _desk(), caller().authority, reference, officer(body), grounds(body), not_there=body.get("not_there", False)
    )
    return jsonify(item_shown(done))


@blueprint.post("/<reference>/cancel")
@needs("deliveries:act")
@tells(_ITEM, body=body_of("Cancel", _CANCEL), problems=(409,))
def cancel_delivery(reference: str) -> Response:
    """It ends here."""
    body = sent(_CANCEL)
    done = cancel(
        _desk(), caller().authority, reference, officer(body), grounds(body), not_there=body.get("not_there", False)
    )
    return jsonify(item_shown(done))


@blueprint.post("/<reference>/evidence")
@needs("deliveries:act")
@tells(_ITEM, body=body_of("Evidence", _EVIDENCE), problems=(409,))
def mark_delivery_delivered(reference: str) -> Response:
    """Somebody has seen it in the case system: its number there, who looked, and when."""
    body = sent(_EVIDENCE)
    seen = Seen(body["record_number"], body.get("document_number"), body["seen_by_ref"], body["seen_at"])
    return jsonify(
        item_shown(mark_delivered(_desk(), caller().authority, reference, officer(body), grounds(body), seen=seen))
    )


@blueprint.post("/<reference>/reopen")
@needs("deliveries:act")
@tells({202: json("Asked; it waits for a second officer.", ORDER)}, body=body_of("Reopen", _REOPEN), problems=(409,))
def reopen_delivery(reference: str) -> Response:
    """Asks for what was delivered to be looked up again: 202, until a second officer approves it."""
    body = sent(_REOPEN)
    response = jsonify(order_shown(ask_to_reopen(_desk(), caller().authority, reference, officer(body), grounds(body))))
    response.status_code = 202
    return response


def _desk() -> OrderDesk:
    return services().orders

"""`/v1/admin/lane`: how the way into the authority's case system stands; pausing it, stopping it, letting it go on."""

from __future__ import annotations

from flask import Response, jsonify

from service.api.admin.asked import admin_blueprint, grounds, officer, order_schema, sent
from service.api.admin.shown import lane_shown
from service.api.guard import caller, needs
from service.api.openapi import tells
from service.api.openapi.answers.officers import LANE
from service.api.openapi.bodies import body_of
from service.api.openapi.shapes import json
from service.api.paging import only_parameters
from service.api.schemas.structure import RecordSchema
from service.api.services import services
from service.domain.orders import Action
from service.usecases.orders.look import lane
from service.usecases.orders.switch_lane import switch_lane

blueprint = admin_blueprint("lane", "lane")
_LANE = {200: json("The lane as it stands now.", LANE)}

_PAUSE, _STOP, _GO_ON = (order_schema(action) for action in (Action.PAUSE, Action.STOP, Action.GO_ON))


@blueprint.get("")
@needs("deliveries:read")
@tells(_LANE, query=())
def show_lane() -> Response:
    """What a person said about it, its breaker, and when it was last looked at."""
    only_parameters(())
    return jsonify(_shown_for(caller().authority))


@blueprint.post("/pause")
@needs("deliveries:act")
@tells(_LANE, body=body_of("Pause", _PAUSE), problems=(409,))
def pause_lane() -> Response:
    """Nothing new is sent; what may have arrived is still looked up."""
    return _switched(Action.PAUSE, _PAUSE)


@blueprint.post("/stop")
@needs("deliveries:act")
@tells(_LANE, body=body_of("Stop", _STOP), problems=(409,))
def stop_lane() -> Response:
    """The kill switch: nothing is claimed, and workers stop before their next step."""
    return _switched(Action.STOP, _STOP)


@blueprint.post("/go-on")
@needs("deliveries:act")
@tells(_LANE, body=body_of("GoOn", _GO_ON), problems=(409,))
def go_on_with_lane() -> Response:
    """Neither paused nor stopped any longer. An open breaker stays open until its time is over."""
    return _switched(Action.GO_ON, _GO_ON)


def _switched(action: Action, schema: RecordSchema) -> Response:
    body, authority = sent(schema), caller().authority
    view = switch_lane(services().orders, authority, action, officer(body), grounds(body))
    return jsonify({"authority": authority} | lane_shown(view))


def _shown_for(authority: str) -> dict[str, object]:
    return {"authority": authority} | lane_shown(lane(services().orders, authority))

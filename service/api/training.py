"""`/v1/training-records`: who attended which training, for the Hub's trainers and for an authority's own staff.

The same routes in both web processes, each with its own database role: on the casework side an authority sees and
writes its own workers, on the Hub's side a trainer names the authority. No answer tells of a young person's record.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, current_app, jsonify, request

from service.api.guard import caller, needs
from service.api.openapi import Parameter, tells
from service.api.openapi.answers.training import RECORDS, REGISTERED, RESULTS
from service.api.openapi.bodies import one_or_many
from service.api.openapi.parameters import NEXT, PAGED
from service.api.openapi.shapes import TEXT, json, one_of
from service.api.paging import only_parameters, page_limit, page_of, since_moment
from service.api.parsing import body_bytes
from service.api.scopes import HUB
from service.api.training_items import ITEMS_MAX, NOT_YOURS, SCHEMA, Item, for_tenant, item_faults, items_of
from service.domain.faults import Fault, pointer
from service.domain.records.shorthand import REF
from service.domain.training.record import COURSES, TRAINING_RECORD, training_record
from service.errors import Conflict, Invalid, Malformed, NotAllowed
from service.ports.training import Outcome, Registration, TrainingDesk, TrainingView

blueprint = Blueprint("training", __name__, url_prefix="/v1/training-records")
_WORKER = Parameter(
    "professional_ref", TEXT | {"pattern": f"^(?:{REF})$"}, "One worker, by their authority's reference."
)
_COURSE = Parameter("course", one_of(COURSES), "One course.")
_AUTHORITY = Parameter("authority", TEXT, "One authority.", side="hub")
_SENT = one_or_many("TrainingRecord", SCHEMA, most=ITEMS_MAX, filled_in=("authority",))
_REGISTERED = {
    201: json("Registered.", REGISTERED),
    200: json(
        "Registered before, or brought up to date; of a list, what became of each.", {"anyOf": [REGISTERED, RESULTS]}
    ),
}
STATUS = {Outcome.REGISTERED: 201, Outcome.REPLAYED: 200, Outcome.UPDATED: 200, Outcome.CONTRADICTS: 409}


class Contradiction(Conflict):
    """The attendance is registered, and something about it that can't change is said to be different."""

    title = "That attendance is registered with other content"


@dataclass(frozen=True)
class Training:
    """What these routes are given by the wiring. `authorities` are all that take part, by their codes."""

    desk: TrainingDesk
    today: Callable[[], date]
    authorities: Collection[str]
    for_hub: bool


@dataclass(frozen=True, repr=False)
class Result:
    """What became of one item."""

    item: Item
    status: int
    outcome: str
    faults: Sequence[Fault] = ()
    id: UUID | None = None


def register(app: Flask, training: Training) -> None:
    """Adds the register to one of the two applications."""
    app.extensions["wise_bridge_training"] = training
    app.register_blueprint(blueprint)


@blueprint.post("")
@needs("training:write")
@tells(_REGISTERED, query=(), body=_SENT, problems=(409,))
def post_training_records() -> Response:
    """Registers one attendance, or a list or file of them, of which one that is refused holds up no other."""
    only_parameters(())
    tenant = _tenant()
    items = items_of(body_bytes(request, "application/json", "text/csv"), request.mimetype)
    results = list(_taken(items, tenant))
    alone = items[0].index is None and items[0].row is None
    return _one(results[0]) if alone else _many(results)


@blueprint.get("")
@needs("training:read")
@tells(
    {200: json("A page, in order of registration.", RECORDS, Link=NEXT)}, query=(_WORKER, _COURSE, _AUTHORITY, *PAGED)
)
def list_training_records() -> Response:
    """Attendances in order of registration; an authority's own, or for the Hub's trainers everybody's."""
    only_parameters({"professional_ref", "course", "cursor", "limit"} | ({"authority"} if _here().for_hub else set()))
    tenant, limit = _tenant() or request.args.get("authority"), page_limit()
    after = since_moment()
    found = _here().desk.page(tenant=tenant, professional_ref=_worker(), course=_course(), after=after, limit=limit + 1)
    return page_of("training_records", found, limit, _shown, lambda each: (each.registered_at, each.id))


def _here() -> Training:
    found: Training = current_app.extensions["wise_bridge_training"]
    return found


def _tenant() -> str | None:
    """The one authority the caller acts for, or None for the Hub. Each kind of client has its own address."""
    authority, here = caller().authority, _here()
    if (authority == HUB) is not here.for_hub or not (here.for_hub or authority in here.authorities):
        raise NotAllowed("Authorities keep their training records on the casework side, the Hub's trainers on theirs.")
    return None if here.for_hub else authority


def _taken(items: Sequence[Item], tenant: str | None) -> Iterator[Result]:
    """Judges all, registers those without a fault in one transaction, and says of each what became of it."""
    here = _here()
    today = here.today()
    faults = [item_faults(item, tenant, here.authorities, today) for item in items]
    sound = [training_record(for_tenant(item, tenant)) for item, found in zip(items, faults, strict=True) if not found]
    registered = iter(here.desk.register(sound, tenant=tenant, by=caller().client_id))
    for item, found in zip(items, faults, strict=True):
        yield _refused(item, found) if found else _registered(item, next(registered))


def _refused(item: Item, faults: Sequence[Fault]) -> Result:
    return Result(item, 403 if NOT_YOURS in faults else 422, "refused", faults)


def _registered(item: Item, taken: Registration) -> Result:
    faults = [
        Fault(
            pointer(name),
            "TR-4",
            "This differs from what is registered, and can't change.",
            "Leave the field out to keep what is registered; if that is the mistake, give `revoked_on`.",
        )
        for name in (taken.fields if taken.outcome is Outcome.CONTRADICTS else ())
    ]
    return Result(item, STATUS[taken.outcome], taken.outcome.value, faults, taken.id)


def _one(result: Result) -> Response:
    if result.status == 403:
        raise NotAllowed(f"{NOT_YOURS.detail} (rule S1)")
    if result.status == 409:
        raise Contradiction("Nothing was changed.", faults=result.faults)
    if result.faults:
        raise Invalid(f"{len(result.faults)} to correct. Nothing was registered.", faults=result.faults)
    response = jsonify({"id": str(result.id), "outcome": result.outcome})
    response.status_code = result.status
    return response


def _many(results: Sequence[Result]) -> Response:
    """200 for the list as a whole; each item has the status it would have had alone."""
    return jsonify({"counts": Counter(each.outcome for each in results), "results": [_said(each) for each in results]})


def _said(result: Result) -> dict[str, Any]:
    said: dict[str, Any] = {**result.item.place, "status": result.status, "outcome": result.outcome}
    if result.id:
        said["id"] = str(result.id)
    if result.faults:
        said["errors"] = [result.item.shown(fault) for fault in result.faults]
    return said


def _worker() -> str | None:
    given = request.args.get("professional_ref")
    if given is not None and not re.fullmatch(REF, given):
        raise Malformed("`professional_ref` is an authority's own reference for a worker, without spaces.")
    return given


def _course() -> str | None:
    given = request.args.get("course")
    if given is not None and given not in COURSES:
        raise Malformed(f"`course` is one of: {', '.join(COURSES)}.")
    return given


def _shown(view: TrainingView) -> dict[str, Any]:
    fields = {name: _plain(getattr(view.record, name)) for name in TRAINING_RECORD.fields}
    return {
        "id": str(view.id),
        **fields,
        "registered_at": view.registered_at.isoformat(),
        "registered_by": view.registered_by,
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value

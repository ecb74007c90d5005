"""What the routes for feedback and supervision share: whose it is, what is wrong with it, and the answer to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from flask import Response, jsonify, request
from marshmallow import Schema

from service.api.guard import caller
from service.api.parsing import json_body
from service.api.schemas import message
from service.api.schemas.structure import faults_of
from service.api.services import services
from service.api.who import in_own_name
from service.domain.faults import Fault
from service.errors import Invalid, NotAllowed
from service.usecases.keep_sealed import Taken

FAULTS_MAX = 50
_NO_SCORE = "Nobody is scored here. Say it in words, or leave it out."

Rules = Callable[[Mapping[str, Any], date], Iterable[Fault]]


def own_authority() -> str:
    """The caller's. Raises `NotAllowed` for one that keeps nothing here: the Hub above all."""
    authority = caller().authority
    if authority not in services().policies:
        raise NotAllowed("Only an authority's own client may use this address.")
    return authority


def judged_body(schema: Schema, rules: Rules, *, by: str = "") -> dict[str, Any]:
    """The request's object, when nothing is wrong with it. Raises `Invalid` with every fault, or `NotAllowed`.

    `by` is the member that says who does it; a person who is signed in may leave it out, and names nobody else there.
    """
    sent = in_own_name(json_body(request)[0], by)
    authority = own_authority()
    if sent.get("authority", authority) != authority:
        raise NotAllowed("This client may send what is its own authority's only (rule S1).")
    if faults := all_faults(schema, rules, sent, services().clock.today()):
        count = len(faults)
        words = f"{count} {'thing needs' if count == 1 else 'things need'} correcting. Nothing was stored."
        raise Invalid(words, faults=faults)
    return sent


def all_faults(schema: Schema, rules: Rules, sent: Mapping[str, Any], today: date) -> list[Fault]:
    """By structure and by rules, in order of place; where both find something, what the structure says."""
    found = {fault.pointer: _worded(fault) for fault in faults_of(schema, sent)}
    for fault in rules(sent, today):
        found.setdefault(fault.pointer, fault)
    faults = sorted(found.values())
    if len(faults) <= FAULTS_MAX:
        return faults
    more = f"There are {len(faults):,} faults; the first {FAULTS_MAX} are listed."
    return [*faults[:FAULTS_MAX], Fault("", "F-many", more, "Check again.")]


def _worded(fault: Fault) -> Fault:
    """The general words point to an exploitation statement, and there is none here."""
    if fault.code != message.NO_SCORE.code:
        return fault
    return Fault(fault.pointer, fault.code, fault.detail, _NO_SCORE)


def taken_answer(taken: Taken) -> Response:
    """201, or 200 for what was here already."""
    response = jsonify(
        {"id": str(taken.id), "received_at": taken.received_at.isoformat(), "replayed": taken.replayed},
    )
    response.status_code = 200 if taken.replayed else 201
    return response

"""`POST /v1/wise-assessments`, `/v1/rise-meeting-outputs`, `/v1/nwg-assessments`, and each with `/validate`."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from service.api.guard import needs
from service.api.intake import accept, judge, receipt
from service.api.openapi import tells
from service.api.openapi.answers.records import FINDINGS, RECEIPT
from service.api.openapi.bodies import record_body
from service.api.openapi.shapes import json
from service.api.parsing import json_body

blueprint = Blueprint("records", __name__, url_prefix="/v1")
_AT = "The address of the receipt."
_TAKEN = {
    201: json("Kept, for good: the receipt.", RECEIPT, Location=_AT),
    200: json("Kept before: the same record again is one record.", RECEIPT, Location=_AT),
}
_JUDGED = {200: json("Everything there is to say about it. Nothing was stored.", FINDINGS)}


@blueprint.post("/wise-assessments")
@needs("records:write", shows_receipts=True)
@tells(_TAKEN, body=record_body("wise_assessment"), problems=(403, 409))
def post_wise_assessment() -> Response:
    """Accepts a WISE assessment."""
    return _accept("wise_assessment")


@blueprint.post("/rise-meeting-outputs")
@needs("records:write", shows_receipts=True)
@tells(_TAKEN, body=record_body("rise_meeting_output"), problems=(403, 409))
def post_rise_meeting_output() -> Response:
    """Accepts what a RISE meeting captured."""
    return _accept("rise_meeting_output")


@blueprint.post("/nwg-assessments")
@needs("records:write", shows_receipts=True)
@tells(_TAKEN, body=record_body("nwg_assessment"), problems=(403, 409))
def post_nwg_assessment() -> Response:
    """Accepts an NWG assessment."""
    return _accept("nwg_assessment")


@blueprint.post("/wise-assessments/validate")
@needs("records:write")
@tells(_JUDGED, body=record_body("wise_assessment"))
def validate_wise_assessment() -> Response:
    """Says everything about a WISE assessment; stores nothing."""
    return _validate("wise_assessment")


@blueprint.post("/rise-meeting-outputs/validate")
@needs("records:write")
@tells(_JUDGED, body=record_body("rise_meeting_output"))
def validate_rise_meeting_output() -> Response:
    """Says everything about a RISE meeting output; stores nothing."""
    return _validate("rise_meeting_output")


@blueprint.post("/nwg-assessments/validate")
@needs("records:write")
@tells(_JUDGED, body=record_body("nwg_assessment"))
def validate_nwg_assessment() -> Response:
    """Says everything about an NWG assessment; stores nothing."""
    return _validate("nwg_assessment")


def _accept(record_type: str) -> Response:
    record, raw = json_body(request)
    received = accept(record, record_type, raw)
    response = jsonify(told := receipt(received))
    response.status_code = 200 if received.replayed else 201
    response.headers["Location"] = told["status_url"]
    return response


def _validate(record_type: str) -> Response:
    record, _ = json_body(request)
    return jsonify(judge(record, record_type, thorough=True).findings.as_dict())

"""`POST /v1/wise-assessments`, `/v1/rise-meeting-outputs`, `/v1/nwg-assessments`, and each with `/validate`."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request, url_for

from service.api.guard import caller, needs
from service.api.parsing import json_body
from service.api.schemas.check import check_record
from service.api.services import services
from service.domain.faults import Findings
from service.domain.policy import Policy
from service.errors import Invalid, NotAllowed
from service.ports import Record
from service.usecases.receive import Received

blueprint = Blueprint("records", __name__, url_prefix="/v1")


@blueprint.post("/wise-assessments")
@needs("records:write")
def post_wise_assessment() -> Response:
    """Accepts a WISE assessment."""
    return _accept("wise_assessment")


@blueprint.post("/rise-meeting-outputs")
@needs("records:write")
def post_rise_meeting_output() -> Response:
    """Accepts what a RISE meeting captured."""
    return _accept("rise_meeting_output")


@blueprint.post("/nwg-assessments")
@needs("records:write")
def post_nwg_assessment() -> Response:
    """Accepts an NWG assessment."""
    return _accept("nwg_assessment")


@blueprint.post("/wise-assessments/validate")
@needs("records:write")
def validate_wise_assessment() -> Response:
    """Says everything about a WISE assessment; stores nothing."""
    return _validate("wise_assessment")


@blueprint.post("/rise-meeting-outputs/validate")
@needs("records:write")
def validate_rise_meeting_output() -> Response:
    """Says everything about a RISE meeting output; stores nothing."""
    return _validate("rise_meeting_output")


@blueprint.post("/nwg-assessments/validate")
@needs("records:write")
def validate_nwg_assessment() -> Response:
    """Says everything about an NWG assessment; stores nothing."""
    return _validate("nwg_assessment")


def _accept(record_type: str) -> Response:
    record, raw, policy, findings = _read(record_type)
    client_id = caller().client_id
    if findings.valid:
        received = services().receiver.accept(
            record, raw, findings, record_type=record_type, policy=policy, client_id=client_id
        )
        return _receipt(received)
    earlier = services().receiver.refuse(
        record, findings, record_type=record_type, authority=policy.authority, client_id=client_id
    )
    if earlier:
        return _receipt(earlier)
    raise Invalid(_summary(findings), faults=findings.errors)


def _validate(record_type: str) -> Response:
    _, _, _, findings = _read(record_type)
    return jsonify(findings.as_dict())


def _read(record_type: str) -> tuple[Record, bytes, Policy, Findings]:
    record, raw = json_body(request)
    policy = _policy(record)
    findings = check_record(record, record_type=record_type, policy=policy, today=services().clock.today())
    return record, raw, policy, findings


def _policy(record: Record) -> Policy:
    """The caller's authority's policy. Another authority's record is refused without a hint of what it would meet."""
    authority = caller().authority
    policy = services().policies.get(authority)
    if policy is None or record.get("authority", authority) != authority:
        raise NotAllowed("This client may send records for its own authority only (rule S1).")
    return policy


def _summary(findings: Findings) -> str:
    count = len(findings.errors)
    return f"{count} {'thing needs' if count == 1 else 'things need'} correcting. Nothing was stored."


def _receipt(received: Received) -> Response:
    status_url = url_for("submissions.get_submission", receipt_id=received.receipt_id)
    response = jsonify(
        {
            "receipt_id": str(received.receipt_id),
            "received_at": received.received_at.isoformat(),
            "status_url": status_url,
            "replayed": received.replayed,
            "warnings": list(received.warnings),
        }
    )
    response.status_code = 200 if received.replayed else 201
    response.headers["Location"] = status_url
    return response

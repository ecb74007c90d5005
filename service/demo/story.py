"""The demonstration: four fictional records go the whole way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from service.api.scopes import HUB, TRAINING_SCOPES
from service.commands.client import ADDRESSES, BridgeClient
from service.configuration import profiles
from service.demo.stack import Stack
from service.settings import ROOT

RECORDS = (
    "wise_assessment-stockport",
    "rise_meeting_output-salford",
    "nwg_assessment-tameside",
    "wise_assessment-oldham",
)
KINDS = {
    "wise_assessment": "WISE assessment",
    "rise_meeting_output": "RISE meeting",
    "nwg_assessment": "NWG assessment",
}
_PATIENCE = 30.0


@dataclass(frozen=True)
class Sent:
    """One record on its way."""

    file: Path
    record: dict[str, Any]
    client: BridgeClient
    status_url: str


class DemoFailed(Exception):
    """The demonstration did not end as it should; the message says where."""


def register_training(stack: Stack) -> int:
    """A trainer of the Hub registers the training of everybody who assessed; returns how many were registered.

    Without it the records would be refused: training comes before the assessment.
    """
    trainer = stack.client(HUB, "Hub trainer", TRAINING_SCOPES)
    attended = [_attendance(json.loads(_file(name).read_bytes())) for name in RECORDS]
    answer = trainer.post("/v1/training-records", json.dumps(attended).encode())
    if answer.status_code != requests.codes.ok or any(each["status"] >= 400 for each in answer.json()["results"]):
        raise DemoFailed(f"the training register answered {answer.status_code}: {answer.text}")
    return len(attended)


def _attendance(record: dict[str, Any]) -> dict[str, Any]:
    assessor = record.get("assessor") or record["data_capture_by"]
    course = "nwg_assessment_tool" if record["record_type"] == "nwg_assessment" else "wise_core"
    return {
        "authority": record["authority"],
        "professional_ref": assessor["professional_ref"],
        "course": course,
        "delivered_by": "hub",
        "attended_on": "2026-03-02",
    }


def _file(name: str) -> Path:
    return ROOT / "tests" / "examples" / f"{name}.json"


def send_all(stack: Stack) -> Iterator[Sent]:
    """Posts each record through the public REST API, as its own authority's system would."""
    for name in RECORDS:
        file = _file(name)
        raw = file.read_bytes()
        record = json.loads(raw)
        client = stack.client(record["authority"], f"{name} demo client")
        answer = client.post(ADDRESSES[record["record_type"]], raw)
        if answer.status_code != requests.codes.created:
            raise DemoFailed(f"{file.name} was answered {answer.status_code}: {answer.text}")
        yield Sent(file, record, client, answer.json()["status_url"])


def follow(sent: Sent) -> dict[str, Any]:
    """Waits for the case system's own record number."""
    status = sent.client.wait_for(sent.status_url, seconds=_PATIENCE)
    undone = [each for each in status["deliveries"] if each["state"] != "delivered"]
    if undone:
        raise DemoFailed(f"{sent.file.name}: {undone[0]['explanation']}")
    return status


def row(stack: Stack, sent: Sent, status: dict[str, Any]) -> tuple[str, ...]:
    """What the table says of one record."""
    profile = profiles(stack.config_dir)[sent.record["authority"]]
    filed = next(each for each in status["deliveries"] if each["kind"] == "record")
    return (
        f"{KINDS[sent.record['record_type']]}\n{sent.record['submission_id']}",
        profile.name,
        profile.case_system,
        filed["record_number"],
        filed["document_number"] or "",
        _review(status),
    )


def _review(status: dict[str, Any]) -> str:
    review = status["review"]
    task = next((each for each in status["deliveries"] if each["kind"] == "review_task"), None)
    if task is None:
        return str(review["due_on"])
    return f"{review['due_on']}, due:\ntask {task['record_number']}"


def wait_for_review(sent: Sent) -> dict[str, Any]:
    """The record whose review is due gets a task in the work tray; beat raises it within moments."""
    status = follow(sent)
    for _ in range(100):
        if status["review"]["raised_at"] or not _is_due(sent):
            break
        status = sent.client.wait_for(sent.status_url, seconds=0.2)
    return follow(sent)


def _is_due(sent: Sent) -> bool:
    listed = sent.client.get("/v1/reviews").json()["reviews"]
    receipt = sent.status_url.rsplit("/", 1)[-1]
    return any(each["receipt_id"] == receipt and each["is_due"] for each in listed)

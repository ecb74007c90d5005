"""A small caller of the Mosaic simulator, so that it is not tested with the bridge's connector."""

from __future__ import annotations

from typing import Any

import requests

from simulators.mosaic import MosaicSimulator

KEY = "fictional-key-for-tests"
PDF = b"%PDF-1.7 fictional"
MANDATORY = [
    {"questionUserCode": "TEST_SHORT", "row": None, "value": "a “good” day"},
    {"questionUserCode": "TEST_DATE", "row": None, "value": "2026-09-14"},
]
EVERY_TYPE = [
    *MANDATORY,
    {"questionUserCode": "TEST_LONG", "row": None, "value": "x" * 5000},
    {"questionUserCode": "TEST_NUMBER", "row": None, "value": 2.5},
    {"questionUserCode": "TEST_BOOLEAN", "row": None, "value": False},
    {"questionUserCode": "TEST_LOOKUP", "row": None, "value": "GREEN"},
    {"questionUserCode": "TEST_ROWS", "row": 1, "value": "first"},
    {"questionUserCode": "TEST_ROWS", "row": 2, "value": "second"},
]
ACTION = {"actionTypeId": 61, "assignedTo": {"team": "CSAFE"}, "incomingOn": "2027-02-10"}


class Caller:
    def __init__(self, sim: MosaicSimulator) -> None:
        self.sim = sim

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {KEY}"} | options.pop("headers", {})
        return requests.request(method, self.sim.api + path, headers=headers, timeout=5, **options)

    def create(self, **changes: Any) -> requests.Response:
        return self.send("POST", "/steps", json=new_step(**changes))

    def step(self, **changes: Any) -> int:
        return int(self.create(**changes).json()["stepId"])

    def answers(self, step: int, answers: list[Any], restricted: Any = False) -> requests.Response:
        return self.send("PUT", f"/steps/{step}/answers", json={"restricted": restricted, "answers": answers})

    def upload(self, step: int, name: str = "letter.pdf", content: bytes = PDF, **fields: str) -> requests.Response:
        data = {"title": "Letter", "category": "ASSESS", "subCategory": "WISE"} | fields
        return self.send("POST", f"/steps/{step}/documents", files={"file": (name, content)}, data=data)

    def complete(self, step: int, *actions: Any) -> requests.Response:
        return self.send("POST", f"/steps/{step}/complete", json={"nextActions": list(actions)})

    def ready(self, reference: str = "WB-1") -> int:
        step = self.step(externalReference=reference)
        assert self.answers(step, MANDATORY).status_code == 200
        assert self.upload(step).status_code == 201
        return step

    def completed(self, reference: str = "WB-1") -> int:
        step = self.ready(reference)
        assert self.complete(step, ACTION).status_code == 200
        return step

    def correct(self, step: Any, **changes: Any) -> requests.Response:
        return self.create(**{"externalReference": "WB-2", "correctsStepId": step} | changes)

    def withdraw(self, step: int, **changes: Any) -> requests.Response:
        return self.send("POST", f"/steps/{step}/notes", json=new_note(**changes))

    def read(self, step: int) -> Any:
        return self.send("GET", f"/steps/{step}").json()

    def notes(self, reference: str) -> Any:
        return self.send("GET", "/notes", params={"externalReference": reference}).json()["notes"]


def new_step(**changes: Any) -> dict[str, Any]:
    body = {
        "stepTypeId": 9001,
        "subjects": [{"type": "PER", "id": 40211}],
        "externalReference": "WB-1",
        "assignedTo": {"team": "CSAFE"},
        "status": "STARTED",
    }
    return body | changes


def new_note(**changes: Any) -> dict[str, Any]:
    return {"externalReference": "WB-9", "noteType": "WITHDRAWN", "text": "Entered for another person"} | changes


def errors(answer: requests.Response) -> list[dict[str, str]]:
    assert answer.status_code == 422, answer.text
    body = answer.json()
    assert body["code"] == "INVALID" and body["message"]
    return list(body["errors"])


def codes(answer: requests.Response) -> list[str]:
    return [error["code"] for error in errors(answer)]

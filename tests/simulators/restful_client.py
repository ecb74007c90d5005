"""A small caller of the REST simulator, so that it is not tested with the bridge's connector."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

import requests

from simulators.restful import RestfulSimulator

KEY = "fictional-key-for-tests"
PDF = b"%PDF-1.7 fictional, \xfb\xff"
MANDATORY = [
    {"code": "SHORT", "row": None, "value": "a “good” day"},
    {"code": "DATE", "row": None, "value": "2026-09-14"},
]
NOWHERE = "00000000-0000-4000-8000-000000000000"


class Caller:
    """A client of either dialect, so that one set of tests holds both to the one data model."""

    def __init__(self, sim: RestfulSimulator) -> None:
        self.sim, self.odata = sim, sim.dialect == "odata"

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {"X-Api-Key": KEY} | options.pop("headers", {})
        return requests.request(method, self.sim.api + path, headers=headers, timeout=10, **options)

    def collection(self, name: str) -> str:
        return f"/{name.capitalize()}" if self.odata else f"/{name}"

    def one(self, name: str, key: str) -> str:
        return f"{self.collection(name)}({key})" if self.odata else f"{self.collection(name)}/{key}"

    def search(self, name: str, prop: str, value: str) -> list[Any]:
        if self.odata:
            literal = quote("'" + value.replace("'", "''") + "'")
            expand = "&$expand=documents" if name == "records" else ""
            answer = self.send("GET", f"{self.collection(name)}?$filter={prop}%20eq%20{literal}{expand}")
            return list(answer.json()["value"])
        return list(self.send("GET", f"{self.collection(name)}?{prop}={quote(value)}").json()["items"])

    def person(self, child_id: str = "P0000101") -> str:
        return str(self.search("people", "childId", child_id)[0]["id"])

    def open(self, child_id: str = "P0000101", **changes: Any) -> requests.Response:
        body = {"reference": "WB-1", "personId": NOWHERE, "formType": "TEST"} | changes
        if "personId" not in changes:
            body["personId"] = self.person(child_id)
        return self.send("POST", self.collection("records"), json=body)

    def draft(self, **changes: Any) -> str:
        return str(self.open(**changes).json()["id"])

    def attach(self, record: str, content: bytes = PDF, name: str = "a.pdf", **changes: str) -> requests.Response:
        fields = {"title": "Letter", "documentType": "ASSESS", "documentSubType": "WISE"} | changes
        if self.odata:
            body = {**fields, "recordId": record, "name": name, "content": base64.urlsafe_b64encode(content).decode()}
            return self.send("POST", "/Documents", json=body)
        path = self.one("records", record) + "/documents"
        return self.send("POST", path, files={"file": (name, content)}, data=fields)

    def read(self, record: str) -> requests.Response:
        return self.send("GET", self.one("records", record) + ("?$expand=documents" if self.odata else ""))

    def put(self, record: str, answers: list[Any], *, tag: str | None = "", **changes: Any) -> requests.Response:
        body = {"answers": answers, "completedOn": "2026-09-14", "restricted": False, "state": "complete"} | changes
        seen = self.read(record).headers.get("ETag", '"unknown"') if tag == "" else tag
        headers = {} if seen is None else {"If-Match": seen}
        return self.send("PATCH", self.one("records", record), json=body, headers=headers)

    def finished(self, **changes: Any) -> str:
        record = self.draft(**changes)
        assert self.attach(record).status_code == 201
        answer = self.put(record, MANDATORY)
        assert answer.status_code == 200, answer.text
        return record

    def task(self, child_id: str = "P0000101", **changes: Any) -> requests.Response:
        body = {"reference": "WB-T", "taskType": "REVIEW", "team": "CSAFE", "dueOn": "2026-12-14", "text": "A review."}
        body |= {"personId": self.person(child_id)} | changes
        return self.send("POST", self.collection("tasks"), json=body)

    def withdraw(self, record: str, **changes: Any) -> requests.Response:
        body = {
            "reference": "WB-W",
            "recordId": record,
            "noteType": "withdrawal",
            "text": "Another person's.",
        } | changes
        return self.send("POST", self.collection("notes"), json=body)


def codes(answer: requests.Response) -> list[tuple[int, str, str | None]]:
    """Status, code and place of each fault, in either dialect's writing."""
    body = answer.json()
    error = body.get("error", body)
    details = error.get("details") or [error]
    return [(answer.status_code, item["code"], item.get("target", item.get("field"))) for item in details]


def refusal(answer: requests.Response) -> tuple[int, str]:
    return codes(answer)[0][:2]

"""A small caller of the Eclipse simulator, so that it is not tested with the bridge's connector."""

from __future__ import annotations

import json
from typing import Any

import requests

from simulators.eclipse import EclipseSimulator

KEY = "fictional-key-for-tests"
PDF = b"%PDF-1.7 fictional"
GUID = "00000000-0000-4000-8000-00000000"
WISE, TEST, READ_ONLY = GUID + "3120", GUID + "9001", GUID + "9003"
FORM, NOTE, TASK, ATTACHMENT = (
    "form.FormInstance",
    "casenote.CaseNoteEntry",
    "task.WorkListTask",
    "attachment.Attachment",
)
MULTIPART = {"type": "ASSESSMENT", "subType": "WISE", "title": "Letter"}
DAY = {"_type": "FuzzyDate", "calculatedDate": 1802217600000, "fuzzyDateMask": "DAY"}  # 2027-02-10
OWN_WORDS = {"_type": "FormAnswer", "controlName": "Wise_OwnWords", "row": 1, "value": "“A good day is…”"}
Body = dict[str, Any]


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_790_000_000.0

    def __call__(self) -> float:
        return self.seconds


class Caller:
    """A plain client that signs in once by token."""

    def __init__(self, sim: EclipseSimulator) -> None:
        self.sim, self.session = sim, requests.Session()
        self.session.headers["Authorization"] = f"Bearer {grant(sim)['access_token']}"

    def send(self, method: str, path: str, gives: str, **options: Any) -> requests.Response:
        headers = {"Accept": media(gives)} | options.pop("headers", {})
        return self.session.request(method, self.sim.api + path, headers=headers, timeout=5, **options)

    def get(self, path: str, gives: str, **query: Any) -> requests.Response:
        return self.send("GET", path, gives, params=query)

    def put(self, method: str, path: str, gives: str, takes: str, body: Body) -> requests.Response:
        sent = json.dumps({"_type": takes.partition(".")[2], **body}).encode()
        return self.send(method, path, gives, data=sent, headers={"Content-Type": media(takes)})

    def people(self, wanted: object, **query: Any) -> list[Body]:
        answer = self.get("/person", "person.Person", nameOrId=wanted, **query)
        assert answer.status_code == 200, answer.text
        found: list[Body] = answer.json()["results"]
        return found

    def create(self, person: object = 40211, **changes: Any) -> requests.Response:
        new = {"designGuid": WISE, "externalReference": "WB-1", "ownerTeam": "CSAFE", "correctsInstanceId": None}
        return self.put("POST", f"/person/{person}/formInstance", FORM, "form.NewFormInstance", new | changes)

    def draft(self, **changes: Any) -> int:
        return int(self.create(**changes).json()["id"])

    def answers(self, form: int, answers: list[Any], version: int = 0, *, restricted: Any = False) -> requests.Response:
        body = {"objectVersion": version, "restricted": restricted, "answers": answers}
        return self.put("PUT", f"/formInstance/{form}/answers", FORM, "form.FormAnswers", body)

    def attach(self, form: int, name: str = "letter.pdf", content: bytes = PDF, **fields: str) -> requests.Response:
        files = {"file": (name, content)}
        return self.send(
            "POST", f"/formInstance/{form}/attachment", ATTACHMENT, files=files, data={**MULTIPART, **fields}
        )

    def finish(self, form: int, version: int = 1, state: str = "COMPLETE") -> requests.Response:
        body = {"objectVersion": version, "state": state}
        return self.put("PUT", f"/formInstance/{form}/state", FORM, "form.FormInstanceState", body)

    def complete(self, **changes: Any) -> int:
        form = self.draft(**changes)
        assert self.answers(form, [OWN_WORDS]).status_code == 200
        assert self.attach(form).status_code == 201
        assert self.finish(form).status_code == 200
        return form

    def withdraw(self, form: int, person: int = 40211, **changes: Any) -> requests.Response:
        note = {"externalReference": "WB-9", "entryType": "WITHDRAWN", "formInstanceId": form, "eventDate": DAY}
        body = {**note, "note": "<p>Entered for another person.</p>", **changes}
        return self.put("POST", f"/person/{person}/caseNoteEntry", NOTE, "casenote.NewCaseNoteEntry", body)

    def task(self, person: int = 40211, **changes: Any) -> requests.Response:
        task = {"externalReference": "WB-5", "team": "REVIEW", "dueDate": DAY, "summary": "A review is due."}
        return self.put("POST", f"/person/{person}/workListTask", TASK, "task.NewWorkListTask", task | changes)

    def read(self, form: int) -> Body:
        found: Body = self.get(f"/formInstance/{form}", FORM).json()
        return found

    def under(self, path: str, gives: str, reference: str) -> list[int]:
        answer = self.get(path, gives, externalReference=reference)
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["results"]]


def media(name: str) -> str:
    return f"application/vnd.olmgroup-usp.{name}+json"


def grant(sim: EclipseSimulator, **form: str) -> Body:
    wanted = {"grant_type": "client_credentials", "client_id": sim.CLIENT, "client_secret": KEY} | form
    answer = requests.post(sim.api + "/oauth/token", data=wanted, timeout=5)
    found: Body = answer.json()
    return found | {"status": answer.status_code}


def refused(answer: requests.Response) -> tuple[int, str]:
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.json()
    assert body["_type"] == "RestError" and body["message"]
    return answer.status_code, body["code"]


def faults(answer: requests.Response) -> list[tuple[str, str | None]]:
    assert refused(answer) == (422, "INVALID"), answer.text
    return [(item["code"], item.get("field") or item.get("controlName")) for item in answer.json()["errors"]]

"""A small caller of the CareDirector simulator, so that it is not tested with the bridge's connector."""

from __future__ import annotations

import base64
from typing import Any

import requests

from simulators.caredirector import CareDirectorSimulator
from simulators.caredirector.simulator import CLIENT_ID, CLIENT_SECRET

TEAM = "7ea00000-0000-4000-8000-000000000001"
REVIEW = "7ea00000-0000-4000-8000-000000000002"
WISE = "f0400000-0000-4000-8000-000000000001"
TEST_FORM = "f0400000-0000-4000-8000-000000000009"
ASSESSMENT, SUB_WISE = "d0c00000-0000-4000-8000-000000000001", "d0c00000-0000-4000-8000-000000000011"
LETTER = "d0c00000-0000-4000-8000-000000000021"
APART = "de500000-0000-4000-8000-000000000001"
WITHDRAWN = "40e00000-0000-4000-8000-000000000001"
UNKNOWN = "00000000-0000-4000-8000-000000000000"
PDF = b"%PDF-1.7 fictional"
DONE = {"assessmentstatusid": {"id": "2"}}
ANSWERS = [
    {"questioncode": "own_words", "row": "1", "value": "“A good day is…”"},
    {"questioncode": "completed_on", "row": None, "value": "2026-09-14"},
]


class Caller:
    def __init__(self, sim: CareDirectorSimulator) -> None:
        self.sim = sim
        self.token = ""

    def sign_in(self, **form: str) -> requests.Response:
        form = form or {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        return requests.post(f"{self.sim.api}/auth/token", data=form, timeout=5)

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        self.token = self.token or self.sign_in().json()["access_token"]
        headers = {"Authorization": f"Bearer {self.token}"} | options.pop("headers", {})
        return requests.request(method, self.sim.api + path, headers=headers, timeout=5, **options)

    def search(self, entity: str, condition: str | None = None, **query: str) -> requests.Response:
        asked = {f"${name}": value for name, value in query.items()}
        if condition is not None:
            asked["$filter"] = condition
        return self.send("GET", f"/core/data/{entity}/system-view/wisebridge", params=asked)

    def rows(self, entity: str, condition: str | None = None) -> list[dict[str, Any]]:
        answer = self.search(entity, condition)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["data"])

    def person(self, number: str) -> dict[str, Any]:
        (row,) = self.rows("person", f"personnumber eq '{number}'")
        return row

    def form_body(self, number: str = "40211", **changes: Any) -> dict[str, Any]:
        person = self.person(number)["id"]
        cases = self.rows("case", f"personid eq '{person}'") or [{"id": UNKNOWN}]
        body = {
            "externalreference": "WB-1",
            "ownerid": {"id": TEAM},
            "documentid": {"id": WISE},
            "personid": {"id": person},
            "caseid": {"id": cases[0]["id"]},
            "startdate": "2026-09-14",
            "assessmentstatusid": {"id": "1"},
        }
        return body | changes

    def open(self, number: str = "40211", **changes: Any) -> str:
        answer = self.send("POST", "/core/data/caseform", json=self.form_body(number, **changes))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def refused_form(self, number: str = "40211", **changes: Any) -> requests.Response:
        return self.send("POST", "/core/data/caseform", json=self.form_body(number, **changes))

    def change(self, form: str, **fields: Any) -> requests.Response:
        return self.send("PUT", f"/core/data/caseform/{form}", json=fields)

    def attach(self, form: str, content: bytes = PDF, filename: str = "a.pdf", **record: Any) -> requests.Response:
        about = {
            "caseformid": {"id": form},
            "documenttypeid": {"id": ASSESSMENT},
            "documentsubtypeid": {"id": SUB_WISE},
            "title": "WISE assessment",
            "date": "2026-09-14",
        }
        file = base64.b64encode(content).decode()
        body = {"record": about | record, "filename": filename, "file": file}
        return self.send("POST", "/files/caseformattachment", json=body)

    def completed(self, **changes: Any) -> str:
        form = self.open(**changes)
        assert self.attach(form).status_code == 201
        assert self.change(form, answers=ANSWERS, **DONE).status_code == 201
        return form

    def withdraw(self, form: str, reference: str = "WB-9", **changes: Any) -> requests.Response:
        note = {"externalreference": reference, "caseformid": {"id": form}, "notes": "Entered for another person"}
        return self.send("POST", "/core/data/casenote", json=note | {"casenotetypeid": {"id": WITHDRAWN}} | changes)

    def task(self, number: str = "40211", **changes: Any) -> requests.Response:
        task = {
            "externalreference": "WB-7",
            "ownerid": {"id": REVIEW},
            "regardingid": {"id": self.person(number)["id"]},
        }
        said = {"subject": "A review is due.", "duedate": "2027-02-10"}
        return self.send("POST", "/core/data/task", json=task | said | changes)


def code(answer: requests.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["errorMessage"]
    return str(body["errorCode"])


def details(answer: requests.Response) -> list[tuple[str | None, str | None, str]]:
    assert answer.status_code == 400, answer.text
    return [(each["questioncode"], each["row"], each["errorCode"]) for each in answer.json()["details"]]

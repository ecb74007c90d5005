"""A small caller of the LCS over HTTP simulator, so that it is not tested with the bridge's connector."""

from __future__ import annotations

import base64
from typing import Any

import requests

from simulators.lcs_rest import LcsRestSimulator

PDF = b"%PDF-1.7 fictional"
RIGHT, MERGED, ESTIMATED, RESTRICTED, HIDDEN, UNAUTHORISED, NO_CLIENT, LOCKED, UNKNOWN = (
    *(40211, 40212, 40213, 40214, 40215, 40218, 40219, 40220, 49999),
)
BORN = {ESTIMATED: "2011-06-15", UNAUTHORISED: "2012-11-19", NO_CLIENT: "2010-05-23"}
WORDS = {"answerNo": "selfText", "row": None, "answer": "a “good” day"}


class Caller:
    """Speaks the protocol from the page alone, and not with the bridge's connector."""

    def __init__(self, sim: LcsRestSimulator) -> None:
        self.sim, self.headers = sim, {"X-Api-Key": "simulator-key"}

    def send(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        headers = self.headers | options.pop("headers", {})
        return requests.request(method, self.sim.api + path, json=body, headers=headers, timeout=5, **options)

    def open(self, person: int = RIGHT, reference: str = "WB-1", **changes: Any) -> requests.Response:
        born = BORN.get(person, "2010-05-02")
        body = {"authority": "E08000007", "personId": person, "dateOfBirth": born, "age": None, "formType": "9001"}
        body |= {"externalReference": reference, "completedOn": "2026-09-14", "replacesRecordId": -1}
        return self.send("POST", "/forms", body | changes)

    def attach(self, form: int, content: bytes = PDF, **changes: Any) -> requests.Response:
        body = {"fileName": "WB-1.pdf", "title": "Assessment", "documentType": "WISEASM"}
        body |= {"content": base64.b64encode(content).decode()}
        return self.send("POST", f"/forms/{form}/documents", body | changes)

    def answer(self, form: int, *answers: Any, restricted: Any = "N") -> requests.Response:
        return self.send("PUT", f"/forms/{form}/answers", {"restricted": restricted, "answers": list(answers)})

    def complete(self, form: int) -> requests.Response:
        return self.send("POST", f"/forms/{form}/complete", {})

    def filed(self, reference: str = "WB-1", **changes: Any) -> Any:
        form = self.open(reference=reference, **changes).json()["formId"]
        assert self.attach(form).status_code == 201
        assert self.answer(form, WORDS).status_code == 200
        return self.complete(form).json()

    def withdraw(self, record: int, reference: str = "WB-W", person: int = RIGHT, **changes: Any) -> requests.Response:
        body = {"authority": "E08000007", "personId": person, "recordId": record, "reason": "entered_twice"}
        return self.send("POST", "/withdrawals", body | {"externalReference": reference} | changes)

    def task(self, person: int = RIGHT, reference: str = "WB-T", **changes: Any) -> requests.Response:
        body = {"authority": "E08000007", "personId": person, "taskType": "REVIEW", "dueOn": "2026-12-14"}
        body |= {"departmentCode": "REVIEW", "workerId": -1, "title": "Review due", "externalReference": reference}
        return self.send("POST", "/tasks", body | changes)


def code(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def rules(answer: requests.Response) -> list[tuple[str, int | None, str, int]]:
    assert code(answer) == (422, "ANSWERS_REFUSED")
    return [(one["answerNo"], one["row"], one["rule"], one["limit"]) for one in answer.json()["errors"]]


def token(sim: LcsRestSimulator, **changes: str) -> requests.Response:
    form = {"grant_type": "client_credentials", "client_id": "wise-bridge", "client_secret": "simulator-secret"}
    return requests.post(sim.token_url, data=form | changes, timeout=5)

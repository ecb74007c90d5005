"""One of everything that an address can name, all of it Stockport's, made over HTTP; and what it is compared with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import requests

from service.api.scopes import HUB, TRAINING_SCOPES, possible_scopes, usual_scopes
from tests.api.test_feedback import FULL as FEEDBACK
from tests.api.test_holds import with_name_in_text
from tests.api.test_supervision import FULL as SUPERVISION
from tests.attacks.target import CASEWORK, Target
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.records import example
from tests.tenants.matrix import Address

MADE_UP = "eyJhbGciOiJub25lIn0.e30."
METHODS = frozenset(("GET", "POST", "PUT", "PATCH", "DELETE"))
MASKED = "@"
VARY = {"trace_id"}
VARYING_HEADERS = {"X-Request-ID", "Date"}


@dataclass
class Caller:
    """One kind of client on the casework side, over a connection that is kept."""

    kind: str
    token: str
    url: str
    _session: requests.Session = field(default_factory=requests.Session)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """One request."""
        signed = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self._session.request(
            method, self.url + path, json=body, headers=signed | headers, timeout=60, allow_redirects=False
        )


def callers(target: Target) -> dict[str, Caller]:
    """Stockport, whose everything is, and those who may not see it."""
    kinds = {
        "owner": (STOCKPORT, possible_scopes(STOCKPORT)),
        "another authority, everything": (SALFORD, possible_scopes(SALFORD)),
        "another authority, as usual": (SALFORD, usual_scopes(SALFORD)),
        "the Hub": (HUB, usual_scopes(HUB)),
        "the Hub's trainer": (HUB, TRAINING_SCOPES),
    }
    url = target.url(CASEWORK)
    tokens = {kind: target.token(authority, tuple(scopes)) for kind, (authority, scopes) in kinds.items()}
    return {kind: Caller(kind, token, url) for kind, token in (tokens | {"nobody": "", "made up": MADE_UP}).items()}


def belongings(target: Target, owner: Caller) -> dict[str, str]:
    """By the name that addresses have for it."""
    held = _accepted(owner.ask("POST", "/v1/wise-assessments", with_name_in_text(submission_id="XT-HELD")))
    record = example("wise", submission_id="XT-PACK", young_person__la_child_id="XTPACK001")
    pack = _accepted(owner.ask("POST", "/v1/wise-assessments", record))
    reference, typed = _delivery(target, owner, held), _delivery(target, owner, pack)
    _accepted(
        owner.ask(
            "POST", f"/v1/packs/{typed}/confirmation", {"record_number": "2026-1", "confirmed_by_ref": "stk-admin-1"}
        )
    )
    target.wait(lambda: _state(owner, pack) == "delivered", "the record that was typed in")
    order = owner.ask("POST", f"/v1/admin/deliveries/{typed}/reopen", {"by_ref": "stk-1", "because": "not_found_there"})
    return {
        "receipt_id": held["receipt_id"],
        "hold_id": held["holds"][0]["hold_id"],
        "delivery": reference,
        "pack": reference,
        "feedback_id": _accepted(owner.ask("POST", "/v1/feedback", dict(FEEDBACK)))["id"],
        "supervision_id": _accepted(owner.ask("POST", "/v1/reflective-supervisions", dict(SUPERVISION)))["id"],
        "order_id": _accepted(order)["order_id"],
    }


def _accepted(answer: requests.Response) -> dict[str, Any]:
    if answer.status_code not in (200, 201, 202):
        raise AssertionError(f"{answer.request.path_url}: {answer.status_code}: {answer.text[:500]}")
    found: dict[str, Any] = answer.json()
    return found


def _delivery(target: Target, owner: Caller, receipt: Mapping[str, Any]) -> str:
    """Its reference, once there is a sheet to type from."""
    found = owner.ask("GET", receipt["status_url"]).json()["deliveries"][0]["reference"]
    listed = f"/v1/packs/{found}/sheet"
    target.wait(lambda: owner.ask("GET", listed, Accept="application/json").status_code == 200, "a sheet to type from")
    return str(found)


def _state(owner: Caller, receipt: Mapping[str, Any]) -> str:
    return str(owner.ask("GET", receipt["status_url"]).json()["deliveries"][0]["state"])


def missing(own: Mapping[str, str]) -> dict[str, str]:
    """Names of nothing, as they would be written."""
    return {name: f"WB-{uuid4().hex[:24].upper()}" if _is_reference(name) else str(uuid4()) for name in own}


def guessed(own: Mapping[str, str], step: int) -> dict[str, str]:
    """The next ones after those that are there."""
    return {
        name: value[:-1] + "ABCDEFGHIJKLMNOP"[step % 16]
        if _is_reference(name)
        else str(UUID(int=UUID(value).int + step))
        for name, value in own.items()
    }


def _is_reference(name: str) -> bool:
    return name in ("delivery", "pack")


def addresses_of(url: str) -> list[Address]:
    """Every address of the published document, those that name something first."""
    paths = requests.get(f"{url}/openapi.json", timeout=60).json()["paths"]
    made = []
    for path, methods in paths.items():
        named = tuple(re.findall(r"{([^}]+)}", path))
        rule = re.sub(r"{([^}]+)}", r"<\1>", path)
        made.append(Address(rule, frozenset(each.upper() for each in methods) & METHODS, None, named))
    return sorted(made, key=lambda each: (not each.is_of_something, each.rule))


def shown(answer: requests.Response, named: Mapping[str, str]) -> tuple[int, tuple[tuple[str, str], ...], str]:
    """All of an answer but what differs between any two; the names that were asked for are masked."""
    text = answer.text
    if "json" in answer.headers.get("Content-Type", ""):
        body = answer.json()
        text = str({name: each for name, each in body.items() if name not in VARY} if isinstance(body, dict) else body)
    for value in sorted(named.values(), key=len, reverse=True):
        text = text.replace(value, MASKED)
    headers = tuple(sorted((name, each) for name, each in answer.headers.items() if name not in VARYING_HEADERS))
    return answer.status_code, headers, text

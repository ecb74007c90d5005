"""Letting a held delivery go on, as an integration officer does it. The one place that knows the order's address."""

from __future__ import annotations

import json

from service.api.scopes import SCOPES, usual_scopes
from tests.faults.ledger import Ledger

ACT = "deliveries:act"


class NoWayYet(Exception):
    """The service has no such order."""


def scopes(authority: str) -> list[str]:
    """What the fault run's client of an authority may do: send, read, and release."""
    return [*usual_scopes(authority), *(scope for scope in (ACT,) if scope in SCOPES)]


def release(ledger: Ledger, authority: str, reference: str) -> None:
    """The same record again, under the same reference. Raises `NoWayYet`, or `RuntimeError` when it is refused."""
    if ACT not in SCOPES:
        raise NoWayYet(f"there is no scope {ACT} yet")
    body = json.dumps({"by_ref": "fault-run-1", "because": "put_right"}).encode()
    status, answer = ledger.ask("POST", authority, f"/v1/admin/deliveries/{reference}/replay", body)
    if status != 200:
        raise RuntimeError(f"the replay of {reference} was answered {status}: {str(answer)[:200]}")

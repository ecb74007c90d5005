"""One of everything that an address can name, all of it Stockport's."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.api.test_feedback import FULL as FEEDBACK
from tests.api.test_holds import with_name_in_text
from tests.api.test_supervision import FULL as SUPERVISION
from tests.support.bridge import STOCKPORT, Bridge
from tests.support.by_hand import BridgeByHand
from tests.support.records import example

OWN, FOREIGN, MISSING, MALFORMED = "own", "foreign", "missing", "malformed"
OFFICER = ("deliveries:read", "deliveries:act", "deliveries:approve", "deliveries:open")
PACKS = ("packs:read", "packs:confirm")


def things(bridge: BridgeByHand) -> dict[str, str]:
    """By the name that addresses have for it; a pack and a delivery are both called reference there."""
    held = accepted(bridge.post(with_name_in_text()))
    pack = accepted(bridge.post(example("wise", submission_id="A-pack", young_person__la_child_id="STK0000999")))
    for claim in bridge.worker.claim(STOCKPORT, 50):
        bridge.worker.work(claim)
    reference = delivery_of(bridge, pack)
    typed = post(bridge, f"/v1/packs/{reference}/confirmation", PACKS,
                 {"record_number": "2026-1", "confirmed_by_ref": "stk-1"})  # fmt: skip
    assert typed.status_code == 200, typed.text
    for claim in bridge.worker.claim(STOCKPORT, 50):
        bridge.worker.work(claim)
    order = post(bridge, f"/v1/admin/deliveries/{reference}/reopen", OFFICER,
                 {"by_ref": "stk-1", "because": "not_found_there"})  # fmt: skip
    return {
        "receipt_id": held["receipt_id"],
        "hold_id": held["holds"][0]["hold_id"],
        "delivery": delivery_of(bridge, held),
        "pack": delivery_of(bridge, held),
        "feedback_id": accepted(post(bridge, "/v1/feedback", (), dict(FEEDBACK)))["id"],
        "supervision_id": accepted(post(bridge, "/v1/reflective-supervisions", (), dict(SUPERVISION)))["id"],
        "order_id": accepted(order)["order_id"],
    }


def another(kind: str, own: dict[str, str]) -> dict[str, str]:
    """Names of nothing, as they would be written; or names that cannot be any."""
    if kind == MALFORMED:
        return dict.fromkeys(own, "%27%3B--")
    return {name: f"WB-{uuid4().hex}" if name in ("delivery", "pack") else str(uuid4()) for name in own}


def delivery_of(bridge: Bridge, receipt: dict[str, Any]) -> str:
    found = bridge.get(receipt["status_url"], STOCKPORT).get_json()
    return str(found["deliveries"][0]["reference"])


def post(bridge: Bridge, path: str, scopes: tuple[str, ...], body: dict[str, Any]) -> Any:
    return bridge.casework.post(path, json=body, headers=bridge.headers(STOCKPORT, *scopes))


def accepted(answer: Any) -> dict[str, Any]:
    assert answer.status_code in (200, 201, 202), answer.text
    found: dict[str, Any] = answer.get_json()
    return found

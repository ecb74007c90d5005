"""Who saw or touched a record: told in order, to its own authority, and itself in the trail."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from uuid import uuid4

import pytest

import service
from service.domain.delivery import State
from service.domain.orders import Action
from service.domain.trail.words import SAW, TOUCHED, is_shown
from service.usecases.orders.desk import _MOVED
from tests.audit.conftest import Scene
from tests.support.bridge import OLDHAM, STOCKPORT, Bridge
from tests.support.records import example

OFFICERS = ("audit:read", "documents:read", "deliveries:read", "deliveries:open")
ABOUT_NO_RECORD = {
    "record_refused", "client_created", "client_revoked", "webhook_message_given_up", "webhook_paused",
    "feedback_received", "evaluation_consent_noted", "supervision_received", "sign_in_refused",
    "legal_hold_asked", "legal_hold_approved", "legal_hold_lift_asked", "legal_hold_lifted",
    "person_signed_in", "trail_cut",
    "key_rotated", "key_floor_set", "keys_rewrapped", "key_retired", "master_key_rotated",
}  # fmt: skip


def test_in_order_with_who_saw_it(bridge: Bridge) -> None:
    posted = bridge.post(example("wise")).get_json()
    where, headers = posted["status_url"], bridge.headers(STOCKPORT, *OFFICERS)
    assert bridge.casework.get(f"{where}/documents/case_file", headers=headers).status_code == 200
    reference = bridge.get(where, STOCKPORT).get_json()["deliveries"][0]["reference"]
    preview = f"/v1/admin/deliveries/{reference}/preview"
    assert bridge.casework.get(preview, headers=headers).status_code == 200
    assert bridge.casework.get(f"{preview}/words?by_ref=stk-officer-1", headers=headers).status_code == 200
    shown = bridge.casework.get(f"{where}/access", headers=headers).get_json()["access"]
    assert [(each["action"], each["saw"]) for each in shown] == [
        ("record_received", False),
        ("copy_made", True),
        ("delivery_previewed", False),
        ("delivery_previewed", True),
        ("access_reported", False),
    ]
    assert shown[3]["by"].startswith("stk-officer-1, through client:")
    assert shown[1]["what"] == "fetched a copy of the record"


def test_nothing_is_told_of_another_authoritys_record_or_none(bridge: Bridge) -> None:
    where = bridge.post(example("wise")).get_json()["status_url"]
    theirs = bridge.headers(OLDHAM, "audit:read")
    assert bridge.casework.get(f"{where}/access", headers=theirs).status_code == 404
    assert bridge.casework.get(f"/v1/submissions/{uuid4()}/access", headers=theirs).status_code == 404
    assert bridge.casework.get("/v1/submissions/x/access", headers=theirs).status_code == 404
    mine = bridge.headers(STOCKPORT, "audit:read")
    assert bridge.casework.get(f"{where}/access?x=1", headers=mine).status_code == 400
    assert len(bridge.casework.get(f"{where}/access", headers=mine).get_json()["access"]) == 2


def test_by_the_command(bridge: Bridge, scene: Scene) -> None:
    receipt = bridge.post(example("wise")).get_json()["receipt_id"]
    done = scene.run("access", receipt, "--authority", STOCKPORT)
    assert done.exit_code == 0
    assert "sent the record; it was kept" in done.output.splitlines()[0]
    told = json.loads(scene.run("access", receipt, "--authority", STOCKPORT, "--json").stdout)
    assert [each["action"] for each in told] == ["record_received", "access_reported", "access_reported"]
    assert scene.run("access", receipt, "--authority", OLDHAM).exit_code == 1


def actions() -> set[str]:
    """Every action that is written in the code."""
    found = set()
    for file in Path(service.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("AuditEntry", "_entry", "entry"):
                found |= {
                    each.value
                    for each in call.args[1:3]
                    if isinstance(each, ast.Constant) and isinstance(each.value, str) and "_" in each.value
                }
    return found


def test_every_action_about_a_record_has_words() -> None:
    known = {*SAW, *TOUCHED, *ABOUT_NO_RECORD}
    assert {"copy_made", "record_received", "pack_read", "access_reported"} <= actions()
    assert actions() - {"officer_order", "training_record", "legal_hold"} <= known
    assert {_MOVED[each] for each in _MOVED} <= known
    assert set(_MOVED) < set(Action)
    settled = set(State) - {State.IN_FLIGHT}
    assert {f"delivery_{state.value}" for state in settled} <= known


@pytest.mark.parametrize(("detail", "shown"), [({}, False), ({"words": False}, False), ({"words": True}, True)])
def test_a_preview_shows_words_only_where_it_says_so(detail: dict[str, bool], shown: bool) -> None:
    assert is_shown("delivery_previewed", detail) is shown
    assert is_shown("copy_made", detail)
    assert not is_shown("record_received", detail)

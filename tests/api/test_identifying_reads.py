"""Every route either shows somebody's words, and says under which action that stands in the trail, or it does not."""

from __future__ import annotations

from tests.api.test_routes import routes
from tests.api.test_supervision import kept
from tests.store.rows import rows
from tests.support.bridge import STOCKPORT, Bridge
from tests.support.records import example

AUDITED_AS = {
    "/v1/submissions/<receipt_id>/documents/<audience>": "copy_made",
    "/v1/reflective-supervisions/<supervision_id>": "supervision_opened",
    "/v1/evaluation-extract": "evaluation_extracted",
    "/v1/packs/<reference>/sheet": "pack_read",
    "/v1/packs/<reference>/document": "pack_read",
    "/v1/admin/deliveries/<reference>/preview": "delivery_previewed",
    "/v1/admin/deliveries/<reference>/preview/words": "delivery_previewed",
    "/v1/submissions/<receipt_id>/access": "access_reported",
}
"""Reads of what somebody said or of what identifies a young person, and of who read it."""

SHOWS_NONE = {
    "/openapi.json", "/openapi-3.0.json", "/docs", "/sign-in", "/sign-in/<issuer>", "/sign-in/back",
    "/sign-in/link/<link>", "/sign-in/<issuer>/signed-out", "/sign-out",
    "/me",  # one's own reference
    "/approvals", "/approvals/<quarter>", "/approvals/<quarter>/approve", "/approvals/<quarter>/publish",
    "/oauth/token", "/health/live", "/health/ready", "/health/intake", "/health/delivery", "/metrics", "/v1/schemas",
    "/v1/schemas/<record_type>/<edition>.json", "/.well-known/wise-bridge-receipts.json",
    "/v1/submissions", "/v1/submissions/<receipt_id>", "/v1/submissions/<receipt_id>/documents", "/v1/holds",
    "/v1/holds/<hold_id>/release", "/v1/reviews", "/v1/feedback", "/v1/feedback/<feedback_id>/consent",
    "/v1/reflective-supervisions", "/v1/packs", "/v1/packs/<reference>", "/v1/packs/<reference>/take",
    "/v1/packs/<reference>/confirmation", "/v1/packs/<reference>/refusal", "/v1/manifests/<day>", "/v1/batches",
    "/v1/wise-assessments", "/v1/wise-assessments/validate", "/v1/nwg-assessments", "/v1/nwg-assessments/validate",
    "/v1/rise-meeting-outputs", "/v1/rise-meeting-outputs/validate",
    "/v1/admin/deliveries", "/v1/admin/deliveries/<reference>", "/v1/admin/orders", "/v1/admin/lane",
    "/v1/admin/orders/<order_id>/approval", "/v1/admin/replays", "/v1/admin/webhooks",
    *(f"/v1/admin/deliveries/<reference>/{order}"
      for order in ("hold", "replay", "supersede", "cancel", "evidence", "reopen")),
    *(f"/v1/admin/lane/{order}" for order in ("pause", "stop", "go-on")),
    "/v1/training-records",  # staff, by reference
    "/v1/aggregates", "/v1/aggregates/<asked>", "/v1/releases", "/v1/releases/<quarter>",
    "/v1/releases/<quarter>/<file>",
}  # fmt: skip
"""Ids, codes, days and references: what a sender sent itself, or what stands where. Problems repeat no value."""
SCOPES = ("documents:read", "supervision:read", "evaluation:read", "deliveries:read", "deliveries:open", "audit:read")


def test_every_route_is_one_or_the_other(bridge: Bridge) -> None:
    """A new route fails here until somebody has looked at what it shows."""
    there = {address for side in (bridge.casework, bridge.hub) for address, *_ in routes(side.application)}
    assert there == {*AUDITED_AS, *SHOWS_NONE}
    assert not {*AUDITED_AS} & SHOWS_NONE


def test_each_read_adds_its_entry_with_who_read(bridge: Bridge) -> None:
    """The two of packs are read in tests/api/test_packs.py."""
    where = bridge.post(example("wise")).get_json()["status_url"]
    reference = bridge.get(where, STOCKPORT).get_json()["deliveries"][0]["reference"]
    asked = {
        "/v1/submissions/<receipt_id>/documents/<audience>": f"{where}/documents/case_file",
        "/v1/reflective-supervisions/<supervision_id>": f"/v1/reflective-supervisions/{kept(bridge)}",
        "/v1/evaluation-extract": "/v1/evaluation-extract?from=2026Q3&to=2026Q4",
        "/v1/admin/deliveries/<reference>/preview": f"/v1/admin/deliveries/{reference}/preview",
        "/v1/admin/deliveries/<reference>/preview/words": f"/v1/admin/deliveries/{reference}/preview/words?by_ref=o-1",
        "/v1/submissions/<receipt_id>/access": f"{where}/access",
    }
    assert set(AUDITED_AS) - set(asked) == {"/v1/packs/<reference>/sheet", "/v1/packs/<reference>/document"}
    headers = bridge.headers(STOCKPORT, *SCOPES)
    for route, path in asked.items():
        before = rows(bridge.database, "SELECT coalesce(max(id), 0) AS id FROM casework.audit")[0]["id"]
        assert bridge.casework.get(path, headers=headers).status_code == 200, path
        new = rows(bridge.database, "SELECT action, actor FROM casework.audit WHERE id > %s", before)
        assert [each["action"] for each in new] == [AUDITED_AS[route]]
        assert new[0]["actor"].startswith("client:")

"""The matrix, made from the application itself: a new address is in it without anybody's doing, or fails as unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from tests.api.test_feedback import FULL as FEEDBACK

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
REAL_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OFFICER = {"by_ref": "stk-9"}
ORDER = {**OFFICER, "because": "mapping_fixed"}
BODIES: Mapping[str, Mapping[str, Any]] = {
    "/v1/holds/<hold_id>/release": {"decided_by_ref": "stk-sw-2"},
    "/v1/feedback/<feedback_id>/consent": dict(FEEDBACK["evaluation_consent"]),
    "/v1/packs/<reference>/take": {"taken_by_ref": "stk-admin-1"},
    "/v1/packs/<reference>/confirmation": {"record_number": "2026-1", "confirmed_by_ref": "stk-admin-1"},
    "/v1/packs/<reference>/refusal": {"reason": "person_not_found", "refused_by_ref": "stk-admin-1"},
    "/v1/admin/orders/<order_id>/approval": {**OFFICER, "decision": "approve"},
    "/v1/admin/deliveries/<reference>/hold": {**OFFICER, "because": "asked_for"},
    "/v1/admin/deliveries/<reference>/replay": ORDER,
    "/v1/admin/deliveries/<reference>/supersede": {**OFFICER, "because": "corrected"},
    "/v1/admin/deliveries/<reference>/cancel": {**OFFICER, "because": "not_needed"},
    "/v1/admin/deliveries/<reference>/reopen": {**OFFICER, "because": "not_found_there"},
    "/v1/admin/deliveries/<reference>/evidence": {
        **OFFICER, "because": "seen_there", "record_number": "2026-2", "seen_by_ref": "stk-9",
        "seen_at": "2026-11-01T10:00:00Z",
    },
}  # fmt: skip
"""What a POST needs to come as far as looking for what it names."""
QUERY = {
    "/v1/admin/deliveries/<reference>/preview/words": "?by_ref=stk-9",
}
NAMES_NOBODYS = {
    "audience": "case_file", "day": "2026-11-01", "record_type": "wise_assessment", "edition": "2024-11",
    "asked": "statement_by_authority", "quarter": "2026Q3", "file": "release.json",
    "issuer": "stockport", "link": "none",
}  # fmt: skip
"""Parts of an address that name nothing of an authority."""


@dataclass(frozen=True)
class Address:
    """One rule of the application, and what it needs."""

    rule: str
    methods: frozenset[str]
    scope: str | None
    names: tuple[str, ...]

    def path(self, things: Mapping[str, str]) -> str:
        """With what it names put in."""
        path = self.rule
        for part in self.parts():
            path = path.replace(f"<{part}>", NAMES_NOBODYS.get(part) or things[self.thing(part)])
        return path + QUERY.get(self.rule, "")

    def parts(self) -> Iterator[str]:
        for piece in self.rule.split("<")[1:]:
            yield piece.split(">")[0].rsplit(":", 1)[-1]

    def thing(self, part: str) -> str:
        if part != "reference":
            return part
        return "pack" if "/packs/" in self.rule else "delivery"

    @property
    def is_of_something(self) -> bool:
        """Whether it names something of an authority."""
        return any(part not in NAMES_NOBODYS for part in self.parts())


def addresses(app: Flask) -> list[Address]:
    """All there are, those that name something first."""
    found = [_address(app, rule) for rule in app.url_map.iter_rules()]
    return sorted(found, key=lambda each: (not each.is_of_something, each.rule))


def _address(app: Flask, rule: Rule) -> Address:
    scope = getattr(app.view_functions[rule.endpoint], "needs_scope", None)
    methods = frozenset(rule.methods or ()) - {"HEAD", "OPTIONS"}
    return Address(rule.rule, methods, scope, tuple(sorted(rule.arguments)))

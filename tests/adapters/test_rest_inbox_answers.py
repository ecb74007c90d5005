"""What an inbox may say, what it must not, and what a profile says of one. Only the page is believed."""

from __future__ import annotations

import re
from typing import Any

import pytest

from service.adapters.http import Reply, Request
from service.adapters.rest_inbox.answers import REASONS, absent_or, outcome, settled
from service.adapters.rest_inbox.schema import SCHEMA
from service.adapters.rest_inbox.system import RestInbox
from service.adapters.shared.link import Link
from service.domain.delivery import Reason
from service.errors import ConfigurationFault, DeliveryProblem, NeedsHuman, NothingSent, OutcomeUnknown
from service.ports import Absent, Awaiting, Receipt
from service.settings import ROOT
from tests.conformance.world import MARKER, assert_silent, reason_given

PUT, GET = Request("PUT", "/items/WB-1", writes=True), Request("GET", "/items/WB-1", writes=False)
ITEM = {"reference": "WB-1", "kind": "record", "state": "filed", "number": "4711", "document_number": "D-88"}
ITEM |= {"replaces": None, "content_sha256": "a" * 64, "code": None}
SHA = {"content_sha256": "a" * 64}


def problem(request: Request, status: int, body: dict[str, Any] | None, *, kind: str = "") -> DeliveryProblem:
    with pytest.raises(DeliveryProblem) as caught:
        settled(request, Reply(status, body, 9, kind=kind), "WB-1")
    assert_silent(caught.value)
    return caught.value


class TestItems:
    @pytest.mark.parametrize("status", [200, 201, 202, 412])
    def test_a_filed_one_is_a_receipt(self, status: int) -> None:
        item = settled(PUT, Reply(status, ITEM, None), "WB-1")
        assert outcome(item) == Receipt("4711", "D-88", SHA)

    def test_a_correction_names_what_it_replaces(self) -> None:
        item = settled(GET, Reply(200, {**ITEM, "replaces": "4700"}, None), "WB-1")
        assert outcome(item) == Receipt("4711", "D-88", {**SHA, "replaces_record": "4700"})

    def test_one_that_was_only_taken_is_awaited(self) -> None:
        body = {**ITEM, "state": "received", "number": None, "document_number": None}
        assert outcome(settled(PUT, Reply(202, body, None), "WB-1")) == Awaiting()

    @pytest.mark.parametrize(
        ("code", "reason"),
        [*REASONS.items(), (MARKER, Reason.CONTENT_REFUSED), (None, Reason.CONTENT_REFUSED)],
    )
    def test_one_that_was_refused_later_says_why(self, code: str | None, reason: Reason) -> None:
        body = {**ITEM, "state": "refused", "number": None, "code": code}
        assert reason_given(lambda: outcome(settled(GET, Reply(200, body, None), "WB-1"))) is reason

    def test_one_that_is_filed_has_a_number(self) -> None:
        item = settled(PUT, Reply(201, {**ITEM, "number": None}, None), "WB-1")
        assert reason_given(lambda: outcome(item)) is Reason.UNEXPECTED_ANSWER

    @pytest.mark.parametrize(
        "change",
        [
            *({name: ...} for name in ITEM),
            {"reference": "WB-2"},
            {"state": MARKER},
            {"number": 4711},
            {"number": ""},
            {"number": "x" * 65},
            {"document_number": f"{MARKER}\n"},
            {"replaces": 4700},
            {"content_sha256": "A" * 64},
            {"code": 7},
        ],
        ids=str,
    )
    def test_any_other_shape_is_believed_in_nothing(self, change: dict[str, Any]) -> None:
        body = {name: value for name, value in {**ITEM, **change}.items() if value is not ...}
        assert isinstance(problem(PUT, 201, body), OutcomeUnknown)
        assert isinstance(problem(GET, 200, body), NothingSent)

    def test_no_object_is_no_item(self) -> None:
        assert isinstance(problem(PUT, 201, None), OutcomeUnknown)


class TestRefusals:
    def test_the_page_has_these_codes_and_no_others(self) -> None:
        page = (ROOT / "docs/protocols/rest-inbox.md").read_text("utf-8")
        codes, _, _ = page.partition("\nCodes: ")[2].partition("Any other code")
        assert set(re.findall(r"`([A-Z_]+)`", codes)) == set(REASONS)

    @pytest.mark.parametrize(("code", "reason"), REASONS.items())
    def test_each_code_has_its_reason(self, code: str, reason: Reason) -> None:
        found = problem(PUT, 422, {"code": code})
        assert (type(found), found.reason) == (NeedsHuman, reason)

    @pytest.mark.parametrize("body", [{"code": MARKER}, {"code": ["DOB_MISMATCH"]}, {}])
    def test_a_code_we_do_not_know_is_for_a_person_and_not_repeated(self, body: dict[str, Any]) -> None:
        found = problem(PUT, 422, body)
        assert (type(found), found.reason) == (NeedsHuman, Reason.CONTENT_REFUSED)

    @pytest.mark.parametrize(
        ("status", "kind", "reason"),
        [
            *((status, NeedsHuman, Reason.UNEXPECTED_ANSWER) for status in (400, 405, 415, 428)),
            (401, NeedsHuman, Reason.SIGN_IN_REFUSED),
            (403, NeedsHuman, Reason.NOT_PERMITTED),
            (413, NeedsHuman, Reason.DOCUMENT_TOO_LARGE),
            (423, NothingSent, Reason.LOCKED),
            (429, NothingSent, Reason.THROTTLED),
            (503, NothingSent, Reason.UNAVAILABLE),
            *((status, OutcomeUnknown, Reason.UNEXPECTED_ANSWER) for status in (204, 307, 404, 409)),
            *((status, OutcomeUnknown, Reason.NO_CLEAR_ANSWER) for status in (500, 502, 504)),
        ],
    )
    def test_each_status_has_its_meaning(self, status: int, kind: type[DeliveryProblem], reason: Reason) -> None:
        found = problem(PUT, status, {"code": MARKER})
        assert (type(found), found.reason) == (kind, reason)
        if isinstance(found, NothingSent):
            assert found.retry_after == 9

    def test_422_without_a_body_may_come_from_anything(self) -> None:
        assert isinstance(problem(PUT, 422, None), OutcomeUnknown)


class TestLookUp:
    def test_absent_is_what_the_protocol_says_is_absent(self) -> None:
        assert absent_or(GET, Reply(404, {"code": "NOT_THERE"}, None), "WB-1") == Absent()

    @pytest.mark.parametrize("body", [None, {}, {"code": "NOT_FOUND"}, {"code": None}])
    def test_any_other_404_may_come_from_a_wrong_address(self, body: dict[str, Any] | None) -> None:
        with pytest.raises(NothingSent) as caught:
            absent_or(GET, Reply(404, body, None), "WB-1")
        assert caught.value.reason is Reason.UNAVAILABLE


BASE = {"base_url": "https://platform.example/wise", "api_key": "fictional"}  # pragma: allowlist secret


class TestSettings:
    def test_a_profile_names_only_what_differs(self) -> None:
        RestInbox(Link({**BASE, **dict.fromkeys(SCHEMA.connection.keys() - BASE.keys(), "")}, {}, {}))
        assert {name for name, setting in SCHEMA.connection.items() if setting.required} == set(BASE)

    def test_secrets_are_declared(self) -> None:
        secret = {name for name, setting in SCHEMA.connection.items() if setting.secret}
        assert secret == {"api_key", "client_key", "proxy_password"}

    @pytest.mark.parametrize("key", ["", f"{MARKER}\n", f" {MARKER}", f"{MARKER}é"])
    def test_every_fault_is_told_at_once_and_none_with_its_value(self, key: str) -> None:
        wrong = {"base_url": f"http://{MARKER}/", "api_key": key, "key_header": f"{MARKER}: x"}
        with pytest.raises(ConfigurationFault) as caught:
            RestInbox(Link(wrong, {}, {}))
        assert MARKER not in str(caught.value)
        assert {fault.field for fault in caught.value.faults} == set(wrong)

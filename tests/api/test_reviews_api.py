"""The review clock as an authority sees it: what opens, what closes, and the list by page."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from tests.support.bridge import OLDHAM, SALFORD, STOCKPORT, TAMESIDE, Bridge
from tests.support.records import MISSING, example
from tests.support.training import register

Review = dict[str, Any]


@dataclass(frozen=True)
class Fixed:
    """A clock on one day."""

    day: date

    def today(self) -> date:
        return self.day


def posted(
    bridge: Bridge, completed: str = "2026-08-21", *, name: str = "oldham", child: str = "40211", **more: Any
) -> str:
    """A record of a young person completed on that day; returns its receipt."""
    changes = {"completed_on": completed, "young_person__la_child_id": child, "review__due_on": MISSING} | more
    answer = bridge.post(example(name, submission_id=f"R-{uuid4()}", **changes))
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["receipt_id"])


def listed(bridge: Bridge, query: str = "", authority: str = OLDHAM) -> list[Review]:
    answer = bridge.get(f"/v1/reviews{query}", authority)
    assert answer.status_code == 200, answer.text
    reviews: list[Review] = answer.get_json()["reviews"]
    return reviews


def statuses(bridge: Bridge) -> list[tuple[str, str]]:
    with bridge.database.as_admin() as connection:
        return connection.execute("SELECT anchor_on::text, status FROM casework.review ORDER BY 1, 2").fetchall()


def test_a_record_opens_the_next_review(bridge: Bridge) -> None:
    receipt = posted(bridge)
    assert listed(bridge) == [
        {
            "receipt_id": receipt,
            "record_type": "wise_assessment",
            "anchor_on": "2026-08-21",
            "due_on": "2026-11-21",
            "window_days": 14,
            "basis": "initial",
            "status": "open",
            "is_due": listed(bridge)[0]["is_due"],
            "raised_at": None,
        }
    ]


def test_the_list_says_nothing_that_points_to_the_young_person(bridge: Bridge) -> None:
    posted(bridge, child="7707707707")
    answer = bridge.get("/v1/reviews", OLDHAM)
    assert "7707707707" not in answer.text
    assert "child" not in answer.text


@pytest.mark.parametrize(
    ("name", "changes", "authority", "due"),
    [
        ("wise", {}, STOCKPORT, "2026-12-14"),
        ("wise", {"review__due_on": "2026-10-01"}, STOCKPORT, "2026-10-01"),
        ("wise", {"review__due_on": "2026-12-28"}, STOCKPORT, "2026-12-14"),
        ("wise", {"review__due_on": MISSING}, STOCKPORT, "2026-12-14"),
        ("rise", {}, SALFORD, "2027-01-06"),
        ("nwg", {}, TAMESIDE, "2027-01-20"),
        ("nwg", {"review": MISSING}, TAMESIDE, "2027-01-20"),
        ("oldham", {"completed_on": "2025-11-30", "review__due_on": MISSING}, OLDHAM, "2026-02-28"),
    ],
)
def test_it_is_counted_from_the_day_of_the_assessment(
    bridge: Bridge, name: str, changes: dict[str, Any], authority: str, due: str
) -> None:
    assert bridge.post(example(name, **changes)).status_code == 201
    assert [review["due_on"] for review in listed(bridge, authority=authority)] == [due]


def test_a_review_is_due_on_its_day_and_not_before(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    posted(bridge)
    extensions = bridge.casework.application.extensions
    for day, due in (("2026-11-20", False), ("2026-11-21", True), ("2026-11-22", True)):
        services = replace(extensions["wise_bridge"], clock=Fixed(date.fromisoformat(day)))
        monkeypatch.setitem(extensions, "wise_bridge", services)
        assert [review["is_due"] for review in listed(bridge)] == [due]


def test_the_next_record_of_a_young_person_closes_the_first_review(bridge: Bridge) -> None:
    posted(bridge, "2026-02-02")
    receipt = posted(bridge, "2026-05-02")
    assert [review["receipt_id"] for review in listed(bridge)] == [receipt]
    assert statuses(bridge) == [("2026-02-02", "done"), ("2026-05-02", "open")]


def test_a_paper_record_typed_in_late_leaves_the_clock_alone(bridge: Bridge) -> None:
    newer = posted(bridge, "2026-05-02")
    posted(bridge, "2026-02-02", capture_mode="paper", entered_on="2026-06-01")
    assert [review["receipt_id"] for review in listed(bridge)] == [newer]
    assert statuses(bridge) == [("2026-02-02", "superseded"), ("2026-05-02", "open")]


def test_another_young_person_has_a_clock_of_their_own(bridge: Bridge) -> None:
    receipts = {posted(bridge, child="401"), posted(bridge, child="402")}
    assert {review["receipt_id"] for review in listed(bridge)} == receipts


def test_another_instrument_has_a_clock_of_its_own(bridge: Bridge) -> None:
    posted(bridge, "2026-02-02", name="nwg", child="TAM5512")
    register(bridge.database, TAMESIDE, "stk-sw-21", "wise_core")
    person = {"young_person__la_child_id": "TAM5512", "young_person__responsible_authority": TAMESIDE}
    assert bridge.post(example("wise", authority=TAMESIDE, **person)).status_code == 201
    assert {review["record_type"] for review in listed(bridge, authority=TAMESIDE)} == {
        "nwg_assessment",
        "wise_assessment",
    }


def test_the_same_reference_in_another_authority_is_another_young_person(bridge: Bridge) -> None:
    posted(bridge, "2026-02-02", child="777")
    posted(bridge, "2026-05-02", name="nwg", child="777")
    assert statuses(bridge) == [("2026-02-02", "open"), ("2026-05-02", "open")]


def test_when_involvement_has_ended_no_review_is_opened(bridge: Bridge) -> None:
    posted(bridge, young_person__involvement_ended_on="2026-08-20")
    assert statuses(bridge) == []


def test_when_involvement_ends_every_open_clock_of_the_young_person_stops(bridge: Bridge) -> None:
    posted(bridge, "2026-02-02")
    other = posted(bridge, "2026-02-02", child="402")
    posted(bridge, "2026-05-02", young_person__involvement_ended_on="2026-05-01")
    assert [review["receipt_id"] for review in listed(bridge)] == [other]
    assert ("2026-02-02", "closed") in statuses(bridge)


def test_another_authority_sees_none_of_them(bridge: Bridge) -> None:
    posted(bridge)
    assert listed(bridge, authority=SALFORD) == []


def five(bridge: Bridge) -> list[str]:
    """Receipts in order of their reviews; two are due on the same day."""
    days = ("2026-01-05", "2026-01-05", "2026-02-05", "2026-03-05", "2026-04-05")
    receipts = [posted(bridge, day, child=f"50{number}") for number, day in enumerate(days)]
    assert [review["due_on"] for review in listed(bridge)] == [
        "2026-04-05", "2026-04-05", "2026-05-05", "2026-06-05", "2026-07-05"
    ]  # fmt: skip
    return receipts


def pages_of(bridge: Bridge, address: str) -> list[list[str]]:
    """The receipts of each page, by following the links."""
    pages = []
    while address:
        answer = bridge.get(address, OLDHAM)
        pages.append([review["receipt_id"] for review in answer.get_json()["reviews"]])
        address = answer.get_json()["links"].get("next", "")
        assert answer.headers.get("Link") == (f'<{address}>; rel="next"' if address else None)
    return pages


def test_the_pages_hold_every_review_once_soonest_first(bridge: Bridge) -> None:
    receipts = five(bridge)
    for limit, lengths in ((1, [1] * 5), (2, [2, 2, 1]), (4, [4, 1]), (5, [5]), (200, [5])):
        pages = pages_of(bridge, f"/v1/reviews?limit={limit}")
        assert [len(page) for page in pages] == lengths
        seen = [receipt for page in pages for receipt in page]
        assert (sorted(seen[:2]), seen[2:]) == (sorted(receipts[:2]), receipts[2:])


def test_a_page_goes_on_with_the_day_it_was_asked_for(bridge: Bridge) -> None:
    five(bridge)
    first = bridge.get("/v1/reviews?limit=2&due_by=2026-05-05", OLDHAM).get_json()
    second = bridge.get(first["links"]["next"], OLDHAM).get_json()
    assert [review["due_on"] for review in second["reviews"]] == ["2026-05-05"]
    assert second["links"] == {}


def test_due_by_includes_the_day_itself(bridge: Bridge) -> None:
    five(bridge)
    for day, found in (("2026-04-04", 0), ("2026-04-05", 2), ("2026-06-30", 4), ("2030-01-01", 5)):
        assert len(listed(bridge, f"?due_by={day}")) == found


def test_a_cursor_of_another_authority_opens_nothing(bridge: Bridge) -> None:
    five(bridge)
    onward = bridge.get("/v1/reviews?limit=1", OLDHAM).get_json()["links"]["next"]
    assert bridge.get(onward, SALFORD).get_json() == {"reviews": [], "links": {}}


def coded(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode()


WRONG = [
    *(f"limit={limit}" for limit in ("0", "201", "-1", "", "ten", "1.5", "%C2%B2", "00000500", "000001" + "9" * 5_000)),
    *(f"due_by={day}" for day in ("", "soon", "2026-02-30", "2026-W37-1", "2026-12-14T00:00:00")),
    *(f"cursor={cursor}" for cursor in ("", "abc", "!!!", "%C3%A9", coded(b"2026-01-01"), coded(b"\xff\xff"))),
    f"cursor={coded(b'2026-01-01 not-a-uuid')}",
    f"cursor={coded(b'soon ' + str(uuid4()).encode())}",
    f"authority={SALFORD}",
    "child=40211",
    "Limit=5",
]


def test_a_question_we_do_not_understand_is_refused_and_not_guessed(bridge: Bridge) -> None:
    for query in WRONG:
        answer = bridge.get(f"/v1/reviews?{query}", OLDHAM)
        assert (answer.status_code, answer.mimetype) == (400, "application/problem+json"), query


def test_an_unknown_parameter_is_told_which_there_are(bridge: Bridge) -> None:
    (fault,) = bridge.get("/v1/reviews?chid=1&limit=5", OLDHAM).get_json()["errors"]
    assert (fault["code"], fault["fix"]) == ("Q-1", "This address takes: cursor, due_by, limit.")
    assert "chid" not in str(fault)


def test_the_receipt_shows_its_review(bridge: Bridge) -> None:
    answer = bridge.post(example("wise"))
    shown = bridge.get(answer.get_json()["status_url"], STOCKPORT).get_json()["review"]
    assert (shown["due_on"], shown["status"], shown["basis"]) == ("2026-12-14", "open", "three_monthly")

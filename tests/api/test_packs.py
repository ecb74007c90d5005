"""Records that people type in: posted, listed, read as a sheet, confirmed or refused, and delivered with the number."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from service.domain.delivery import Reason, State
from service.domain.reviews import Calendar
from service.ports import Settlement
from service.usecases.raise_reviews import ReviewRaiser
from tests.documents.pdf_reader import read
from tests.store.rows import let_go, rows, superuser
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.by_hand import BridgeByHand, config_by_hand
from tests.support.records import EXAMPLES, example
from tests.support.servers import Database
from tests.support.training import train_the_workers
from tests.usecases.desk import Wakeups

SCOPES = ("packs:read", "packs:confirm")
WORDS = '=HYPERLINK("x")\r\n<script>alert(1)</script> & \u202eمرحبا'
CONFIRMATION = {"record_number": "2026-004711", "document_number": "D-9", "confirmed_by_ref": "stk-admin-1"}


@pytest.fixture(scope="module")
def running(
    session_database: Database, broker: str, keys_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BridgeByHand]:
    """Stockport's records are typed in by hand here."""
    folder = config_by_hand(tmp_path_factory.mktemp("by-hand") / "config")
    built = BridgeByHand(session_database, broker, folder, keys_dir)
    yield built
    built.close()
    let_go()


@pytest.fixture
def bridge(running: BridgeByHand, database: Database) -> BridgeByHand:
    train_the_workers(database)
    return running


def ask(bridge: BridgeByHand, path: str, accept: str = "application/json", authority: str = STOCKPORT) -> TestResponse:
    headers = bridge.headers(authority, *SCOPES) | {"Accept": accept}
    return bridge.casework.get(f"/v1/packs{path}", headers=headers)


def tell(bridge: BridgeByHand, path: str, body: Any, authority: str = STOCKPORT) -> TestResponse:
    return bridge.casework.post(f"/v1/packs{path}", json=body, headers=bridge.headers(authority, *SCOPES))


def work(bridge: BridgeByHand) -> list[Settlement | None]:
    """One attempt at everything whose time has come."""
    return [bridge.worker.work(claim) for claim in bridge.worker.claim(STOCKPORT, 50)]


def handed_over(bridge: BridgeByHand, **changes: Any) -> tuple[str, str]:
    """(receipt, reference) of a record that lies in the inbox."""
    answer = bridge.post(example("wise", **changes))
    assert answer.status_code == 201, answer.text
    work(bridge)
    receipt = answer.get_json()["receipt_id"]
    delivery = delivery_of(bridge, receipt)
    assert (delivery["state"], delivery["reason"]) == ("unknown", "awaiting_receipt")
    return receipt, delivery["reference"]


def delivery_of(bridge: BridgeByHand, receipt: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = bridge.get(f"/v1/submissions/{receipt}", STOCKPORT).get_json()["deliveries"]
    return found[0]


def test_a_record_is_posted_typed_in_and_delivered_with_its_number(bridge: BridgeByHand) -> None:
    receipt, reference = handed_over(bridge)
    (listed,) = ask(bridge, "?inbox=complex-safeguarding-admin").get_json()["packs"]
    assert (listed["reference"], listed["form"], listed["kind"]) == (reference, "WISE assessment", "record")
    assert ask(bridge, f"/{reference}/sheet").status_code == 200
    later = "UPDATE casework.delivery SET due_at = now() + interval '1 hour'"
    superuser(bridge.database).execute(later)
    assert work(bridge) == []
    confirmed = tell(bridge, f"/{reference}/confirmation", CONFIRMATION)
    assert (confirmed.status_code, confirmed.get_json()["state"]) == (200, "confirmed")
    (settled,) = work(bridge)
    assert settled is not None and settled.evidence is not None
    assert settled.state is State.DELIVERED
    assert settled.evidence["confirmed_by"] == "stk-admin-1"
    assert delivery_of(bridge, receipt)["record_number"] == "2026-004711"
    assert delivery_of(bridge, receipt)["document_number"] == "D-9"


def test_nothing_of_the_record_lies_in_the_table_or_the_list(bridge: BridgeByHand) -> None:
    _, reference = handed_over(bridge)
    record = example("wise")
    words = record["areas"]["young_person"]["own_words"][0]["text"]
    kept = repr(rows(bridge.database, "SELECT * FROM casework.manual_pack"))
    for shown in (kept, ask(bridge, "").text, ask(bridge, f"/{reference}").text):
        assert reference in shown
        assert words not in shown
        assert record["young_person"]["la_child_id"] not in shown


def own_words(text: str) -> dict[str, Any]:
    return {"areas__young_person__own_words__0__text": text}


def test_every_form_of_a_sheet_has_the_same_words(bridge: BridgeByHand) -> None:
    _, reference = handed_over(bridge, **own_words(WORDS))
    as_json = ask(bridge, f"/{reference}/sheet").get_json()
    (header, *cells) = csv.reader(io.StringIO(ask(bridge, f"/{reference}/sheet", "text/csv").text, newline=""))
    as_csv = [dict(zip(header, map(json.loads, row), strict=True)) for row in cells]
    fields = [(each["code"], each["row"], each["words"]) for each in as_csv if each["part"] == "field"]
    assert fields == [(each["code"], each["row"], each["words"]) for each in as_json["lines"]]
    assert fields[0] == ("own_words", 1, f"“{WORDS}”")
    assert as_json["lines"][0]["quoted"] is True
    assert {each["code"] for each in as_json["lines"] if each["quoted"]} <= {"own_words", "identity_self_description"}


def test_no_cell_of_the_csv_begins_as_a_formula(bridge: BridgeByHand) -> None:
    _, reference = handed_over(bridge, **own_words(WORDS), analysis_narrative="@SUM(1) is how it was put to us.")
    answer = ask(bridge, f"/{reference}/sheet", "text/csv")
    cells = [cell for row in csv.reader(io.StringIO(answer.text, newline="")) for cell in row]
    assert len(cells) > 100
    assert not [cell for cell in cells if cell.lstrip()[:1] in "=+-@|%\t\r" or cell != cell.strip()]
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{reference}.csv"'


def test_the_page_is_text_without_scripts_and_checks_the_person_first(bridge: BridgeByHand) -> None:
    _, reference = handed_over(bridge, young_person__date_of_birth="2011-03-02", **own_words(WORDS))
    answer = ask(bridge, f"/{reference}/sheet", "text/html,*/*;q=0.8")
    page = answer.text
    assert answer.mimetype == "text/html"
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in page
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert (answer.headers["Cache-Control"], answer.headers["Vary"]) == ("no-store", "Accept")
    in_order = ("STK0000417", "2 March 2011", ">15<", "What to do", "<h3>", "own words", "<blockquote>", "HYPERLINK")
    places = [page.index(each) for each in in_order]
    assert places == sorted(places)


def test_a_restricted_record_says_so_first(bridge: BridgeByHand) -> None:
    _, reference = handed_over(bridge, young_person__restricted_record=True)
    page = ask(bridge, f"/{reference}/sheet", "text/html").text
    assert page.index("Restricted record") < page.index("<h1>")
    sheet = ask(bridge, f"/{reference}/sheet").get_json()
    assert sheet["restricted"] is True
    assert "restricted" in sheet["to_do"][0]


def test_the_document_is_the_record(bridge: BridgeByHand) -> None:
    _, reference = handed_over(bridge)
    answer = ask(bridge, f"/{reference}/document", "application/pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert reference in read(answer.data).tagged


def test_whoever_reads_stands_in_the_trail(bridge: BridgeByHand) -> None:
    _, reference = handed_over(bridge)
    ask(bridge, f"/{reference}/sheet", "text/csv")
    ask(bridge, f"/{reference}/document", "application/pdf")
    tell(bridge, f"/{reference}/take", {"taken_by_ref": "stk-admin-1"})
    tell(bridge, f"/{reference}/confirmation", CONFIRMATION)
    found = rows(bridge.database, "SELECT * FROM casework.audit WHERE action LIKE 'pack_%%' ORDER BY id")
    assert [each["action"] for each in found] == ["pack_read", "pack_read", "pack_taken", "pack_confirmed"]
    assert [each["detail"].get("what") for each in found[:2]] == ["sheet", "document"]
    assert {each["detail"]["reference"] for each in found} == {reference}
    assert all(each["actor"].startswith("client:") for each in found)


def test_one_person_takes_it(bridge: BridgeByHand) -> None:
    _, reference = handed_over(bridge)
    take = [tell(bridge, f"/{reference}/take", {"taken_by_ref": who}) for who in ("stk-a-1", "stk-a-1", "stk-a-2")]
    assert [each.status_code for each in take] == [200, 200, 409]
    assert ask(bridge, f"/{reference}").get_json()["taken_by"] == "stk-a-1"


def test_an_answer_is_taken_once(bridge: BridgeByHand) -> None:
    _, reference = handed_over(bridge)
    confirm, refuse = f"/{reference}/confirmation", f"/{reference}/refusal"
    assert [tell(bridge, confirm, CONFIRMATION).status_code for _ in range(2)] == [200, 200]
    assert tell(bridge, confirm, CONFIRMATION | {"record_number": "2026-004712"}).status_code == 409
    refusal = {"reason": "dob_mismatch", "refused_by_ref": "stk-admin-1"}
    assert tell(bridge, refuse, refusal).status_code == 409
    assert tell(bridge, f"/{reference}/take", {"taken_by_ref": "stk-a-2"}).status_code == 409
    assert ask(bridge, f"/{reference}").get_json()["record_number"] == "2026-004711"
    assert len(rows(bridge.database, "SELECT FROM casework.audit WHERE action = 'pack_confirmed'")) == 1


def test_what_was_answered_is_read_no_longer(bridge: BridgeByHand) -> None:
    _, reference = handed_over(bridge)
    tell(bridge, f"/{reference}/confirmation", CONFIRMATION)
    for path in ("sheet", "document"):
        assert ask(bridge, f"/{reference}/{path}").status_code == 410
    assert ask(bridge, "").get_json()["packs"] == []
    assert [each["reference"] for each in ask(bridge, "?state=confirmed").get_json()["packs"]] == [reference]
    assert ask(bridge, f"/{reference}").get_json()["links"] == {}


def test_a_refusal_brings_the_record_to_a_person(bridge: BridgeByHand) -> None:
    receipt, reference = handed_over(bridge)
    refusal = {"reason": "dob_mismatch", "refused_by_ref": "stk-admin-1"}
    assert [tell(bridge, f"/{reference}/refusal", refusal).status_code for _ in range(2)] == [200, 200]
    assert tell(bridge, f"/{reference}/refusal", refusal | {"reason": "person_merged"}).status_code == 409
    assert tell(bridge, f"/{reference}/confirmation", CONFIRMATION).status_code == 409
    (settled,) = work(bridge)
    assert settled is not None
    assert (settled.state, settled.reason) == (State.NEEDS_HUMAN, Reason.DOB_MISMATCH)
    assert delivery_of(bridge, receipt)["owner"] == "social work team of the authority"
    assert ask(bridge, "?state=refused").get_json()["packs"][0]["refused"]["reason"] == "dob_mismatch"


@pytest.mark.parametrize(
    ("path", "body", "pointers"),
    [
        ("confirmation", {}, ["/confirmed_by_ref", "/record_number"]),
        ("confirmation", CONFIRMATION | {"record_number": "Nan Biscuit's, 4 Oak Lane"}, ["/record_number"]),
        ("confirmation", CONFIRMATION | {"record_number": 4711, "note": "x"}, ["/note", "/record_number"]),
        ("confirmation", CONFIRMATION | {"confirmed_by_ref": "Nan Biscuit"}, ["/confirmed_by_ref"]),
        ("refusal", {"reason": "did not like it", "refused_by_ref": "a"}, ["/reason"]),
        ("refusal", {"reason": "internal_fault", "refused_by_ref": "a"}, ["/reason"]),
        ("take", {}, ["/taken_by_ref"]),
    ],
)
def test_what_is_wrong_with_an_answer_is_said_all_at_once(
    bridge: BridgeByHand, path: str, body: dict[str, Any], pointers: list[str]
) -> None:
    _, reference = handed_over(bridge)
    answer = tell(bridge, f"/{reference}/{path}", body)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert [each["pointer"] for each in answer.get_json()["errors"]] == pointers
    assert "Biscuit" not in answer.text
    assert ask(bridge, f"/{reference}").get_json()["state"] == "open"


def test_two_records_never_have_one_number(bridge: BridgeByHand) -> None:
    _, first = handed_over(bridge)
    tell(bridge, f"/{first}/confirmation", CONFIRMATION)
    work(bridge)
    _, second = handed_over(bridge, submission_id="second", young_person__la_child_id="STK0000418")
    answer = tell(bridge, f"/{second}/confirmation", CONFIRMATION)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.get_json()["errors"]] == ["/record_number"]


def withdrawal_of(record: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXAMPLES / "withdrawals" / "stockport.json").read_text())
    assert found["supersedes_submission_id"] == record["submission_id"]
    return found


def test_a_withdrawal_is_a_pack_and_asks_for_the_right_number(bridge: BridgeByHand) -> None:
    _, reference = handed_over(bridge)
    tell(bridge, f"/{reference}/confirmation", CONFIRMATION)
    work(bridge)
    assert bridge.post(withdrawal_of(example("wise"))).status_code == 201
    work(bridge)
    (pack,) = ask(bridge, "").get_json()["packs"]
    assert (pack["kind"], pack["about_number"]) == ("retraction", "2026-004711")
    sheet = ask(bridge, f"/{pack['reference']}/sheet").get_json()
    assert sheet["title"] == "Withdraw record 2026-004711"
    assert ask(bridge, f"/{pack['reference']}/document").status_code == 404
    wrong = {"record_number": "2026-004710", "confirmed_by_ref": "stk-admin-1"}
    assert tell(bridge, f"/{pack['reference']}/confirmation", wrong).status_code == 422
    right = wrong | {"record_number": "2026-004711"}
    assert tell(bridge, f"/{pack['reference']}/confirmation", right).status_code == 200
    (settled,) = work(bridge)
    assert settled is not None
    assert settled.state is State.DELIVERED


def test_a_record_withdrawn_before_it_was_typed_in_is_read_no_longer(bridge: BridgeByHand) -> None:
    _, reference = handed_over(bridge)
    assert bridge.post(withdrawal_of(example("wise"))).status_code == 201
    assert ask(bridge, f"/{reference}").get_json()["withdrawn"] is True
    answer = ask(bridge, f"/{reference}/sheet")
    assert answer.status_code == 410
    assert "already_withdrawn" in answer.get_json()["detail"]


def test_what_is_another_authoritys_is_not_there(bridge: BridgeByHand) -> None:
    _, reference = handed_over(bridge)
    assert ask(bridge, "", authority=SALFORD).get_json()["packs"] == []
    assert ask(bridge, f"/{reference}", authority=SALFORD).status_code == 404
    assert ask(bridge, f"/{reference}/sheet", authority=SALFORD).status_code == 404
    assert tell(bridge, f"/{reference}/confirmation", CONFIRMATION, authority=SALFORD).status_code in (403, 404)
    assert ask(bridge, f"/{reference}").get_json()["state"] == "open"


def test_the_list_comes_in_pages_and_by_inbox(bridge: BridgeByHand) -> None:
    references = [
        handed_over(bridge, submission_id=f"s{n}", young_person__la_child_id=f"STK000041{n}")[1] for n in range(3)
    ]
    first = ask(bridge, "?limit=2").get_json()
    assert [each["reference"] for each in first["packs"]] == references[:2]
    onward = first["links"]["next"].removeprefix("/v1/packs")
    assert [each["reference"] for each in ask(bridge, onward).get_json()["packs"]] == references[2:]
    assert ask(bridge, "?inbox=another").get_json()["packs"] == []
    assert ask(bridge, "?state=lost").status_code == 400
    assert ask(bridge, "?box=x").status_code == 400


def test_a_review_for_the_diary_says_nothing_but_that(bridge: BridgeByHand) -> None:
    _, reference = handed_over(bridge)
    tell(bridge, f"/{reference}/confirmation", CONFIRMATION)
    work(bridge)
    raise_review(bridge)
    work(bridge)
    (pack,) = ask(bridge, "").get_json()["packs"]
    sheet = ask(bridge, f"/{pack['reference']}/sheet").get_json()
    assert pack["kind"] == "review_task"
    assert [each["words"] for each in sheet["lines"]] == [pack["due_on"], "A review is due."]
    assert [each["code"] for each in sheet["checks"]] == ["child_reference"]


def raise_review(bridge: BridgeByHand) -> None:
    late = datetime(2100, 1, 1, tzinfo=UTC)
    always = Calendar(bool, around_the_clock=True)
    raiser = ReviewRaiser(bridge.work_store, Wakeups(), lambda: late, (STOCKPORT,), {}, always)
    raiser.raise_due()

"""`/v1/feedback` and `/v1/evaluation-extract`: all words are taken; of those who agreed, evaluators read them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from service.api.own_items import FAULTS_MAX
from service.api.scopes import SEPARATE_SCOPES, possible_scopes, usual_scopes
from service.configuration import profiles
from service.domain.codes import CONSENT
from service.domain.participation.feedback import FEEDBACK, GIVEN_BY
from tests.store.rows import let_go, rows
from tests.support.bridge import HUB, SALFORD, STOCKPORT, Bridge
from tests.support.records import MISSING, example, put
from tests.support.servers import Database
from tests.support.stored import holding
from tests.usecases.desk import Desk

PATH, EXTRACT = "/v1/feedback", "/v1/evaluation-extract"
MARK = "Zq7mkr"
FULL: Mapping[str, Any] = {
    "authority": STOCKPORT,
    "feedback_id": "FB-1",
    "la_child_id": "STK0000417",
    "given_by": "young_person",
    "given_on": "2026-09-14",
    "method": "conversation",
    "captured_by_ref": "stk-sw-21",
    "about_submission_id": "SK-2026-000041",
    "answers": [{"question_key": "same_or_different", "answer_text": "she took her time 2 get to know me"}],
    "process": {"how_it_was": "ok", "difference_made": "i go to the pond again"},
    "evaluation_consent": {
        "decision": "given",
        "assent_or_consent": "assent",
        "by_whom": "stk-sw-21",
        "form_version": "ev-2",
        "on": "2026-09-14",
    },
}


@pytest.fixture(scope="module", autouse=True)
def _let_go() -> Iterator[None]:
    yield
    let_go()


def feedback(**changes: Any) -> dict[str, Any]:
    """A copy; changes as in `tests.support.records.example`."""
    made: dict[str, Any] = json.loads(json.dumps(FULL))
    for path, value in changes.items():
        put(made, path.split("__"), value)
    return made


def post(bridge: Bridge, body: Any, authority: str = STOCKPORT) -> TestResponse:
    return bridge.casework.post(PATH, json=body, headers=bridge.headers(authority))


def kept(bridge: Bridge, **changes: Any) -> str:
    """Its id."""
    answer = post(bridge, feedback(**changes))
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["id"])


def decide(bridge: Bridge, feedback_id: str, authority: str = STOCKPORT, **said: Any) -> TestResponse:
    return bridge.casework.post(f"{PATH}/{feedback_id}/consent", json=said, headers=bridge.headers(authority))


def listed(bridge: Bridge, authority: str = STOCKPORT) -> list[dict[str, Any]]:
    answer = bridge.get(PATH, authority)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.get_json()["feedback"]
    return found


def extract(bridge: Bridge, query: str = "?from=2026Q1&to=2026Q4", authority: str = STOCKPORT) -> list[dict[str, Any]]:
    answer = bridge.casework.get(f"{EXTRACT}{query}", headers=bridge.headers(authority, "evaluation:read"))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.get_json()["feedback"]
    return found


def faults(answer: TestResponse) -> set[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return {(each["pointer"], each["code"]) for each in answer.get_json()["errors"]}


def test_it_is_kept_and_sent_again_is_the_same(bridge: Bridge) -> None:
    first, again = post(bridge, feedback()), post(bridge, dict(reversed(feedback().items())))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.get_json() == first.get_json() | {"replayed": True}
    assert len(listed(bridge)) == 1


def test_the_same_id_with_other_words_is_a_conflict_that_changes_nothing(bridge: Bridge) -> None:
    kept(bridge)
    answer = post(bridge, feedback(answers__0__answer_text=f"{MARK} other"))
    assert answer.status_code == 409
    assert MARK not in answer.text
    assert extract(bridge)[0]["answers"] == FULL["answers"]


def test_two_authorities_may_use_the_same_id(bridge: Bridge) -> None:
    kept(bridge)
    assert post(bridge, feedback(authority=SALFORD), SALFORD).status_code == 201


def test_another_authoritys_is_refused_unseen_and_out_of_reach(bridge: Bridge) -> None:
    feedback_id = kept(bridge)
    assert post(bridge, feedback(feedback_id="FB-2"), SALFORD).status_code == 403
    assert (listed(bridge, SALFORD), extract(bridge, authority=SALFORD)) == ([], [])
    answer = decide(bridge, feedback_id, SALFORD, decision="declined", on="2026-10-01")
    assert (answer.status_code, decide(bridge, "x", decision="declined", on="2026-10-01").status_code) == (404, 404)
    assert len(extract(bridge)) == 1


@pytest.mark.parametrize("given_by", GIVEN_BY)
def test_a_young_person_a_parent_and_a_carer_may_give_it(bridge: Bridge, given_by: str) -> None:
    kept(bridge, given_by=given_by)
    assert extract(bridge)[0]["given_by"] == given_by


def test_the_list_has_days_and_roles_and_no_words(bridge: Bridge) -> None:
    feedback_id = kept(bridge)
    ((found),) = listed(bridge)
    assert found.pop("received_at")
    assert found == {
        "id": feedback_id,
        "feedback_id": "FB-1",
        "given_by": "young_person",
        "given_on": "2026-09-14",
        "evaluation_consent": {"decision": "given", "on": "2026-09-14", "withdrawn_on": None},
    }


def test_the_list_goes_on_from_page_to_page(bridge: Bridge) -> None:
    sent = [kept(bridge, feedback_id=f"FB-{number}") for number in range(3)]
    first = bridge.get(f"{PATH}?limit=2", STOCKPORT).get_json()
    second = bridge.get(first["links"]["next"], STOCKPORT).get_json()
    assert [each["id"] for page in (first, second) for each in page["feedback"]] == sent
    assert second["links"] == {}


def tomorrow() -> str:
    return (date.today() + timedelta(days=2)).isoformat()  # noqa: DTZ011 - two days cover every time zone


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"given_on": tomorrow()}, {("/given_on", "FB-1")}),
        ({"evaluation_consent__on": tomorrow()}, {("/evaluation_consent/on", "FB-1")}),
        ({"answers": MISSING, "process": MISSING}, {("", "FB-2")}),
        ({"answers": [], "process": {}}, {("", "FB-2")}),
        ({"answers__0__answer_text": "  "}, {("/answers/0/answer_text", "X-6")}),
        ({"answers__0__question_key": f"{MARK} Biscuit"}, {("/answers/0/question_key", "F-format")}),
        ({"given_by": "sibling"}, {("/given_by", "F-code")}),
        ({"method": "interrogation"}, {("/method", "F-code")}),
        ({"score": 3}, {("/score", "X-2")}),
        ({"la_child_id": f"{MARK} B"}, {("/la_child_id", "F-format")}),
        ({"evaluation_consent": True}, {("/evaluation_consent", "F-type")}),
        ({"evaluation_consent__decision": "maybe"}, {("/evaluation_consent/decision", "F-code")}),
        ({"evaluation_consent__on": MISSING}, {("/evaluation_consent/on", "FB-5")}),
        ({"evaluation_consent__withdrawn_on": "2026-09-01"}, {("/evaluation_consent/withdrawn_on", "FB-4")}),
        (
            {"evaluation_consent__decision": "declined", "evaluation_consent__withdrawn_on": "2026-10-01"},
            {("/evaluation_consent/withdrawn_on", "FB-3")},
        ),
        (
            {"given_on": "14.9.", "method": MISSING, "evaluation_consent__on": MISSING, "name": MARK},
            {("/given_on", "F-date"), ("/method", "F-missing"), ("/evaluation_consent/on", "FB-5"), ("/name", "X-1")},
        ),
    ],
)
def test_what_is_wrong_is_told_at_once_and_nothing_repeated(
    bridge: Bridge, changes: dict[str, Any], found: set[tuple[str, str]]
) -> None:
    answer = post(bridge, feedback(**changes))
    assert faults(answer) == found
    assert MARK not in answer.text
    assert "exploitation" not in answer.text
    assert listed(bridge) == []


def test_thousands_of_faults_are_counted_and_not_all_listed(bridge: Bridge) -> None:
    answer = post(bridge, feedback() | {f"x{number}": 1 for number in range(500)})
    assert len(answer.get_json()["errors"]) == FAULTS_MAX + 1


@pytest.mark.parametrize("words", ["high", "😀", "i made bad lifestyle choices", "i dont no", "Nie wiem 💛 نعم"])
def test_own_words_are_neither_judged_nor_changed(bridge: Bridge, words: str) -> None:
    kept(bridge, answers__0__answer_text=words, process__how_it_was=words)
    (found,) = extract(bridge)
    assert (found["answers"][0]["answer_text"], found["process"]["how_it_was"]) == (words, words)


NOT_AGREED = {
    "declined": {"decision": "declined", "on": "2026-09-14"},
    "not_asked": {"decision": "not_asked"},
    "withdrawn": {"decision": "given", "on": "2026-09-14", "withdrawn_on": "2026-10-01"},
    "nothing said": MISSING,
}


@pytest.mark.parametrize("said", NOT_AGREED.values(), ids=NOT_AGREED)
def test_without_a_yes_it_is_taken_and_kept_and_no_evaluator_reads_it(bridge: Bridge, said: Any) -> None:
    feedback_id = kept(bridge, evaluation_consent=said)
    assert [each["id"] for each in listed(bridge)] == [feedback_id]
    assert body_of(bridge, feedback_id)["answers"] == FULL["answers"]
    assert extract(bridge) == []


def body_of(bridge: Bridge, feedback_id: str) -> dict[str, Any]:
    """What is kept, opened as only the authority's key can."""
    (found,) = rows(bridge.database, "SELECT sealed FROM casework.feedback WHERE id = %s", feedback_id)
    opened: dict[str, Any] = json.loads(bridge.vault.open(STOCKPORT, feedback_id, bytes(found["sealed"])))
    return opened


def test_what_is_kept_is_what_was_sent(bridge: Bridge) -> None:
    assert body_of(bridge, kept(bridge)) == FULL


def test_a_yes_can_be_taken_back_and_given_again(bridge: Bridge) -> None:
    feedback_id = kept(bridge)
    answer = decide(bridge, feedback_id, decision="given", withdrawn_on="2026-10-01", by_whom="stk-sw-21")
    taken_back = {"decision": "given", "on": "2026-09-14", "withdrawn_on": "2026-10-01"}
    assert answer.get_json() == {"id": feedback_id, "evaluation_consent": taken_back, "changed": True}
    assert extract(bridge) == []
    assert decide(bridge, feedback_id, decision="given", on="2026-10-05").get_json()["changed"] is True
    assert len(extract(bridge)) == 1
    assert decide(bridge, feedback_id, decision="declined", on="2026-10-06").get_json()["changed"] is True
    assert extract(bridge) == []


@pytest.mark.parametrize("late", ["2026-09-01", "2026-09-20"])
def test_a_yes_that_arrives_late_or_twice_never_undoes_a_no(bridge: Bridge, late: str) -> None:
    feedback_id = kept(bridge, evaluation_consent={"decision": "declined", "on": "2026-09-20"})
    answer = decide(bridge, feedback_id, decision="given", on=late).get_json()
    assert (answer["changed"], answer["evaluation_consent"]["decision"]) == (False, "declined")
    assert extract(bridge) == []


def test_a_replay_does_not_bring_back_an_answer_that_has_changed(bridge: Bridge) -> None:
    decide(bridge, kept(bridge), decision="declined", on="2026-10-01")
    assert post(bridge, feedback()).status_code == 200
    assert listed(bridge)[0]["evaluation_consent"]["decision"] == "declined"


def test_every_answer_stays_on_record_sealed_and_the_trail_has_codes_only(bridge: Bridge, database: Database) -> None:
    feedback_id = kept(bridge)
    second = {"decision": "declined", "on": "2026-10-01", "by_whom": f"{MARK}-1", "form_version": f"{MARK}-2"}
    for _ in range(2):
        assert decide(bridge, feedback_id, **second).status_code == 200
    (found,) = rows(database, "SELECT sealed_consent FROM casework.feedback")
    opened = bridge.vault.open(STOCKPORT, f"consent {feedback_id}", bytes(found["sealed_consent"]))
    assert json.loads(opened) == [FULL["evaluation_consent"], second]
    query = "SELECT action, subject_id, detail FROM casework.audit WHERE subject_type <> 'client' ORDER BY id"
    trail = rows(database, query)
    assert [each["action"] for each in trail] == ["feedback_received", "evaluation_consent_noted"]
    assert trail[1]["detail"] == {"decision": "declined", "withdrawn": False, "holds": True}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, {("/decision", "F-missing")}),
        ({"decision": "given"}, {("/on", "FB-5")}),
        ({"decision": "not_asked"}, {("/on", "FB-5")}),
        ({"decision": "declined", "on": tomorrow()}, {("/on", "FB-1")}),
        ({"decision": "not_asked", "withdrawn_on": "2026-10-01"}, {("/withdrawn_on", "FB-3")}),
        ({"decision": "given", "on": "2026-10-01", "reason": MARK}, {("/reason", "X-1")}),
    ],
)
def test_an_answer_that_is_not_one_changes_nothing(
    bridge: Bridge, said: dict[str, Any], found: set[tuple[str, str]]
) -> None:
    feedback_id = kept(bridge)
    answer = decide(bridge, feedback_id, **said)
    assert faults(answer) == found
    assert MARK not in answer.text
    assert listed(bridge)[0]["evaluation_consent"]["decision"] == "given"


def test_the_extract_has_quarters_and_words_and_nothing_that_says_whose(bridge: Bridge) -> None:
    kept(bridge)
    assert extract(bridge) == [
        {"quarter": "2026Q3", "given_by": "young_person", "answers": FULL["answers"], "process": FULL["process"]}
    ]
    text = json.dumps(extract(bridge))
    assert not [value for value in hidden_values() if value in text]


def hidden_values() -> list[str]:
    """Every value that was sent, but for the words, the questions and the role."""
    told = {"answers", "process", "given_by", "evaluation_consent"}
    how = FULL["evaluation_consent"]
    asked = [value for name, value in how.items() if name != "decision"]
    return [*(str(FULL[name]) for name in FEEDBACK.fields if name not in told), *asked]


def test_the_extract_is_of_the_quarters_asked_for(bridge: Bridge) -> None:
    for day in ("2026-03-31", "2026-04-01", "2026-06-30", "2026-07-01"):
        kept(bridge, feedback_id=day, given_on=day, evaluation_consent__on="2026-01-05")
    assert [each["quarter"] for each in extract(bridge, "?from=2026Q2&to=2026Q2")] == ["2026Q2"] * 2
    assert sorted(each["quarter"] for each in extract(bridge, "?from=2026Q1&to=2026Q2")) == [
        "2026Q1", "2026Q2", "2026Q2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "query",
    ["", "?from=2026Q3", "?from=2026-09-14&to=2026-09-14", "?from=2026Q4&to=2026Q3", "?from=2026Q5&to=2026Q5",
     "?from=2026Q3&to=2026Q3&given_by=parent"],
)  # fmt: skip
def test_the_extract_takes_whole_quarters_and_no_filter(bridge: Bridge, query: str) -> None:
    headers = bridge.headers(STOCKPORT, "evaluation:read")
    assert bridge.casework.get(f"{EXTRACT}{query}", headers=headers).status_code == 400


def test_the_order_of_the_extract_tells_neither_day_nor_arrival(bridge: Bridge) -> None:
    """Twelve in an order of their own: one chance in 479 million to fall like the days by accident."""
    for number in range(12):
        kept(bridge, feedback_id=f"FB-{number}", given_on=f"2026-09-{number + 1:02}", process__how_it_was=f"{number}")
    numbers = [int(each["process"]["how_it_was"]) for each in extract(bridge)]
    assert sorted(numbers) == list(range(12))
    assert numbers not in (sorted(numbers), sorted(numbers, reverse=True))
    assert numbers == [int(each["process"]["how_it_was"]) for each in extract(bridge)]


def test_the_extract_goes_on_from_page_to_page(bridge: Bridge) -> None:
    for number in range(5):
        kept(bridge, feedback_id=f"FB-{number}", process__how_it_was=f"{number}")
    headers, address = bridge.headers(STOCKPORT, "evaluation:read"), f"{EXTRACT}?from=2026Q3&to=2026Q3&limit=2"
    found = []
    while address:
        page = bridge.casework.get(address, headers=headers).get_json()
        assert len(page["feedback"]) <= 2
        found += page["feedback"]
        address = page["links"].get("next")
    assert found == extract(bridge)


def test_pulling_the_extract_is_in_the_trail(bridge: Bridge, database: Database) -> None:
    kept(bridge)
    extract(bridge)
    (found,) = rows(database, "SELECT detail FROM casework.audit WHERE action = 'evaluation_extracted'")
    assert found["detail"] == {"from": "2026Q1", "to": "2026Q4", "count": 1}


def test_only_an_authoritys_own_client_that_was_given_the_scope_may_pull_it(bridge: Bridge) -> None:
    """Not with the usual scopes, and not as the Hub even if somebody made it such a client by hand."""
    kept(bridge)
    assert set(possible_scopes(STOCKPORT)) - set(usual_scopes(STOCKPORT)) >= set(SEPARATE_SCOPES)
    assert not set(possible_scopes(HUB)) & set(SEPARATE_SCOPES)
    query = f"{EXTRACT}?from=2026Q1&to=2026Q4"
    assert bridge.get(query, STOCKPORT).status_code == 403
    hub = bridge.headers(HUB, "evaluation:read", "records:read", "records:write")
    assert bridge.casework.get(query, headers=hub).status_code == 403
    assert bridge.casework.get(PATH, headers=hub).status_code == 403
    assert bridge.casework.post(PATH, json=feedback(authority=HUB), headers=hub).status_code == 403
    assert bridge.hub.get(query, headers=hub).status_code == 404


RECORD_CONSENT = {
    code: {"young_person": code, **({} if code == "not_asked" else {"on": "2026-09-14"})} for code in CONSENT
} | {"nothing said": MISSING}


@pytest.mark.parametrize("said", RECORD_CONSENT.values(), ids=RECORD_CONSENT)
def test_a_record_is_accepted_delivered_and_counted_whatever_was_answered(
    bridge: Bridge, database: Database, said: Any
) -> None:
    """Rule V6: consent to the evaluation never holds up what keeps a young person safe."""
    record = example("wise")
    record["participation"].pop("evaluation_consent", None)
    if said is not MISSING:
        record["participation"]["evaluation_consent"] = said
    answer = bridge.post(record)
    assert (answer.status_code, answer.get_json()["holds"]) == (201, [])
    assert len(rows(database, "SELECT FROM central.fact")) == 1
    desk = Desk(bridge, profiles(bridge.config_dir))
    delivery_id = desk.delivery_of(answer.get_json()["receipt_id"])
    desk.deliver(delivery_id)
    state = rows(database, "SELECT state FROM casework.delivery WHERE id = %s", delivery_id)
    assert state == [{"state": "delivered"}]


def test_feedback_itself_is_neither_delivered_nor_counted_nor_reviewed(bridge: Bridge, database: Database) -> None:
    decide(bridge, kept(bridge), decision="given", on="2026-09-20")
    for table in ("casework.delivery", "casework.submission", "casework.review", "central.fact"):
        assert rows(database, f"SELECT FROM {table}") == []


def test_no_word_of_it_is_in_a_log_an_error_or_a_column(
    bridge: Bridge, database: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    marked = feedback(
        la_child_id=f"{MARK}1", captured_by_ref=MARK, about_submission_id=MARK, answers__0__question_key=MARK,
        answers__0__answer_text=f"{MARK} said", process__how_it_was=MARK, process__difference_made=MARK,
        evaluation_consent__by_whom=MARK, evaluation_consent__form_version=MARK,
    )  # fmt: skip
    feedback_id = post(bridge, marked).get_json()["id"]
    answers = [
        post(bridge, marked | {"process": {"how_it_was": f"{MARK} new"}}),
        post(bridge, marked | {"feedback_id": f"{MARK} x", "given_on": MARK, "method": MARK}),
        decide(bridge, feedback_id, decision=MARK, by_whom=MARK),
        decide(bridge, feedback_id, decision="given", on="2026-09-30", by_whom=MARK),
        bridge.get(PATH, STOCKPORT),
    ]
    assert [each.status_code for each in answers] == [409, 422, 422, 200, 200]
    logs = capfd.readouterr()
    assert "/v1/feedback/<feedback_id>/consent" in logs.err + logs.out
    assert not [text for text in (*(each.text for each in answers), logs.err, logs.out) if MARK in text]
    assert holding(database, MARK) == []
    assert MARK in json.dumps(extract(bridge))  # it is there all the same, sealed

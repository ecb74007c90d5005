"""Corrections and withdrawals in the Mosaic simulator, over a real socket."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from simulators.mosaic import MosaicSimulator
from tests.simulators.mosaic_client import (
    ACTION,
    EVERY_TYPE,
    KEY,
    MANDATORY,
    PDF,
    Caller,
    codes,
    errors,
    new_note,
)

HERE = Path(__file__).resolve().parents[2] / "simulators" / "mosaic"
OTHER, HIDDEN = [{"type": "PER", "id": 40215}], [{"type": "PER", "id": 40214}]


def test_a_correction_is_a_step_of_its_own_and_both_stay(caller: Caller) -> None:
    earlier = caller.completed()
    before = caller.read(earlier)
    answer = caller.correct(earlier)
    assert answer.status_code == 201
    later = answer.json()
    assert (later["correctsStepId"], later["correctedByStepId"], later["withdrawn"]) == (earlier, None, False)
    assert (later["status"], later["answers"], later["documents"]) == ("STARTED", 0, [])
    assert caller.read(later["stepId"]) == later
    assert caller.read(earlier) == before | {"correctedByStepId": later["stepId"]}
    found = caller.send("GET", "/steps?externalReference=WB-1").json()["steps"]
    assert [step["correctedByStepId"] for step in found] == [later["stepId"]]


def test_a_correcting_step_is_filled_and_completed_like_any_other(caller: Caller) -> None:
    earlier = caller.completed()
    later = int(caller.correct(earlier).json()["stepId"])
    assert caller.answers(later, EVERY_TYPE).status_code == 200
    assert caller.upload(later, content=PDF + b" put right").status_code == 201
    assert caller.complete(later, ACTION).json()["correctsStepId"] == earlier
    again = caller.correct(later, externalReference="WB-3").json()
    assert caller.read(later)["correctedByStepId"] == again["stepId"]
    assert caller.read(earlier)["correctedByStepId"] == later
    assert caller.sim.steps("WB-1")[0].documents[0].content == PDF


@pytest.mark.parametrize("number", [1, 10**200])
def test_a_step_that_is_not_there_is_unknown(caller: Caller, number: int) -> None:
    assert errors(caller.correct(number)) == [{"field": "correctsStepId", "code": "UNKNOWN_STEP"}]
    assert caller.sim.steps() == []


@pytest.mark.parametrize("changes", [{"stepTypeId": 9002}, {"subjects": OTHER}], ids=["type", "subject"])
def test_a_step_of_another_type_or_subject_is_unknown(caller: Caller, changes: dict[str, Any]) -> None:
    completed, started = caller.completed(), caller.step()
    assert codes(caller.correct(completed, **changes)) == ["UNKNOWN_STEP"]
    assert codes(caller.correct(started, **changes)) == ["UNKNOWN_STEP"]
    assert caller.sim.steps("WB-2") == []


@pytest.mark.parametrize("number", ["880001", 0, -1, True, None, 880001.0])
def test_the_number_is_a_positive_integer(caller: Caller, number: Any) -> None:
    assert codes(caller.correct(number)) == ["WRONG_TYPE"]


@pytest.mark.parametrize("status", ["INCOMING", "STARTED", "REOPENED", "CANCELLED"])
def test_only_a_completed_step_is_corrected(caller: Caller, status: str) -> None:
    earlier = caller.completed()
    caller.sim.set_status(earlier, status)
    assert errors(caller.correct(earlier)) == [{"field": "correctsStepId", "code": "STEP_NOT_CORRECTABLE"}]
    caller.sim.set_status(earlier, "COMPLETED")
    assert caller.correct(earlier).status_code == 201


def test_a_step_is_corrected_once_even_by_one_not_completed_yet(caller: Caller) -> None:
    earlier = caller.completed()
    later = caller.correct(earlier).json()["stepId"]
    assert codes(caller.correct(earlier)) == ["STEP_NOT_CORRECTABLE"]
    caller.sim.set_status(later, "CANCELLED")
    assert codes(caller.correct(earlier)) == ["STEP_NOT_CORRECTABLE"]


def test_a_withdrawn_step_is_not_corrected(caller: Caller) -> None:
    earlier = caller.completed()
    assert caller.withdraw(earlier).status_code == 201
    assert codes(caller.correct(earlier)) == ["STEP_NOT_CORRECTABLE"]
    assert caller.sim.steps("WB-2") == []


def test_the_refusals_of_every_new_step_come_first(caller: Caller) -> None:
    earlier = caller.completed()
    caller.correct(earlier)
    assert codes(caller.correct(earlier, stepTypeId=1)) == ["UNKNOWN_STEP_TYPE"]
    assert caller.correct(earlier, stepTypeId=9003).json()["code"] == "NO_PERMISSION"
    assert caller.correct(earlier, subjects=HIDDEN).status_code == 404
    caller.sim.set_knobs(merge_people={40211: 40215})
    assert caller.correct(earlier).json()["mergedTo"] == 40215


def test_of_many_corrections_at_once_one_is_made(caller: Caller) -> None:
    earlier = caller.completed()
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: caller.correct(earlier).status_code, range(8)))
    assert sorted(statuses) == [201] + [422] * 7
    assert len(caller.sim.steps("WB-2")) == 1


def test_a_lock_on_the_earlier_step_holds_back_its_correction(caller: Caller) -> None:
    earlier = caller.completed()
    caller.sim.set_knobs(lock_step={"externalReference": "WB-1", "until": None, "lockedBy": "A. Nother"})
    answer = caller.correct(earlier)
    assert (answer.status_code, answer.json()["code"], answer.json()["lockedBy"]) == (409, "STEP_LOCKED", "A. Nother")
    assert caller.create(externalReference="WB-3").status_code == 201
    caller.sim.set_knobs(lock_step=None)
    assert caller.correct(earlier).status_code == 201


def test_a_withdrawal_marks_the_step_and_changes_nothing_in_it(caller: Caller) -> None:
    step = caller.completed()
    before, held = caller.read(step), caller.sim.steps("WB-1")[0]
    answer = caller.withdraw(step)
    assert answer.status_code == 201
    note = answer.json()
    assert note.pop("noteId") > 70000
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", note.pop("createdAt"))
    assert note == {"stepId": step, **new_note()}
    assert caller.read(step) == before | {"withdrawn": True}
    after = caller.sim.steps("WB-1")[0]
    assert (after.answers, after.documents) == (held.answers, held.documents)
    assert after.documents[0].content == PDF


def test_notes_are_found_by_their_reference(caller: Caller) -> None:
    first, second, other = caller.completed("WB-1"), caller.completed("WB-2"), caller.completed("WB-3")
    made = [caller.withdraw(step, externalReference="WB-9").json() for step in (first, second)]
    caller.withdraw(other, externalReference="WB-8")
    assert made[0]["noteId"] != made[1]["noteId"]
    assert caller.notes("WB-9") == made
    assert [note["stepId"] for note in caller.notes("WB-8")] == [other]
    assert caller.notes("WB-1") == []
    assert [note.step_id for note in caller.sim.notes("WB-8")] == [other]
    assert codes(caller.send("GET", "/notes")) == ["MISSING"]
    assert codes(caller.send("GET", "/notes?externalReference=" + "x" * 41)) == ["TOO_LONG"]


def test_a_step_is_withdrawn_once(caller: Caller) -> None:
    step = caller.completed()
    first = caller.withdraw(step).json()
    for again in (caller.withdraw(step), caller.withdraw(step, externalReference="WB-8", text="again")):
        assert (again.status_code, again.json()["code"]) == (409, "STEP_WITHDRAWN")
    assert (caller.notes("WB-9"), caller.notes("WB-8")) == ([first], [])


@pytest.mark.parametrize("status", ["INCOMING", "STARTED", "REOPENED", "CANCELLED"])
def test_only_a_completed_step_is_withdrawn(caller: Caller, status: str) -> None:
    step = caller.completed()
    caller.sim.set_status(step, status)
    answer = caller.withdraw(step)
    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (409, "STEP_STATE", status)
    assert caller.read(step)["withdrawn"] is False and caller.notes("WB-9") == []


def test_a_corrected_step_and_the_correcting_one_are_withdrawn_each_by_itself(caller: Caller) -> None:
    earlier = caller.completed()
    later = int(caller.correct(earlier).json()["stepId"])
    caller.answers(later, MANDATORY), caller.upload(later), caller.complete(later, ACTION)
    assert caller.withdraw(later).status_code == 201
    assert (caller.read(earlier)["withdrawn"], caller.read(later)["withdrawn"]) == (False, True)
    assert caller.withdraw(earlier, externalReference="WB-8").status_code == 201
    assert caller.read(earlier)["correctedByStepId"] == later
    assert caller.read(later)["correctsStepId"] == earlier


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"noteType": "GENERAL"}, "WRONG_TYPE"),
        ({"noteType": "withdrawn"}, "WRONG_TYPE"),
        ({"noteType": None}, "WRONG_TYPE"),
        ({"text": "é" * 251}, "TOO_LONG"),
        ({"text": ""}, "MISSING"),
        ({"text": None}, "WRONG_TYPE"),
        ({"externalReference": "x" * 41}, "TOO_LONG"),
        ({"externalReference": ""}, "MISSING"),
        ({"externalReference": None}, "WRONG_TYPE"),
        ({"reason": "x"}, "UNKNOWN_FIELD"),
    ],
)
def test_refused_notes(caller: Caller, changes: dict[str, Any], code: str) -> None:
    step = caller.completed()
    assert codes(caller.withdraw(step, **changes)) == [code]
    assert caller.read(step)["withdrawn"] is False
    assert caller.withdraw(step, text="é" * 250).status_code == 201


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b'{"a": NaN}', b"[" * 200_000, b"\xff"])
def test_hostile_notes_are_refused(caller: Caller, raw: bytes) -> None:
    step = caller.completed()
    headers = {"Content-Type": "application/json"}
    answer = caller.send("POST", f"/steps/{step}/notes", data=raw, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID")
    assert caller.read(step)["withdrawn"] is False


def test_notes_need_the_key(caller: Caller) -> None:
    step = caller.completed()
    for method, path in (("POST", f"/steps/{step}/notes"), ("GET", "/notes?externalReference=WB-9")):
        answer = requests.request(method, caller.sim.api + path, json=new_note(), timeout=5)
        assert (answer.status_code, answer.content) == (401, b"")
    assert caller.read(step)["withdrawn"] is False


def test_notes_of_what_is_hidden_look_like_nothing(caller: Caller) -> None:
    step, withdrawn = caller.completed(), caller.completed("WB-2")
    caller.withdraw(withdrawn)
    unknown = caller.withdraw(1)
    caller.sim.set_knobs(hide_people=[40211])
    hidden = caller.withdraw(step)
    assert (hidden.status_code, hidden.content) == (404, unknown.content)
    assert caller.notes("WB-9") == []
    caller.sim.knobs.reset()
    assert [note["stepId"] for note in caller.notes("WB-9")] == [withdrawn]
    assert caller.read(step)["withdrawn"] is False


def test_a_note_needs_the_right_to_edit_and_reading_one_the_right_to_read(tmp_path: Path) -> None:
    seed = tmp_path / "seed.yaml"
    folder, text = tmp_path / "data", (HERE / "seed.yaml").read_text()
    with MosaicSimulator(folder, KEY) as full:
        caller = Caller(full)
        step, withdrawn = caller.completed(), caller.completed("WB-2")
        caller.withdraw(withdrawn)
    seed.write_text(text.replace("9003: [read]", "9003: [read]\n  9001: [add, read]"))
    with MosaicSimulator(folder, KEY, seed=seed) as narrow:
        answer = Caller(narrow).withdraw(step)
        assert (answer.status_code, answer.json()["code"]) == (403, "NO_PERMISSION")
        assert len(Caller(narrow).notes("WB-9")) == 1
    seed.write_text(text.replace("9003: [read]", "9003: [read]\n  9001: [add, edit]"))
    with MosaicSimulator(folder, KEY, seed=seed) as blind:
        assert Caller(blind).notes("WB-9") == []


def test_a_locked_step_takes_no_note(caller: Caller) -> None:
    step, other = caller.completed("WB-1"), caller.completed("WB-2")
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    caller.sim.set_knobs(lock_step={"externalReference": "WB-1", "until": until.isoformat(), "lockedBy": "A. Nother"})
    answer = caller.withdraw(step)
    assert (answer.status_code, answer.json()["code"], answer.json()["lockedBy"]) == (409, "STEP_LOCKED", "A. Nother")
    assert datetime.fromisoformat(answer.json()["lockedUntil"]) == until
    assert caller.withdraw(other, externalReference="WB-1").status_code == 201
    caller.sim.set_knobs(lock_step=None)
    assert caller.withdraw(step).status_code == 201


def test_state_and_withdrawal_are_told_before_a_lock(caller: Caller) -> None:
    withdrawn, started = caller.completed(), caller.ready("WB-2")
    caller.withdraw(withdrawn)
    caller.sim.set_knobs(lock_all_until=(datetime.now(UTC) + timedelta(hours=1)).isoformat())
    assert caller.withdraw(withdrawn).json()["code"] == "STEP_WITHDRAWN"
    assert caller.withdraw(started).json()["code"] == "STEP_STATE"


def test_a_merged_person_refuses_the_note(caller: Caller) -> None:
    step = caller.completed()
    caller.sim.set_knobs(merge_people={40211: 40215})
    answer = caller.withdraw(step)
    assert (answer.status_code, answer.json()["code"], answer.json()["mergedTo"]) == (409, "PERSON_MERGED", 40215)
    assert caller.read(step)["withdrawn"] is False


def test_of_many_withdrawals_at_once_one_is_made(caller: Caller) -> None:
    step = caller.completed()
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: caller.withdraw(step).status_code, range(8)))
    assert sorted(statuses) == [201] + [409] * 7
    assert len(caller.notes("WB-9")) == 1


def test_a_lost_answer_leaves_the_note_and_the_correction(caller: Caller) -> None:
    step, earlier = caller.completed("WB-1"), caller.completed("WB-3")
    caller.sim.set_knobs(drop_after_commit=2)
    assert caller.withdraw(step, noteType="x").status_code == 422
    assert caller.notes("WB-9") == []
    with pytest.raises(requests.ConnectionError):
        caller.withdraw(step)
    with pytest.raises(requests.ConnectionError):
        caller.correct(earlier)
    assert [note["stepId"] for note in caller.notes("WB-9")] == [step]
    assert [found.corrects_step_id for found in caller.sim.steps("WB-2")] == [earlier]


def test_failures_and_html_keep_a_note_from_arriving(caller: Caller) -> None:
    step = caller.completed()
    caller.sim.set_knobs(fail_next=[{"status": 503, "retryAfter": 5}])
    assert (caller.withdraw(step).status_code, caller.read(step)["withdrawn"]) == (503, False)
    caller.sim.set_knobs(html_instead=True)
    assert caller.withdraw(step).headers["Content-Type"].startswith("text/html")
    caller.sim.knobs.reset()
    assert (caller.read(step)["withdrawn"], caller.notes("WB-9")) == (False, [])


def test_a_note_can_hang_without_anything_else_hanging(caller: Caller) -> None:
    step = caller.completed()
    caller.sim.set_knobs(hang_seconds_on={"notes": 30})
    url, headers = f"{caller.sim.api}/steps/{step}/notes", {"Authorization": f"Bearer {KEY}"}
    with pytest.raises(requests.ReadTimeout):
        requests.post(url, json=new_note(), headers=headers, timeout=0.3)
    assert caller.read(step)["withdrawn"] is True
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{caller.sim.api}/notes?externalReference=WB-9", headers=headers, timeout=0.3)
    caller.sim.set_knobs(latency_seconds=0.2, hang_seconds_on={})
    began = time.monotonic()
    assert len(caller.notes("WB-9")) == 1
    assert time.monotonic() - began >= 0.2


def test_notes_and_corrections_outlive_a_restart_and_keep_their_numbers(caller: Caller) -> None:
    earlier = caller.completed()
    later = caller.correct(earlier).json()["stepId"]
    note = caller.withdraw(earlier).json()
    before = caller.sim.steps()
    caller.sim.stop()
    assert caller.sim.steps() == before
    caller.sim.start()
    assert caller.notes("WB-9") == [note]
    assert (caller.read(earlier)["withdrawn"], caller.read(earlier)["correctedByStepId"]) == (True, later)
    other = caller.completed("WB-5")
    assert caller.withdraw(other).json()["noteId"] == note["noteId"] + 1


def see(caller: Caller, path: str = "", status: int = 200) -> str:
    answer = requests.get(caller.sim.url + path, timeout=5)
    assert answer.status_code == status
    return answer.text


def spoken(caller: Caller) -> tuple[int, int]:
    """A completed step with words to look for, and its document."""
    step = caller.completed()
    return step, caller.sim.steps("WB-1")[0].documents[0].document_id


def test_the_ordinary_pages_show_nothing_of_a_withdrawn_step(caller: Caller) -> None:
    step, document = spoken(caller)
    assert "good” day" in see(caller, f"steps/{step}") and see(caller, f"documents/{document}")
    caller.withdraw(step, text="<b>another person</b>")
    shown = see(caller, f"steps/{step}")
    assert "Withdrawn" in shown and f"<s>Step {step}</s>" in shown
    assert "&lt;b&gt;another person" in shown and "<b>" not in shown
    assert "day" not in shown and "letter.pdf" not in shown and "40211" not in shown
    see(caller, f"documents/{document}", 404)
    overview = see(caller)
    assert f"<s>{step}</s>" in overview and "Withdrawn" in overview and f"documents/{document}" not in overview


def test_those_who_answer_for_the_records_still_see_a_withdrawn_step(caller: Caller) -> None:
    step, document = spoken(caller)
    for path in (f"kept/steps/{step}", f"kept/documents/{document}", "kept/steps/1", f"kept/steps/{2**63}"):
        see(caller, path, 404)
    caller.withdraw(step)
    kept = see(caller, f"kept/steps/{step}")
    assert "good” day" in kept and f'"/kept/documents/{document}"' in kept and "Entered for another person" in kept
    assert see(caller, f"kept/documents/{document}").encode() == PDF
    see(caller, f"steps/{2**63}", 404)


def test_the_pages_lead_from_a_step_to_its_correction_and_back(caller: Caller) -> None:
    earlier = caller.completed()
    later = caller.correct(earlier).json()["stepId"]
    for place, other in ((f"steps/{earlier}", later), (f"steps/{later}", earlier)):
        assert f'href="/steps/{other}"' in see(caller, place)
    overview = see(caller)
    assert f'corrects <a href="/steps/{earlier}">' in overview and f'corrected by <a href="/steps/{later}">' in overview


def test_programs_can_read_notes_with_their_step(caller: Caller) -> None:
    step = caller.completed()
    note = caller.withdraw(step).json()
    listed = requests.get(caller.sim.url + "steps.json?externalReference=WB-1", timeout=5).json()["steps"]
    assert [(item["stepId"], item["withdrawn"], item["notes"]) for item in listed] == [(step, True, [note])]

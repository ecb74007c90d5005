"""The LCS over HTTP simulator against its protocol page, over a real socket."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import requests

from simulators.lcs_rest import Credentials, LcsRestSimulator, Person
from tests.simulators.lcs_rest_client import (
    ESTIMATED,
    HIDDEN,
    MERGED,
    NO_CLIENT,
    PDF,
    RESTRICTED,
    RIGHT,
    UNAUTHORISED,
    UNKNOWN,
    WORDS,
    Caller,
    code,
    token,
)

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "protocols" / "lcs-rest.md"


@pytest.fixture
def lcs(tmp_path: Path) -> Iterator[Caller]:
    with LcsRestSimulator(tmp_path / "data", largest_document=1000) as running:
        yield Caller(running)


@pytest.mark.parametrize("headers", [{}, {"X-Api-Key": "wrong"}, {"X-Api-Key": ""}, {"Authorization": "Bearer x"}])
def test_without_sign_in_everything_is_a_bare_401(lcs: Caller, headers: dict[str, str]) -> None:
    for path in ("/people/40211", "/nothing"):
        answer = requests.get(lcs.sim.api + path, headers=headers, timeout=5)
        assert (answer.status_code, answer.content) == (401, b"")


def test_a_token_lasts_until_it_ends(lcs: Caller) -> None:
    granted = token(lcs.sim, scope="forms").json()
    assert (granted["token_type"], granted["expires_in"]) == ("Bearer", 600)
    lcs.headers = {"Authorization": f"Bearer {granted['access_token']}"}
    assert lcs.send("GET", "/people/40211").status_code == 200
    lcs.sim.expire_tokens()
    assert lcs.send("GET", "/people/40211").status_code == 401
    basic = {"data": {"grant_type": "client_credentials"}, "auth": ("wise-bridge", "simulator-secret")}
    assert requests.post(lcs.sim.token_url, timeout=5, **basic).status_code == 200
    assert lcs.sim.tokens_issued == 2


def test_a_token_ends_by_itself(tmp_path: Path) -> None:
    with LcsRestSimulator(tmp_path, token_seconds=0) as sim:
        lcs = Caller(sim)
        lcs.headers = {"Authorization": f"Bearer {token(sim).json()['access_token']}"}
        assert lcs.send("GET", "/people/40211").status_code == 401


def test_no_token_for_others(lcs: Caller) -> None:
    wrong = token(lcs.sim, client_secret="simulator-secreT")
    assert (wrong.status_code, wrong.json()) == (401, {"error": "invalid_client"})
    other = token(lcs.sim, grant_type="password")
    assert (other.status_code, other.json()) == (400, {"error": "unsupported_grant_type"})
    assert requests.post(lcs.sim.token_url, timeout=5).json() == {"error": "invalid_request"}
    assert lcs.sim.tokens_issued == 0


def test_what_is_not_offered_lets_nobody_in(tmp_path: Path) -> None:
    with LcsRestSimulator(tmp_path, Credentials(None, None, "k", key_header="Subscription-Key")) as sim:
        assert token(sim, client_id="", client_secret="").status_code == 401
        for header, status in (("X-Api-Key", 401), ("Subscription-Key", 200)):
            answer = requests.get(sim.api + "/people/40211", headers={header: "k"}, timeout=5)
            assert answer.status_code == status


def test_a_person(lcs: Caller) -> None:
    shown = lcs.send("GET", f"/people/{RIGHT}").json()
    example = re.search(r'\n(\{"personId": 40211, "legacyId".*?\})\n', PAGE.read_text("utf-8"), re.DOTALL)
    assert example is not None
    assert shown | {"referralId": 0} == json.loads(example.group(1)) | {"referralId": 0}
    assert shown["referralId"] > 0
    merged = lcs.send("GET", f"/people/{MERGED}").json()
    assert merged["mergedTo"] == RIGHT
    assert merged["duplicatedDttm"]
    assert lcs.send("GET", f"/people/{ESTIMATED}").json()["dobEstimated"] == "Y"
    nobody = lcs.send("GET", f"/people/{NO_CLIENT}").json()
    assert (nobody["isClient"], nobody["referralId"], nobody["referralStatus"]) == ("N", -1, "NONE")
    assert lcs.send("GET", f"/people/{UNAUTHORISED}").json()["referralStatus"] == "UNAUTHORISED"


def test_restricted_is_told_without_a_thing_about_them(lcs: Caller) -> None:
    shown = lcs.send("GET", f"/people/{RESTRICTED}").json()
    told = {name: value for name, value in shown.items() if value not in {None, -1, "N", "NONE"}}
    assert told == {"personId": RESTRICTED, "restricted": "Y"}
    assert shown.keys() == lcs.send("GET", f"/people/{RIGHT}").json().keys()


def test_hidden_looks_like_unknown_and_like_none(lcs: Caller) -> None:
    answers = [lcs.send("GET", f"/people/{number}") for number in (UNKNOWN, HIDDEN, -1, "abc")]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}
    assert code(answers[0]) == (404, "PERSON_NOT_FOUND")
    assert lcs.send("GET", "/people?legacyId=STK0000611").json() == {"people": []}


def test_a_legacy_id_may_be_that_of_several(lcs: Caller) -> None:
    def found(legacy_id: str) -> list[int]:
        people = lcs.send("GET", "/people", params={"legacyId": legacy_id}).json()["people"]
        return [person["personId"] for person in people]

    assert found("STK0000417") == [RIGHT]
    assert found("STK0000620") == [40216, 40217]
    assert found("") == found("STK9") == []
    assert code(lcs.send("GET", "/people")) == (400, "BAD_REQUEST")


def test_faults_meet_the_protocol_and_the_asking_for_a_token(lcs: Caller) -> None:
    lcs.sim.faults.set("reset_after_commit", on="write")
    with pytest.raises(requests.ConnectionError):
        lcs.open()
    assert len(lcs.send("GET", "/forms?externalReference=WB-1").json()["forms"]) == 1
    assert token(lcs.sim).status_code == 200
    lcs.sim.token_faults.set("maintenance")
    assert lcs.send("GET", f"/people/{RIGHT}").status_code == 200
    assert token(lcs.sim).headers["Retry-After"] == "60"
    assert lcs.send("GET", f"/people/{RIGHT}", headers={"X-Simulate": "throttled"}).status_code == 429


def test_the_pages_show_what_is_held_but_not_what_was_withdrawn(lcs: Caller) -> None:
    form = lcs.open().json()["formId"]
    lcs.answer(form, WORDS | {"answer": "<script>said</script>"})
    document = lcs.attach(form).json()["documentId"]
    record = lcs.complete(form).json()["recordId"]
    lcs.task()

    def shown(path: str) -> requests.Response:
        return requests.get(lcs.sim.url + path, timeout=5)

    assert all(text in shown("").text for text in ("WB-1", "WB-T", str(record), "Review due"))
    assert "&lt;script&gt;said" in shown(f"forms/{form}").text
    assert shown(f"documents/{document}").content == PDF
    assert shown(f"kept/forms/{form}").status_code == shown(f"kept/documents/{document}").status_code == 404
    lcs.withdraw(record)
    assert "said" not in shown(f"forms/{form}").text
    assert "entered_twice" in shown(f"forms/{form}").text
    assert shown(f"documents/{document}").status_code == 404
    assert "said" in shown(f"kept/forms/{form}").text
    assert shown(f"kept/documents/{document}").content == PDF


def test_stopping_keeps_everything_and_the_port(tmp_path: Path) -> None:
    young = Person(person_id="7", dob=date(2012, 1, 1), legacy_id="X")
    sim = LcsRestSimulator(tmp_path, people=[young]).start()
    lcs, address = Caller(sim), sim.api
    filed = lcs.filed(personId=7, dateOfBirth="2012-01-01")
    sim.stop()
    with pytest.raises(requests.ConnectionError):
        lcs.send("GET", "/people/7")
    with sim:
        assert sim.api == address
        assert lcs.send("GET", "/forms?externalReference=WB-1").json() == {"forms": [filed]}
        assert lcs.send("GET", f"/people/{RIGHT}").status_code == 404


def test_as_a_process(tmp_path: Path) -> None:
    (tmp_path / "who").write_text(json.dumps({"api_key": "from-a-file"}))
    command = [sys.executable, "-m", "simulators.lcs_rest", "--data", str(tmp_path / "d")]
    command += ["--credentials-file", str(tmp_path / "who")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        headers = {"X-Api-Key": "from-a-file"}
        assert requests.get(ready["api"] + "/people/40211", headers=headers, timeout=5).status_code == 200
        assert requests.post(ready["token"], data={"grant_type": "client_credentials"}, timeout=5).status_code == 401
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=5) == 0


def test_every_reason_word_of_the_code_is_on_the_page() -> None:
    code_text = "".join(path.read_text("utf-8") for path in (ROOT / "simulators" / "lcs_rest").glob("*.py"))
    ours = {"GET", "POST", "WITHDRAWN", "NOBODY", "FAULT", "MAX_CONTENT_LENGTH"}
    words = set(re.findall(r'"([A-Z]{3,}(?:_[A-Z]+)*)"', code_text)) - ours
    assert len(words) > 25
    page = PAGE.read_text("utf-8")
    assert {word for word in words if f"`{word}`" not in page and f'"{word}"' not in page} == set()


def test_every_test_person_of_the_page_is_there_and_no_other(lcs: Caller) -> None:
    rows = re.findall(r"^\| ([0-9, ]+) \| `(STK[0-9]+)`", PAGE.read_text("utf-8"), re.MULTILINE)
    listed = {int(number): legacy for numbers, legacy in rows for number in numbers.split(",")}
    held = {number: lcs.sim.person(number).legacy_id for number in sorted(listed) if number != UNKNOWN}
    assert {UNKNOWN: listed[UNKNOWN], **held} == listed
    assert len(held) == 10
    with pytest.raises(KeyError):
        lcs.sim.person(UNKNOWN)


def test_what_is_answered_has_the_members_of_the_page(lcs: Caller) -> None:
    examples = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)]
    form = lcs.filed()
    for answered in (form, lcs.withdraw(form["recordId"]).json(), lcs.send("GET", "/people/40211").json()):
        assert any(answered.keys() == example.keys() for example in examples)
    (shown,) = (example for example in examples if "answersSha256" in example)
    assert form["documents"][0].keys() == shown["documents"][0].keys()
    (sent,) = (example for example in examples if "taskType" in example)
    assert lcs.task().json().keys() == {"taskId", "createdAt", *sent} - {"authority"}

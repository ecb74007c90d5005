"""The Eclipse simulator against its protocol page, over a real socket: sign-in, people, faults, life."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import requests

from simulators.eclipse import DefinitionError, EclipseSimulator
from tests.simulators.eclipse_client import (
    FORM,
    KEY,
    NOTE,
    OWN_WORDS,
    PDF,
    WISE,
    Body,
    Caller,
    Clock,
    faults,
    grant,
    media,
    refused,
)

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def eclipse(tmp_path: Path, clock: Clock) -> Iterator[EclipseSimulator]:
    with EclipseSimulator(tmp_path / "data", KEY, clock=clock) as running:
        yield running


@pytest.fixture
def caller(eclipse: EclipseSimulator) -> Caller:
    return Caller(eclipse)


# Sign-in


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", "Bearer a.b.c", "Basic eDp5", "Bearer é"])
def test_without_a_sign_in_everything_is_401(eclipse: EclipseSimulator, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header.encode("latin-1")}
    for path in ("/person?nameOrId=40211", "/formInstance/1", "/nothing"):
        answer = requests.get(eclipse.api + path, headers=headers, timeout=5)
        assert refused(answer) == (401, "NOT_AUTHENTICATED")


def test_a_token_expires(caller: Caller, clock: Clock) -> None:
    assert caller.people(40211)
    clock.seconds += 299
    assert caller.people(40211)
    clock.seconds += 1
    assert refused(caller.create()) == (401, "NOT_AUTHENTICATED")
    assert caller.sim.records("WB-1") == []


def test_a_token_changed_by_hand_is_refused(caller: Caller) -> None:
    header, claims, signature = str(caller.session.headers["Authorization"]).split(".")
    for forged in (f"{header}.{claims[:-4]}AAAA.{signature}", f"{header}.{claims}.", f"{header}.{claims}"):
        caller.session.headers["Authorization"] = forged
        assert refused(caller.get("/person/40211", "person.Person"))[0] == 401


def test_a_refresh_token_works_once_and_not_for_ever(eclipse: EclipseSimulator, clock: Clock) -> None:
    first = grant(eclipse)
    assert (first["token_type"], first["expires_in"], first["access_token"].count(".")) == ("Bearer", 300, 2)
    again = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = grant(eclipse, **again)
    assert second["status"] == 200 and second["access_token"] != first["access_token"]
    assert grant(eclipse, **again) == {"error": "invalid_grant", "status": 400}
    clock.seconds += 3600
    late = grant(eclipse, grant_type="refresh_token", refresh_token=second["refresh_token"])
    assert late == {"error": "invalid_grant", "status": 400}


def test_a_refresh_token_can_be_ended(eclipse: EclipseSimulator) -> None:
    refresh = grant(eclipse)["refresh_token"]
    for _ in range(2):
        assert requests.delete(f"{eclipse.api}/oauth/refreshToken/{refresh}", timeout=5).status_code == 204
    assert grant(eclipse, grant_type="refresh_token", refresh_token=refresh)["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"client_secret": "wrong"}, (401, "invalid_client")),  # pragma: allowlist secret
        ({"client_id": "wrong"}, (401, "invalid_client")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type")),
        ({"grant_type": "refresh_token"}, (400, "invalid_grant")),
    ],
)
def test_refused_grants(eclipse: EclipseSimulator, changes: dict[str, str], expected: tuple[int, str]) -> None:
    found = grant(eclipse, **changes)
    assert (found["status"], found["error"]) == expected and "access_token" not in found


def test_a_client_may_come_by_basic(eclipse: EclipseSimulator) -> None:
    wanted, url = {"grant_type": "client_credentials"}, eclipse.api + "/oauth/token"
    assert requests.post(url, data=wanted, auth=(eclipse.CLIENT, KEY), timeout=5).status_code == 200
    assert requests.post(url, data=wanted, auth=(eclipse.CLIENT, "no"), timeout=5).json() == {"error": "invalid_client"}
    assert requests.post(url, auth=(eclipse.CLIENT, KEY), timeout=5).json() == {"error": "invalid_request"}


def test_a_session_by_cookie_ends_when_it_is_not_used(eclipse: EclipseSimulator, clock: Clock) -> None:
    session = requests.Session()
    assert sign_in(eclipse, session).status_code == 200
    asking = {"headers": {"Accept": media("person.Person")}, "timeout": 5}
    for seconds, status in ((1799, 200), (1799, 200), (1800, 401)):
        clock.seconds += seconds
        assert session.get(eclipse.api + "/person/40211", **asking).status_code == status
    assert refused(sign_in(eclipse, requests.Session(), credentials="wrong"))[0] == 401
    assert refused(sign_in(eclipse, requests.Session(), _type="Other")) == (400, "MALFORMED")


def sign_in(sim: EclipseSimulator, session: requests.Session, **changes: str) -> requests.Response:
    body = {"_type": "SecurityAuthentication", "userName": sim.USER, "credentials": KEY} | changes
    return session.post(sim.api + "/authenticate", json=body, timeout=5)


def test_everybody_is_signed_out(caller: Caller) -> None:
    caller.sim.sign_everybody_out()
    assert refused(caller.create())[0] == 401
    assert caller.sim.records("WB-1") == []


def test_permissions_are_told_and_kept(tmp_path: Path) -> None:
    kept = ("person.VIEW", "formInstance.VIEW", "formInstance.ADD", "workListTask.VIEW")
    with EclipseSimulator(tmp_path, KEY, permissions=kept) as sim:
        caller = Caller(sim)
        assert caller.get("/oauth/aggregatedPermission", "security.AggregatedPermission").json() == [
            {"domain": "person", "permissions": ["VIEW"]},
            {"domain": "formInstance", "permissions": ["VIEW", "ADD"]},
            {"domain": "workListTask", "permissions": ["VIEW"]},
        ]
        form = caller.draft()
        missing = {
            "formInstance.UPDATE": caller.answers(form, []),
            "formInstance.COMPLETE": caller.finish(form),
            "attachment.ADD": caller.attach(form),
            "caseNoteEntry.ADD": caller.withdraw(form),
            "workListTask.ADD": caller.task(),
            "caseNoteEntry.VIEW": caller.get("/caseNoteEntry", NOTE, externalReference="WB-1"),
        }
        for permission, answer in missing.items():
            assert refused(answer) == (403, "NOT_PERMITTED") and answer.json()["permission"] == permission


# Media types and shapes


@pytest.mark.parametrize("accept", ["", "*/*", "application/json", media(NOTE), media(FORM) + "x"])
def test_another_representation_is_406(caller: Caller, accept: str) -> None:
    answer = caller.send("GET", "/formInstance", FORM, params={"externalReference": "x"}, headers={"Accept": accept})
    assert refused(answer) == (406, "NOT_ACCEPTABLE")


def test_the_right_representation_beside_others(caller: Caller) -> None:
    headers = {"Accept": f"text/html, {media(FORM)};q=0.5, */*"}
    answer = caller.send("GET", "/formInstance", FORM, params={"externalReference": "x"}, headers=headers)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, media(FORM))
    assert answer.json() == {"results": [], "totalSize": 0}


@pytest.mark.parametrize("sent", ["application/json", media(FORM), "multipart/form-data"])
def test_another_content_type_is_415(caller: Caller, sent: str) -> None:
    answer = caller.send("POST", "/person/40211/formInstance", FORM, data=b"{}", headers={"Content-Type": sent})
    assert refused(answer) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        b'{"a": NaN}',
        rb'"\ud800"',
    ],
)
def test_unreadable_bodies_are_400(caller: Caller, raw: bytes) -> None:
    headers = {"Content-Type": media("form.NewFormInstance")}
    answer = caller.send("POST", "/person/40211/formInstance", FORM, data=raw, headers=headers)
    assert refused(answer) == (400, "MALFORMED")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"_type": "Other"}, "_type"),
        ({"externalReference": None}, "externalReference"),
        ({"designGuid": 3}, "designGuid"),
        ({"correctsInstanceId": True}, "correctsInstanceId"),
        ({"externalRef": "x"}, "externalRef"),
    ],
)
def test_bodies_of_another_shape_are_400(caller: Caller, changes: Body, field: str) -> None:
    answer = caller.create(**changes)
    assert refused(answer) == (400, "MALFORMED") and answer.json()["field"] == field


def test_a_repeated_name_is_400(caller: Caller) -> None:
    body = {"_type": "NewFormInstance", "designGuid": WISE, "ownerTeam": "CSAFE", "correctsInstanceId": None}
    raw = json.dumps(body | {"externalReference": "WB-1"})
    headers = {"Content-Type": media("form.NewFormInstance")}
    for sent, status in ((raw, 201), (raw.replace("{", '{"ownerTeam": "REVIEW", '), 400)):
        answer = caller.send("POST", "/person/40211/formInstance", FORM, data=sent.encode(), headers=headers)
        assert answer.status_code == status


def test_unknown_paths_methods_and_ids(caller: Caller) -> None:
    assert refused(caller.get("/nothing", FORM)) == (404, "NOT_FOUND")
    assert refused(caller.send("DELETE", "/formInstance/1", FORM)) == (405, "METHOD")
    for number in ("0", "-1", "abc", "\uff11", "9" * 30, "1e3", "01"):
        assert refused(caller.get(f"/formInstance/{number}", FORM)) == (404, "NOT_FOUND")
        assert refused(caller.get(f"/person/{number}", "person.Person")) == (404, "NOT_FOUND")


# People


def test_the_right_person(caller: Caller) -> None:
    (person,) = caller.people(40211, pageSize=20, pageNumber=1, s="[]", appendWildcard="false")
    assert person.pop("age") >= 16 and person.pop("name")
    assert person == {
        "_type": "Person",
        "id": 40211,
        "personIdentifier": "40211",
        "careFirstId": None,
        "dateOfBirth": {"_type": "FuzzyDate", "calculatedDate": 1272754800000, "fuzzyDateMask": "DAY"},
        "nhsNumber": None,
        "ethnicity": None,
        "duplicated": None,
        "duplicateOf": None,
        "accessLevel": "FULL",
        "objectVersion": 0,
    }
    assert caller.get("/person/40211", "person.Person").json()["id"] == 40211


@pytest.mark.parametrize(
    ("number", "day", "mask"),
    [
        (40211, "2010-05-02", "DAY"),
        (40221, "2010-12-30", "DAY"),
        (40213, "2011-01-01", "YEAR"),
        (40219, "2010-05-01", "MONTH"),
    ],
)
def test_dates_of_birth_are_midnight_in_london(caller: Caller, number: int, day: str, mask: str) -> None:
    birth = caller.people(number)[0]["dateOfBirth"]
    local = datetime.fromtimestamp(birth["calculatedDate"] / 1000, ZoneInfo("Europe/London"))
    assert (local.isoformat()[:19], birth["fuzzyDateMask"]) == (f"{day}T00:00:00", mask)


def test_special_people(caller: Caller) -> None:
    assert [(p["duplicated"], p["duplicateOf"]) for p in caller.people(40212)] == [("DUPLICATE", 40211)]
    assert [(p["duplicated"], p["duplicateOf"]) for p in caller.people(40222)] == [("DUPLICATE", None)]
    assert caller.people(40214) == caller.people(99999) == []
    assert [p["id"] for p in caller.people(40216)] == [40216, 40226]
    assert [p["personIdentifier"] for p in caller.people(7001)] == ["40221"]
    assert caller.people(40220)[0]["dateOfBirth"] is None
    (closed,) = caller.people(40215)
    assert closed["accessLevel"] == "RESTRICTED"
    assert {closed[name] for name in ("name", "age", "dateOfBirth", "careFirstId", "nhsNumber")} == {None}


def test_searching_and_paging(caller: Caller) -> None:
    assert caller.people(4031) == []
    wild = {"appendWildcard": "true"}
    assert [p["id"] for p in caller.people(4031, **wild)] == list(range(40310, 40320))
    assert [p["id"] for p in caller.people(4031, **wild, pageSize=4, pageNumber=3)] == [40318, 40319]
    assert len(caller.people(403, **wild, pageSize=-1)) == 20
    assert [p["id"] for p in caller.people("person 40211")] == [40211]
    assert caller.people("person 40215") == caller.people("person 40214") == []
    answer = caller.get("/person", "person.Person", nameOrId="403", appendWildcard="true", pageSize=5)
    assert (answer.json()["totalSize"], len(answer.json()["results"])) == (20, 5)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"pageSize": "0"}, ("WRONG_TYPE", "pageSize")),
        ({"pageSize": "201"}, ("WRONG_TYPE", "pageSize")),
        ({"pageNumber": "x"}, ("WRONG_TYPE", "pageNumber")),
        ({"s": "name"}, ("WRONG_TYPE", "s")),
        ({"appendWildcard": "yes"}, ("WRONG_TYPE", "appendWildcard")),
        ({"nameOrId": ""}, ("MISSING", "nameOrId")),
        ({"nhs": "1"}, ("UNKNOWN_FIELD", "query")),
    ],
)
def test_refused_searches(caller: Caller, query: dict[str, str], expected: tuple[str, str]) -> None:
    assert faults(caller.get("/person", "person.Person", **({"nameOrId": "1"} | query))) == [expected]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (99999, (404, "NOT_FOUND")),
        (40214, (404, "NOT_FOUND")),
        (40215, (403, "PERSON_RESTRICTED")),
        (40212, (409, "PERSON_DUPLICATE")),
        (40217, (409, "NO_OPEN_EPISODE")),
        (40218, (409, "RECORD_LOCKED")),
    ],
)
def test_people_nothing_is_filed_for(caller: Caller, number: int, expected: tuple[int, str]) -> None:
    assert refused(caller.create(number)) == expected
    assert caller.sim.records("WB-1") == []


def test_refusals_say_more_where_the_protocol_does(caller: Caller) -> None:
    assert caller.create(40212).json()["duplicateOf"] == 40211
    lock = caller.create(40218).json()
    assert (lock["lockedBy"], lock["lockedUntil"]) == ("SIM.WORKER", 1893456000000)
    assert caller.create(40214).content == caller.create(99999).content
    unknown = caller.get("/person/99999", "person.Person")
    assert caller.get("/person/40214", "person.Person").content == unknown.content
    assert refused(caller.get("/person/40215", "person.Person")) == (403, "PERSON_RESTRICTED")


def test_a_lock_that_is_over_holds_nobody_up(caller: Caller) -> None:
    caller.sim.change_person(40218, locked_until=1)
    assert caller.create(40218).status_code == 201
    caller.sim.change_person(40218, locked_until=None)
    assert refused(caller.create(40218)) == (409, "RECORD_LOCKED")


def test_an_old_number_that_is_not_shown_finds_nobody(caller: Caller) -> None:
    assert [p["id"] for p in caller.people(7001)] == [40221]
    caller.sim.change_person(40221, restricted=True)
    assert caller.people(7001) == [] and len(caller.people(40221)) == 1


def test_people_can_be_given(tmp_path: Path) -> None:
    with EclipseSimulator(tmp_path, KEY, people={7: {"dob": "2012-08-19"}}) as sim:
        caller = Caller(sim)
        assert [p["id"] for p in caller.people(7)] == [7] and caller.people(40211) == []
    for wrong in ({"7": {}}, {7: {"dob": "19/08/2012"}}, {7: {"birth": "2012"}}, {7: {"hidden": "yes"}}):
        with pytest.raises(DefinitionError):
            EclipseSimulator(tmp_path, KEY, people=wrong)


# Faults, pages, life


def test_a_lost_answer_leaves_what_was_stored(caller: Caller) -> None:
    caller.sim.faults.set("reset_after_commit", on="write")
    with pytest.raises(requests.ConnectionError):
        caller.create()
    assert len(caller.sim.records("WB-1")) == 1
    caller.sim.faults.set("reset", on="write")
    assert "access_token" in grant(caller.sim)  # signing in writes nothing
    with pytest.raises(requests.ConnectionError):
        caller.create()
    assert len(caller.sim.records("WB-1")) == 1
    caller.sim.faults.set("maintenance", on="/formInstance")
    assert caller.get("/formInstance", FORM, externalReference="WB-1").headers["Retry-After"] == "60"


def test_refused_changes_do_not_count_as_stored(caller: Caller) -> None:
    caller.sim.faults.set("reset_after_commit")
    assert refused(caller.create(99999)) == (404, "NOT_FOUND")
    assert caller.get("/formInstance", FORM, externalReference="WB-1").status_code == 200
    with pytest.raises(requests.ConnectionError):
        caller.create()


def test_the_pages(caller: Caller) -> None:
    form = caller.draft()
    spoken = "<b>own words</b>"
    caller.answers(form, [OWN_WORDS | {"value": spoken}])
    attachment = caller.attach(form).json()["id"]
    caller.finish(form)
    caller.task(summary="A <i>review</i>")
    overview = requests.get(caller.sim.url, timeout=5)
    assert "WB-1" in overview.text and "WISE assessment" in overview.text and "A &lt;i&gt;review" in overview.text
    assert "script" not in overview.headers["Content-Security-Policy"]
    page = requests.get(f"{caller.sim.url}forms/{form}", timeout=5).text
    assert "&lt;b&gt;own words" in page and spoken not in page
    assert requests.get(f"{caller.sim.url}attachments/{attachment}", timeout=5).content == PDF
    caller.withdraw(form)
    page = requests.get(f"{caller.sim.url}forms/{form}", timeout=5).text
    assert "own words" not in page and "Withdrawn" in page
    for gone in (f"attachments/{attachment}", "forms/1", "attachments/1"):
        assert requests.get(caller.sim.url + gone, timeout=5).status_code == 404


def test_state_outlives_a_stop(tmp_path: Path) -> None:
    sim = EclipseSimulator(tmp_path, KEY)
    with sim:
        port, caller = sim.port, Caller(sim)
        form = caller.complete()
    with pytest.raises(requests.ConnectionError):
        caller.create()
    with sim:
        assert sim.port == port and caller.read(form)["state"] == "COMPLETE"
        with pytest.raises(RuntimeError, match="running"):
            sim.start()
    assert len(sim.records("WB-1")) == 1


def test_an_empty_secret_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="secret"):
        EclipseSimulator(tmp_path, "")


def test_as_a_process(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(KEY + "\n")
    command = [sys.executable, "-m", "simulators.eclipse", "--data", str(tmp_path / "data"), "--key-file", str(key)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        told = json.loads(process.stdout.readline())
        assert requests.get(told["url"], timeout=5).status_code == 200
        assert requests.get(told["api"] + "/person", timeout=5).status_code == 401
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    assert subprocess.run([*command[:-1], str(tmp_path / "none")], cwd=ROOT, capture_output=True).returncode == 2

"""The file exchange simulator, driven over real SSH by a client that is not the bridge's own."""

import asyncio
import hashlib
import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from simulators.filedrop import Answer, FileDropSimulator, Person
from simulators.filedrop.checks_set import EICAR
from simulators.kit.faults import FaultError
from simulators.sftp.layout import Layout
from tests.simulators.filedrop_client import PDF, WORDS, Sender, body, fresh, marker, sender, task, until, withdrawal

REPOSITORY = Path(__file__).resolve().parents[2]
RIGHT = {"childId": "0040211", "dateOfBirth": "2010-05-02"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, key: Path) -> Iterator[Sender]:
    made = sender(tmp_path_factory.mktemp("filedrop"), key)
    with made.sim:
        yield made


@pytest.fixture
def drop(shared: Sender) -> Iterator[Sender]:
    """The one simulator, back in its good state afterwards."""
    yield shared
    shared.sim.faults.clear()
    shared.sim.paused = shared.sim.withhold_answers = False
    shared.sim.answer_delay_seconds = 0.0
    shared.sim.reception.may_file = frozenset({"form", "task", "withdrawal"})


def test_a_form_is_filed_archived_and_acknowledged(drop: Sender) -> None:
    files = drop.files(body(reference := fresh()))
    drop.send(reference, files)
    answer = drop.answer(reference)
    [record] = drop.sim.records(reference)
    assert answer["manifestSha256"] == hashlib.sha256(files[f"{reference}.json"]).hexdigest()
    assert record.document and record.document.content == PDF
    assert answer["documentSha256"] == hashlib.sha256(PDF).hexdigest()
    assert (answer["recordNumber"], answer["documentNumber"]) == (record.number, record.document.number)
    assert (answer["recordVersion"], record.child_id, record.restricted) == ("1", "0040211", False)
    rows = [{"question": "ownWords", "row": 1, "value": WORDS}, {"question": "day", "row": None, "value": ""}]
    canonical = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert answer["answersSha256"] == hashlib.sha256(canonical).hexdigest()
    assert not list((drop.sim.root / "in").glob(f"{reference}*"))
    assert (drop.sim.root / "archive" / f"{reference}.done").read_bytes() == marker(files)


@pytest.mark.parametrize("manifest", ["csv", "xml", "json"])
@pytest.mark.parametrize("answers", ["csv", "json"])
def test_every_format_carries_every_part_unchanged(tmp_path: Path, key: Path, manifest: str, answers: str) -> None:
    folders = ("to-them/new", "to-them/seen", "from-them", "from-them/read")
    there = sender(tmp_path, key, manifest=manifest, answers=answers, folders=folders)
    person = {**RIGHT, "age": 16, "ageAsAt": "2026-09-14"}
    form = {"type": "WISE", "completedOn": "2026-09-14", "restricted": True}
    with there.sim:
        first = there.exchange(body(fresh(), person=person, form=form))
        corrected = there.exchange(body(second := fresh(), replaces={"recordNumber": first["recordNumber"]}))
        raised = there.exchange(task(third := fresh()))
        gone = there.exchange(withdrawal(fresh(), first["recordNumber"]))
    assert (corrected["recordNumber"], corrected["recordVersion"]) == (first["recordNumber"], "2")
    assert raised["recordNumber"] != first["recordNumber"] and "documentNumber" not in raised
    assert gone["recordNumber"] == first["recordNumber"] and gone["withdrawnAt"] == gone["filedAt"]
    assert there.sim.records(second)[0].answers == (Answer("ownWords", 1, WORDS), Answer("day", None, ""))
    assert [record.restricted for record in there.sim.records()] == [True, False, False, False]
    assert [record.withdrawn for record in there.sim.records()] == [True, True, False, False]
    [filed] = there.sim.records(third)
    assert (filed.team, filed.due_on, filed.title) == ("REVIEW", "2026-12-14", "Review due")


def _person(child_id: str = "0040211", **more: Any) -> dict[str, Any]:
    return {"person": {"childId": child_id, "dateOfBirth": "2010-05-02", **more}}


def _form(kind: str) -> dict[str, Any]:
    return {"form": {"type": kind, "completedOn": "2026-09-14", "restricted": False}}


def _test(question: str, value: str, row: int | None = None) -> dict[str, Any]:
    answer = {"question": question, "value": value} | ({} if row is None else {"row": row})
    return {**_form("TEST"), "answers": [answer]}


REFUSED: list[tuple[dict[str, Any], str, dict[str, str]]] = [
    ({"authority": "E08000006"}, "NOT_PERMITTED", {}),
    (_person("0040299"), "PERSON_NOT_FOUND", {}),
    (_person("40211"), "PERSON_NOT_FOUND", {}),
    (_person("0040215"), "PERSON_NOT_FOUND", {}),
    (_person("0040216"), "PERSON_AMBIGUOUS", {}),
    (_person("0040214"), "PERSON_RESTRICTED", {}),
    (_person("0040212"), "PERSON_MERGED", {"mergedTo": "0040211"}),
    (_person("0040213"), "DOB_ESTIMATED", {}),
    ({"person": {"childId": "0040213", "age": 16, "ageAsAt": "2026-09-14"}}, "DOB_ESTIMATED", {}),
    (_person(dateOfBirth="2010-05-03"), "DOB_MISMATCH", {}),
    (_person(age=15, ageAsAt="2026-09-14"), "DOB_MISMATCH", {}),
    ({"person": {"childId": "0040211"}}, "DOB_MISMATCH", {}),
    (_person("0040217"), "NO_OPEN_EPISODE", {}),
    (_person("0040218"), "LOCKED", {"lockedUntil": "2099-01-01T00:00:00Z"}),
    (_form("OTHER"), "UNKNOWN_FORM", {}),
    (_test("other", "x"), "UNKNOWN_QUESTION", {"question": "other"}),
    ({"answers": [{"question": "1", "value": "x"}]}, "UNKNOWN_QUESTION", {"question": "1"}),
    (_test("day", "14 September"), "CONTENT", {"question": "day", "detail": "WRONG_TYPE"}),
    (_test("day", "2026-02-30"), "CONTENT", {"question": "day", "detail": "WRONG_TYPE"}),
    (_test("number", "1e3"), "CONTENT", {"question": "number", "detail": "WRONG_TYPE"}),
    (_test("yesNo", "no"), "CONTENT", {"question": "yesNo", "detail": "WRONG_TYPE"}),
    (_test("shortText", "x" * 41), "CONTENT", {"question": "shortText", "detail": "TOO_LONG"}),
    (_test("list", "Elsewhere "), "CONTENT", {"question": "list", "detail": "NOT_IN_LIST"}),
    (_test("places", "x"), "CONTENT", {"question": "places", "detail": "ROW_REQUIRED"}),
    (_test("longText", "x", 1), "CONTENT", {"question": "longText", "detail": "ROW_NOT_ALLOWED"}),
    ({"document": None}, "DOCUMENT", {"detail": "MISSING"}),
    ({"replaces": {"recordNumber": "1"}}, "RECORD_NOT_THERE", {}),
    ({**_person("0040212"), "authority": "E1"}, "NOT_PERMITTED", {}),
    ({**_person("0040218"), **_form("OTHER")}, "LOCKED", {"lockedUntil": "2099-01-01T00:00:00Z"}),
]


@pytest.mark.parametrize(("changes", "code", "more"), REFUSED)
def test_a_form_is_refused(drop: Sender, changes: dict[str, Any], code: str, more: dict[str, str]) -> None:
    files = drop.files(body(reference := fresh(), **changes))
    drop.send(reference, files)
    answer = drop.answer(reference)
    sha256 = hashlib.sha256(files[f"{reference}.json"]).hexdigest()
    said = {"kind": "rejection", "version": "1", "reference": reference, "code": code, "manifestSha256": sha256}
    assert answer == {**said, **more}
    assert drop.sim.records(reference) == []
    assert not list((drop.sim.root / "in").glob(f"{reference}*"))
    assert (drop.sim.root / "archive" / f"{reference}.done").exists()


@pytest.mark.parametrize(
    ("question", "value", "row"),
    [
        ("shortText", "x" * 40, None),
        ("longText", "", None),
        ("day", "2026-02-28", None),
        ("number", "-1.5", None),
        ("yesNo", "Not known", None),
        ("list", "Home", None),
        ("places", "park", 3),
    ],
)
def test_the_test_form_takes_what_its_questions_take(drop: Sender, question: str, value: str, row: int | None) -> None:
    assert "recordNumber" in drop.exchange(body(fresh(), None, **_test(question, value, row)))


@pytest.mark.parametrize("form", ["WISE", "RISE", "NWG"])
def test_a_persons_own_forms_take_any_question(drop: Sender, form: str) -> None:
    answers = [{"question": "a.b_c-9", "value": "x"}]
    assert "recordNumber" in drop.exchange(body(fresh(), **_form(form), answers=answers))


@pytest.mark.parametrize(
    ("document", "code", "more"),
    [
        (b"", "DOCUMENT", {"detail": "EMPTY"}),
        (b"GIF89a", "DOCUMENT", {"detail": "NOT_PDF"}),
        (PDF + EICAR, "VIRUS", {}),
        (PDF + b" " * 5 * 1024 * 1024, "TOO_LARGE", {}),
    ],
)
def test_a_document_is_refused(drop: Sender, document: bytes, code: str, more: dict[str, str]) -> None:
    answer = drop.exchange(body(fresh(), document), document)
    assert {"code": answer["code"], **more}.items() <= answer.items() and answer["code"] == code


@pytest.mark.parametrize("sub_type", ["HALF", "full"])
def test_document_types_are_known_with_their_sub_types(drop: Sender, sub_type: str) -> None:
    good = body(fresh())
    good["document"]["subType"] = "FULL"
    assert drop.exchange(good)["documentNumber"]
    wrong = body(fresh())
    wrong["document"]["subType"] = sub_type
    assert drop.exchange(wrong)["code"] == "UNKNOWN_DOCUMENT_TYPE"


def test_tasks_are_refused(drop: Sender) -> None:
    assert (
        drop.exchange(task(fresh(), task={"team": "X", "dueOn": "2026-12-14", "title": "a"}))["code"] == "UNKNOWN_TEAM"
    )
    assert drop.exchange(task(fresh(), person={"childId": "0040212"}))["code"] == "PERSON_MERGED"
    drop.sim.reception.may_file = frozenset({"form"})
    assert drop.exchange(task(fresh()))["code"] == "NOT_PERMITTED"


def test_a_withdrawal_asks_little_of_the_person(drop: Sender) -> None:
    number = drop.exchange(body(fresh()))["recordNumber"]
    before = drop.sim.world.people["0040211"]
    for changes in ({"merged_to": "0040299"}, {"restricted": True}, {"open_episode": False}, {"people": 2}):
        drop.sim.set_person(replace(before, **changes))
        assert drop.exchange(withdrawal(fresh(), "1"))["code"] == "RECORD_NOT_THERE"
    drop.sim.set_person(replace(before, locked_until="2099-01-01T00:00:00Z"))
    assert drop.exchange(withdrawal(fresh(), number))["code"] == "LOCKED"
    drop.sim.set_person(before)
    drop.exchange(withdrawal(fresh(), number))
    again = drop.exchange(withdrawal(fresh(), number))
    assert (again["code"], again["recordNumber"]) == ("ALREADY_WITHDRAWN", number)
    late = drop.exchange(body(fresh(), replaces={"recordNumber": number}))
    assert late["code"] == "ALREADY_WITHDRAWN"


def test_only_a_form_of_this_person_and_type_is_corrected(drop: Sender) -> None:
    number = drop.exchange(body(fresh()))["recordNumber"]
    drop.sim.set_person(Person("0049000", date(2010, 5, 2)))
    replaces = {"recordNumber": number}
    assert drop.exchange(body(fresh(), **_form("RISE"), replaces=replaces))["code"] == "RECORD_NOT_THERE"
    assert drop.exchange(body(fresh(), **_person("0049000"), replaces=replaces))["code"] == "RECORD_NOT_THERE"
    raised = drop.exchange(task(fresh()))["recordNumber"]
    assert drop.exchange(withdrawal(fresh(), raised))["code"] == "RECORD_NOT_THERE"


def test_a_reference_is_filed_once_and_refused_ones_may_come_again(drop: Sender) -> None:
    reference = fresh()
    assert drop.exchange(body(reference, **_form("OTHER")))["code"] == "UNKNOWN_FORM"
    first = drop.exchange(body(reference))
    again = drop.exchange(body(reference, answers=[]))
    assert (again["code"], again["recordNumber"]) == ("DUPLICATE", first["recordNumber"])
    assert again["acceptedManifestSha256"] == first["manifestSha256"] != again["manifestSha256"]
    assert len(drop.sim.records(reference)) == 1


SPOILT: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "json: number as text": ("json", lambda good: good.replace(b'"size": 21', b'"size": "21"')),
    "json: text as number": ("json", lambda good: good.replace(b'"0040211"', b"40211")),
    "json: row null": ("json", lambda good: good.replace(b'"row": 1', b'"row": null')),
    "json: flag as text": ("json", lambda good: good.replace(b"false", b'"no"')),
    "json: key twice": ("json", lambda good: good.replace(b'"version"', b'"version": "1", "version"', 1)),
    "json: unknown part": ("json", lambda good: good.replace(b'"person"', b'"note": {}, "person"')),
    "json: unknown field": ("json", lambda good: good.replace(b'"childId"', b'"name": "A", "childId"')),
    "json: other version": ("json", lambda good: good.replace(b'"version": "1"', b'"version": "2"')),
    "json: other reference": ("json", lambda good: good.replace(b'"reference": "WB', b'"reference": "XB')),
    "json: other file": ("json", lambda good: good.replace(b'"file": "WB', b'"file": "../WB')),
    "json: week date": ("json", lambda good: good.replace(b"2026-09-14", b"2026-W38-1")),
    "json: row 0": ("json", lambda good: good.replace(b'"row": 1', b'"row": 0')),
    "json: NaN": ("json", lambda good: good.replace(b'"size": 21', b'"size": NaN')),
    "json: byte order mark": ("json", lambda good: b"\xef\xbb\xbf" + good),
    "json: carriage return": ("json", lambda good: good.replace(b"\\n", b"\\r\\n")),
    "json: cut short": ("json", lambda good: good[:-1]),
    "json: deep": ("json", lambda good: b"[" * 200_000),
    "json: age alone": ("json", lambda good: good.replace(b'"dateOfBirth": "2010-05-02"', b'"age": 16')),
    "json: both kinds": ("json", lambda good: good.replace(b'"kind": "form"', b'"kind": "task"')),
    "xml: document type": ("xml", lambda good: b"<!DOCTYPE exchange>" + good.split(b"?>", 1)[1]),
    "xml: other encoding": ("xml", lambda good: good.replace(b"UTF-8", b"ISO-8859-1")),
    "xml: other order": ("xml", lambda good: good.replace(b"</exchange>", b'<replaces recordNumber="1"/></exchange>')),
    "xml: text in a part": ("xml", lambda good: good.replace(b"<person ", b"x<person ")),
    "xml: part twice": ("xml", lambda good: good.replace(b"<form ", b'<form type="a"/><form ')),
    "xml: empty field": ("xml", lambda good: good.replace(b'childId="0040211"', b'childId=""')),
    "csv: LF": ("csv", lambda good: good.replace(b"\r\n", b"\n")),
    "csv: one LF": ("csv", lambda good: good.replace(b"\r\n", b"\n", 2).replace(b"\n", b"\r\n", 1)),
    "csv: no last CRLF": ("csv", lambda good: good[:-2]),
    "csv: no header": ("csv", lambda good: good.split(b"\r\n", 1)[1]),
    "csv: five fields": ("csv", lambda good: good.replace(b"kind,,form", b"kind,,form,")),
    "csv: empty record": ("csv", lambda good: good.replace(b"\r\n", b"\r\n\r\n", 1)),
    "csv: row on a field": ("csv", lambda good: good.replace(b"kind,,form", b"kind,1,form")),
    "csv: other order": ("csv", lambda good: good + b"person,age,,16\r\nperson,ageAsAt,,2026-09-14\r\n"),
    "csv: field twice": ("csv", lambda good: good.replace(b"exchange,kind", b"exchange,version,,1\r\nexchange,kind")),
    "csv: open quote": ("csv", lambda good: good + b'answer,x,,"a\r\n'),
    "csv: loose quote": ("csv", lambda good: good + b'answer,x,,"a"b\r\n'),
    "empty": ("json", lambda good: b""),
}


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory, key: Path) -> Iterator[dict[str, Sender]]:
    made = {name: sender(tmp_path_factory.mktemp(name), key, manifest=name) for name in ("csv", "xml", "json")}
    for one in made.values():
        one.sim.start()
    yield made
    for one in made.values():
        one.sim.stop()


@pytest.mark.parametrize(("suffix", "spoil"), SPOILT.values(), ids=SPOILT.keys())
def test_a_manifest_that_is_not_as_agreed_is_refused(
    three: dict[str, Sender], suffix: str, spoil: Callable[[bytes], bytes]
) -> None:
    there = three[suffix]
    files = there.files(body(reference := fresh()))
    name = f"{reference}.{suffix}"
    spoilt = spoil(files[name])
    assert spoilt != files[name]
    there.send(reference, files | {name: spoilt})
    answer = there.answer(reference)
    assert (answer["code"], answer["detail"]) == ("CONTENT", "MANIFEST")
    assert not there.sim.records(reference)


def test_a_manifest_of_another_format_is_none(three: dict[str, Sender]) -> None:
    answer = replace(three["csv"], suffix="xml").exchange(body(fresh()))
    assert (answer["code"], answer["detail"]) == ("CONTENT", "MANIFEST") and "manifestSha256" not in answer


MARKERS: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "manifest only": lambda files: marker(dict([next(iter(files.items()))])),
    "document first": lambda files: marker(dict(reversed(files.items()))),
    "wrong sum": lambda files: marker(dict.fromkeys(files, b"other")),
    "CRLF": lambda files: marker(files).replace(b"\n", b"\r\n"),
    "a stranger": lambda files: marker(files | {"../out/x": b""}),
    "empty": lambda files: b"",
}


@pytest.mark.parametrize("spoil", MARKERS.values(), ids=MARKERS.keys())
def test_checksums_must_match(drop: Sender, spoil: Callable[[dict[str, bytes]], bytes]) -> None:
    files = drop.files(body(reference := fresh()))
    drop.send(reference, files, spoil(files))
    answer = drop.answer(reference)
    assert (answer["code"], answer["detail"]) == ("CONTENT", "CHECKSUM")


def test_the_manifests_own_sum_of_the_document_counts_too(drop: Sender) -> None:
    answer = drop.exchange(body(fresh(), PDF), PDF.replace(b"much", b"more"))
    assert (answer["code"], answer["detail"]) == ("CONTENT", "CHECKSUM")


# Bad days


def test_a_fault_that_files_cannot_have_is_none(drop: Sender) -> None:
    with pytest.raises(FaultError):
        drop.sim.faults.set("redirect")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("denied", asyncssh.SFTPPermissionDenied),
        ("unmounted", asyncssh.SFTPNoSuchFile),
        ("disk_full", asyncssh.SFTPFailure),
        ("reset", (asyncssh.Error, OSError)),
    ],
)
def test_an_upload_fails_and_nothing_is_picked_up(drop: Sender, fault: str, error: Any) -> None:
    files = drop.files(body(reference := fresh()))
    drop.sim.faults.set(fault, on=f"/in/{reference}.pdf")
    with pytest.raises(error):
        drop.send(reference, files)
    assert not (drop.sim.root / "in" / f"{reference}.done").exists()
    drop.send(reference, files)
    assert "recordNumber" in drop.answer(reference)


def test_a_short_write_says_nothing(drop: Sender) -> None:
    drop.sim.faults.set("short_write", on="/in")
    drop.put({"part.pdf": PDF})
    assert (drop.sim.root / "in" / "part.pdf").stat().st_size < len(PDF)


def test_a_hang_holds_up_its_own_call_only(drop: Sender) -> None:
    drop.sim.faults.set("hang", on="/out")
    with pytest.raises(asyncio.TimeoutError):
        drop.run(lambda sftp: sftp.stat("out"), seconds=0.5)
    assert not drop.sim.faults.now()
    assert "recordNumber" in drop.exchange(body(fresh()))


def _read(sftp: asyncssh.SFTPClient, offset: int) -> Any:
    async def work() -> bytes:
        async with sftp.open("out/x.ack", "rb") as file:
            content: bytes = await file.read(1000, offset)
            return content

    return work()


def test_a_file_without_end(drop: Sender) -> None:
    (drop.sim.root / "out" / "x.ack").write_bytes(b"{}")
    drop.sim.faults.set("huge", times=2, on="/out/x.ack")
    assert [len(drop.run(lambda sftp, at=at: _read(sftp, at))) for at in (0, 10**9)] == [1000, 1000]
    assert drop.run(lambda sftp: _read(sftp, 0)) == b"{}"
    (drop.sim.root / "out" / "x.ack").unlink()


def test_a_file_that_comes_byte_by_byte(drop: Sender) -> None:
    (drop.sim.root / "out" / "x.ack").write_bytes(b"{}")
    drop.sim.faults.set("drip", on="/out/x.ack")
    with pytest.raises(asyncio.TimeoutError):
        drop.run(lambda sftp: _read(sftp, 0), seconds=0.7)
    assert not drop.sim.faults.now()
    assert drop.run(lambda sftp: _read(sftp, 0)) == b"{}"
    (drop.sim.root / "out" / "x.ack").unlink()


def test_the_set_is_handed_over_though_the_reply_is_lost(drop: Sender) -> None:
    drop.sim.faults.set("reset_after_commit")
    with pytest.raises((asyncssh.Error, OSError)):
        drop.send(reference := fresh(), drop.files(body(reference)))
    assert drop.answer(reference)["recordNumber"] == drop.sim.records(reference)[0].number


def test_a_refused_key_and_a_good_day_again(drop: Sender) -> None:
    drop.sim.faults.set("auth_expired")
    with pytest.raises(asyncssh.PermissionDenied):
        drop.put({})
    drop.put({})


def test_a_locked_record_only_stops_what_would_be_filed(drop: Sender) -> None:
    drop.sim.faults.set("locked")
    assert drop.exchange(body(fresh(), **_form("OTHER")))["code"] == "UNKNOWN_FORM"
    assert drop.exchange(body(reference := fresh()))["code"] == "LOCKED"
    assert "recordNumber" in drop.exchange(body(reference))


@pytest.mark.parametrize("fault", ["garbage", "login_page", "no_answer"])
def test_filed_but_no_answer_as_agreed(drop: Sender, fault: str) -> None:
    drop.sim.faults.set(fault, on="/out")
    drop.send(reference := fresh(), drop.files(body(reference)))
    until(lambda: (drop.sim.root / "archive" / f"{reference}.done").exists() and not drop.sim.faults.now())
    path = drop.sim.root / "out" / f"{reference}.ack"
    if fault == "no_answer":
        drop.exchange(body(fresh()))
        assert drop.sim.records(reference) and not path.exists()
        return
    with pytest.raises(json.JSONDecodeError):
        json.loads(until(lambda: path.exists() and path.read_bytes()))


def test_an_answer_in_two_parts(drop: Sender) -> None:
    drop.sim.faults.set("partial_answer")
    drop.send(reference := fresh(), drop.files(body(reference)))
    path = drop.sim.root / "out" / f"{reference}.ack"
    first = until(lambda: path.exists() and path.read_bytes())
    with pytest.raises(json.JSONDecodeError):
        json.loads(first)
    whole = until(lambda: len(path.read_bytes()) > len(first) and path.read_bytes())
    assert whole.startswith(first) and json.loads(whole)["reference"] == reference


def test_a_withheld_answer_comes_when_let_go(drop: Sender) -> None:
    drop.sim.withhold_answers = True
    drop.send(reference := fresh(), drop.files(body(reference)))
    until(lambda: drop.sim.records(reference))
    assert not list((drop.sim.root / "out").glob(f"{reference}.*"))
    drop.sim.withhold_answers = False
    assert "recordNumber" in drop.answer(reference)


def test_a_slow_answer_holds_up_nothing_else(drop: Sender) -> None:
    drop.sim.answer_delay_seconds = 0.4
    drop.send(reference := fresh(), drop.files(body(reference)))
    until(lambda: drop.sim.records(reference))
    assert not (drop.sim.root / "out" / f"{reference}.ack").exists()
    assert "recordNumber" in drop.answer(reference)


def _host_key(sim: FileDropSimulator) -> str:
    host = asyncio.run(asyncssh.get_server_host_key("127.0.0.1", sim.port))
    assert host
    return host.get_fingerprint()


def test_a_changed_host_key_stays_over_a_restart_and_so_does_what_is_held(tmp_path: Path, key: Path) -> None:
    there = sender(tmp_path, key)
    with there.sim as sim:
        first, port = sim.host_key_fingerprint, sim.port
        assert _host_key(sim) == first
        there.exchange(body(reference := fresh()))
        sim.change_host_key()
        assert _host_key(sim) == sim.host_key_fingerprint != first
        second = sim.host_key_fingerprint
    with there.sim as sim:
        assert (_host_key(sim), sim.port) == (second, port)
        assert there.exchange(body(reference))["code"] == "DUPLICATE"


# What is not part of the protocol


@pytest.mark.parametrize(
    "attempt",
    [
        lambda sftp: sftp.open("out/forged.ack", "wb"),
        lambda sftp: sftp.open("in/../archive/x.done", "wb"),
        lambda sftp: sftp.open("//in/../out/x", "wb"),
        lambda sftp: sftp.mkdir("in/folder"),
        lambda sftp: sftp.symlink("/etc/passwd", "in/link"),
        lambda sftp: sftp.rename("in", "elsewhere"),
        lambda sftp: sftp.open("../host_key", "rb"),
    ],
)
def test_the_client_is_confined(drop: Sender, attempt: Callable[[asyncssh.SFTPClient], Any]) -> None:
    with pytest.raises((asyncssh.SFTPPermissionDenied, asyncssh.SFTPNoSuchFile)):
        drop.run(attempt)


@pytest.mark.parametrize("folders", [("in", "in", "out", "c"), ("../in", "a", "o", "c"), ("/in", "a", "o", "c")])
def test_folders_have_names_of_their_own_below_the_root(folders: tuple[str, str, str, str]) -> None:
    with pytest.raises(ValueError, match="name"):
        Layout(*folders, suffixes=("json",))


def _page(sim: FileDropSimulator, path: str = "") -> str:
    with urllib.request.urlopen(sim.url + path) as response:
        return response.read().decode()


def test_the_page_shows_what_is_held_and_escapes_it(drop: Sender) -> None:
    answers = [{"question": "words", "value": "<script>alert(1)</script>"}]
    filed = drop.exchange(body(reference := fresh(), answers=answers))
    refused = drop.exchange(body(fresh(), **_form("OTHER")))
    front = _page(drop.sim)
    assert all(text in front for text in (reference, filed["documentNumber"], refused["reference"], "UNKNOWN_FORM"))
    shown = _page(drop.sim, f"records/{reference}")
    assert "&lt;script&gt;alert(1)" in shown and "<script" not in shown
    assert _page(drop.sim, f"documents/{reference}.pdf").encode() == PDF
    drop.exchange(withdrawal(fresh(), filed["recordNumber"]))
    for path in (f"records/{reference}", f"documents/{reference}.pdf"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            _page(drop.sim, path)


def test_switches_are_on_the_page(drop: Sender) -> None:
    wanted = json.dumps({"name": "no_answer", "times": None}).encode()
    headers = {"Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(f"{drop.sim.url}_simulator/faults", wanted, headers))
    assert [fault.name for fault in drop.sim.faults.now()] == ["no_answer"]
    assert "disk_full" in _page(drop.sim, "_simulator/")


def test_it_runs_as_a_program(tmp_path: Path, key: Path) -> None:
    places = ["--data", str(tmp_path), "--authorized-key", str(key.with_suffix(".pub")), "--manifest", "csv"]
    command = [sys.executable, "-m", "simulators.filedrop", *places]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        ready = json.loads(process.stdout.readline())
        assert urllib.request.urlopen(ready["url"]).status == 200
        assert ready["api"] == f"sftp://wisebridge@127.0.0.1:{ready['port']}/"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=5) == 0

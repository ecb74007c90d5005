"""The LCS simulator, driven over real SSH by a client that is not the bridge's own."""

import asyncio
import hashlib
import json
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import asyncssh
import pytest

from simulators.lcs import Answer, LcsInstance
from simulators.lcs.world import load_authorities
from simulators.sftp.ages import age_at
from simulators.sftp.marker import read_marker
from simulators.sftp.yaml_input import ConfigurationError
from tests.simulators.lcs_client import (
    PATIENCE,
    PDF,
    PERSON,
    Client,
    Pair,
    form_set,
    fresh,
    marker,
    page,
    pair,
    simulator,
    task,
    until,
)

REPOSITORY = Path(__file__).resolve().parents[2]


def test_a_form_is_filed_archived_and_acknowledged(lcs: Pair) -> None:
    reference = fresh()
    files = form_set(reference)
    answer = lcs.exchange(reference, files)
    [record] = lcs.instance.filed(reference)
    assert answer[""] == "acknowledgement"
    assert answer["reference"] == reference
    assert answer["manifest-sha256"] == hashlib.sha256(files[f"{reference}.xml"]).hexdigest()
    assert (answer["record-id"], answer["document-id"]) == (record.record_id, record.document_id)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", answer["filed-at"])
    assert record.answers == (Answer("selfText", 1, "“A good day”"), Answer("selfDay", None, "14"))
    assert record.document_path and record.document_path.read_bytes() == PDF
    assert record.document_sha256 == hashlib.sha256(PDF).hexdigest()
    assert (record.worker, record.department) == ("20114", "-1")
    assert list((lcs.instance.root / "inbox").glob(f"{reference}*")) == []
    assert (lcs.instance.root / "archive" / f"{reference}.done").read_bytes() == marker(files)


def test_a_task_is_raised_for_a_department_without_a_worker(lcs: Pair) -> None:
    reference = fresh()
    answer = lcs.exchange(reference, {f"{reference}.xml": task(reference)})
    [record] = lcs.instance.filed(reference)
    assert answer["record-id"] == record.record_id and "document-id" not in answer
    assert (record.kind, record.task_type, record.due_on) == ("task", "REVIEW", "2026-12-14")
    assert (record.title, record.department, record.worker) == ("Review due", "CSE-TEAM", "-1")


def _person(person_id: str, rest: str = "<date-of-birth>2011-03-02</date-of-birth>") -> dict[str, str]:
    return {"person": f"<person-id>{person_id}</person-id>{rest}"}


@pytest.mark.parametrize(
    ("changes", "code", "more"),
    [
        ({"authority": "E08000006"}, "WRONG_AUTHORITY", {}),
        (_person("NOBODY"), "PERSON_NOT_FOUND", {}),
        (_person("STK0000500"), "PERSON_MERGED", {"merged-to": "STK0000533"}),
        (_person("STK0000417", "<date-of-birth>2011-03-03</date-of-birth>"), "DOB_MISMATCH", {}),
        (_person("STK0000417", '<age as-at="2027-03-01">16</age>'), "DOB_MISMATCH", {}),
        (
            _person("STK0000417", PERSON.split("</person-id>")[1] + '<age as-at="2026-09-14">14</age>'),
            "DOB_MISMATCH",
            {},
        ),
        (_person("STK0000417", ""), "DOB_MISMATCH", {}),
        (_person("STK0000600", "<date-of-birth>2012-07-01</date-of-birth>"), "DOB_ESTIMATED", {}),
        (_person("STK0000600", '<age as-at="2026-09-14">14</age>'), "DOB_ESTIMATED", {}),
        (_person("STK0000601", "<date-of-birth>2012-11-19</date-of-birth>"), "NO_OPEN_REFERRAL", {}),
        (_person("STK0000602", "<date-of-birth>2010-05-23</date-of-birth>"), "NO_OPEN_REFERRAL", {}),
        ({"type": "09001"}, "UNKNOWN_FORM_CODE", {}),
        ({"answers": '<answer no="other&amp;">x</answer>'}, "UNKNOWN_ANSWER_CODE", {"detail": "other&"}),
        ({"doc": "PHOTO"}, "UNKNOWN_DOC_TYPE", {}),
        ({"authority": "E1", **_person("NOBODY"), "type": "0"}, "WRONG_AUTHORITY", {}),
        ({"type": "0", "doc": "PHOTO"}, "UNKNOWN_FORM_CODE", {}),
    ],
)
def test_a_form_is_refused(lcs: Pair, changes: dict[str, str], code: str, more: dict[str, str]) -> None:
    reference = fresh()
    answer = lcs.exchange(reference, form_set(reference, **changes))
    assert answer == {"": "rejection", "reference": reference, "code": code, **more}
    assert lcs.instance.filed(reference) == []
    assert lcs.instance.refusals()[-1].code == code
    assert list((lcs.instance.root / "inbox").glob(f"{reference}*")) == []
    assert (lcs.instance.root / "archive" / f"{reference}.done").exists()


@pytest.mark.parametrize("age", ['<age as-at="2027-03-01">15</age>', '<age as-at="2027-03-02">16</age>'])
def test_an_age_may_stand_for_a_date_of_birth(lcs: Pair, age: str) -> None:
    reference = fresh()
    assert "record-id" in lcs.exchange(reference, form_set(reference, **_person("STK0000417", age)))


@pytest.mark.parametrize(("day", "age"), [("2027-02-28", 14), ("2027-03-01", 15), ("2028-02-29", 16)])
def test_leap_day_birthdays_fall_on_the_first_of_march(day: str, age: int) -> None:
    assert age_at(date(2012, 2, 29), date.fromisoformat(day)) == age


@pytest.mark.parametrize("body", [b"", b"GIF89a"])
def test_a_document_that_is_no_pdf_is_refused(lcs: Pair, body: bytes) -> None:
    reference = fresh()
    files = form_set(reference) | {f"{reference}.pdf": body}
    assert lcs.exchange(reference, files)["code"] == "DOC_REJECTED"


@pytest.mark.parametrize(
    ("changes", "code"), [({"kind": "CHAT"}, "UNKNOWN_TASK_TYPE"), ({"team": "NOWHERE"}, "UNKNOWN_DEPARTMENT")]
)
def test_a_task_is_refused(lcs: Pair, changes: dict[str, str], code: str) -> None:
    reference = fresh()
    assert lcs.exchange(reference, {f"{reference}.xml": task(reference, **changes)})["code"] == code


BOMB = '<!DOCTYPE exchange [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "entities": lambda good: good.replace(b"<exchange", BOMB.encode() + b"<exchange", 1).replace(b"14<", b"&b;<"),
    "outside file": lambda good: b'<!DOCTYPE exchange SYSTEM "file:///etc/passwd">' + good.split(b"?>", 1)[1],
    "entities in UTF-16": lambda good: good.decode().replace("<exchange", BOMB + "<exchange", 1).encode("utf-16"),
    "UTF-16 unmarked": lambda good: good.decode().replace("UTF-8", "UTF-16").encode("utf-16-le"),
    "other encoding": lambda good: good.replace(b"UTF-8", b"ISO-8859-1"),
    "too large": lambda good: good + b" " * (4 * 1024 * 1024),
    "deep": lambda good: b"<exchange>" * 300_000,
    "cut short": lambda good: good[:-5],
    "empty": lambda good: b"",
    "version 2": lambda good: good.replace(b'version="1" kind', b'version="2" kind'),
    "kind": lambda good: good.replace(b'kind="form"', b'kind="note"'),
    "other reference": lambda good: good.replace(b"<reference>WB", b"<reference>XB"),
    "unknown element": lambda good: good.replace(b"<person>", b"<person><name>A</name>"),
    "unknown attribute": lambda good: good.replace(b"restricted=", b'urgent="yes" restricted='),
    "restricted": lambda good: good.replace(b'"no">', b'"maybe">', 1),
    "week date": lambda good: good.replace(b"2026-09-14", b"2026-W38-1"),
    "row 0": lambda good: good.replace(b'row="1"', b'row="0"'),
    "answer twice": lambda good: good.replace(b'no="selfText" row="1"', b'no="selfDay"'),
    "other document": lambda good: good.replace(b'file="WB', b'file="../WB'),
    "markup in an answer": lambda good: good.replace(b">14<", b"><b>14</b><"),
}


@pytest.mark.parametrize("spoil", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_bad_manifest_is_refused(lcs: Pair, spoil: Callable[[bytes], bytes]) -> None:
    reference = fresh()
    good = form_set(reference)
    spoilt = spoil(good[f"{reference}.xml"])
    assert spoilt != good[f"{reference}.xml"]
    assert lcs.exchange(reference, good | {f"{reference}.xml": spoilt})["code"] == "BAD_MANIFEST"


def test_text_that_looks_like_a_dtd_is_just_text(lcs: Pair) -> None:
    reference = fresh()
    answers = '<answer no="selfText"><![CDATA[<!DOCTYPE x>\n <script>alert(1)</script>]]></answer>'
    lcs.exchange(reference, form_set(reference, answers=answers))
    assert lcs.instance.filed(reference)[0].answers[0].text == "<!DOCTYPE x>\n <script>alert(1)</script>"


def test_a_set_without_manifest_is_refused(lcs: Pair) -> None:
    assert lcs.exchange(reference := fresh(), {f"{reference}.pdf": PDF})["code"] == "BAD_MANIFEST"


MARKERS: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "manifest only": lambda files: marker(dict([next(iter(files.items()))])),
    "document only": lambda files: marker(dict([list(files.items())[1]])),
    "wrong sum": lambda files: marker(dict.fromkeys(files, b"other")),
    "upper case": lambda files: marker(files).upper(),
    "one space": lambda files: marker(files).replace(b"  ", b" "),
    "CRLF": lambda files: marker(files).replace(b"\n", b"\r\n"),
    "no last LF": lambda files: marker(files)[:-1],
    "a stranger": lambda files: marker(files | {"../outbox/x": b""}),
    "empty": lambda files: b"",
}


@pytest.mark.parametrize("spoil", MARKERS.values(), ids=MARKERS.keys())
def test_checksums_must_match(lcs: Pair, spoil: Callable[[dict[str, bytes]], bytes]) -> None:
    files = form_set(reference := fresh())
    assert lcs.exchange(reference, files, spoil(files))["code"] == "CHECKSUM_MISMATCH"


def test_a_named_but_missing_document_is_a_mismatch(lcs: Pair) -> None:
    files = form_set(reference := fresh())
    answer = lcs.exchange(reference, {f"{reference}.xml": files[f"{reference}.xml"]}, marker(files))
    assert answer["code"] == "CHECKSUM_MISMATCH"


def test_a_marker_names_each_file_once() -> None:
    assert read_marker(marker({"A.xml": b""}) * 2) is None


def test_a_reference_is_filed_once(lcs: Pair) -> None:
    reference = fresh()
    first = lcs.exchange(reference, form_set(reference))
    again = lcs.exchange(reference, form_set(reference, answers=""))
    assert again == {
        "": "rejection",
        "reference": reference,
        "code": "DUPLICATE_FILE",
        "record-id": first["record-id"],
    }
    assert [record.record_id for record in lcs.instance.filed(reference)] == [first["record-id"]]


def test_a_refused_set_may_come_again(lcs: Pair) -> None:
    reference = fresh()
    assert lcs.exchange(reference, form_set(reference, type="0"))["code"] == "UNKNOWN_FORM_CODE"
    assert "record-id" in lcs.exchange(reference, form_set(reference))


def test_nothing_is_looked_at_without_its_marker(lcs: Pair) -> None:
    early, late, inbox = fresh(), fresh(), lcs.instance.root / "inbox"
    lcs.client.upload(form_set(early) | {"lower.done": b"", f"{early}.x.done": b""})
    lcs.client.upload({f"{early}.done": marker(form_set(early))}, rename=False)
    lcs.exchange(late, form_set(late))
    assert lcs.instance.filed(early) == []
    assert {path.name for path in inbox.glob(f"{early}*")} >= {f"{early}.xml", f"{early}.pdf", f"{early}.done.tmp"}

    async def finish(sftp: asyncssh.SFTPClient) -> None:
        await sftp.posix_rename(f"inbox/{early}.done.tmp", f"inbox/{early}.done")

    lcs.client.run(finish)
    assert "record-id" in lcs.answer(early)


def test_files_renamed_over_a_set_in_work_are_left_for_the_next(tmp_path: Path, key: Path) -> None:
    stopped = simulator(tmp_path, key).instance("stockport")
    inbox, reference = stopped.root / "inbox", fresh()
    files = form_set(reference)
    files[f"{reference}.done"] = marker(files)
    for name, body in files.items():
        (inbox / name).write_bytes(body)
    held = stopped.importer.mailbox.read(reference)
    newer = tmp_path / "newer"
    newer.write_bytes(files[f"{reference}.xml"])
    newer.rename(inbox / f"{reference}.xml")
    assert held
    stopped.importer.mailbox.tidy(held.identities)
    assert [path.name for path in inbox.iterdir()] == [f"{reference}.xml"]


def test_only_the_one_user_with_the_key_gets_in(lcs: Pair, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger"
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(stranger)
    for client in (replace(lcs.client, user="root"), replace(lcs.client, key=stranger)):
        with pytest.raises(asyncssh.PermissionDenied):
            client.upload({})


def test_there_is_no_shell_and_no_password(lcs: Pair) -> None:
    async def attempt() -> None:
        options = {"known_hosts": None, "username": "wisebridge", "config": None}
        async with asyncssh.connect("127.0.0.1", lcs.client.port, client_keys=[str(lcs.client.key)], **options) as ssh:
            with pytest.raises(asyncssh.ChannelOpenError):
                await ssh.run("id")
        with pytest.raises(asyncssh.PermissionDenied):
            await asyncssh.connect("127.0.0.1", lcs.client.port, password="x", client_keys=None, **options)

    asyncio.run(attempt())


@pytest.mark.parametrize(
    "attempt",
    [
        lambda sftp: sftp.open("outbox/forged.ack", "wb"),
        lambda sftp: sftp.open("inbox/../archive/x.done", "wb"),
        lambda sftp: sftp.mkdir("inbox/folder"),
        lambda sftp: sftp.symlink("/etc/passwd", "inbox/link"),
        lambda sftp: sftp.rename("inbox", "elsewhere"),
        lambda sftp: sftp.open("../host_key", "rb"),
        lambda sftp: sftp.open("/etc/passwd", "rb"),
    ],
)
def test_the_client_is_confined(lcs: Pair, attempt: Callable[[asyncssh.SFTPClient], Any]) -> None:
    with pytest.raises((asyncssh.SFTPPermissionDenied, asyncssh.SFTPNoSuchFile)):
        lcs.client.run(attempt)


def test_answers_are_collected_by_rename(lcs: Pair) -> None:
    reference = fresh()
    lcs.client.send(reference, form_set(reference))
    until((lcs.instance.root / "outbox" / f"{reference}.ack").exists)

    async def collect(sftp: asyncssh.SFTPClient) -> list[str]:
        await sftp.posix_rename(f"outbox/{reference}.ack", f"outbox/collected/{reference}.ack")
        return list(await sftp.listdir("outbox/collected"))

    assert f"{reference}.ack" in lcs.client.run(collect)


def test_each_instance_is_its_own_system(lcs: Pair) -> None:
    salford = pair(lcs.simulator, lcs.client.key, "salford")
    reference = fresh()
    answer = salford.exchange(reference, form_set(reference))
    assert answer["code"] == "WRONG_AUTHORITY"
    assert salford.instance.host_key_fingerprint != lcs.instance.host_key_fingerprint
    own = form_set(
        reference, authority="E08000006", person=_person("SAL88120", "<age as-at='2026-09-14'>10</age>")["person"]
    )
    assert salford.exchange(reference, own)["record-id"] == "310052"
    assert lcs.instance.filed(reference) == []


def test_the_fingerprint_is_that_of_the_host(lcs: Pair) -> None:
    host = asyncio.run(asyncssh.get_server_host_key("127.0.0.1", lcs.instance.port))
    assert host and host.get_fingerprint() == lcs.instance.host_key_fingerprint
    assert lcs.instance.host_key_fingerprint.startswith("SHA256:")
    assert (lcs.instance.folder / "host_key").stat().st_mode & 0o777 == 0o600


def test_paused_picks_nothing_up(lcs: Pair, quiet: LcsInstance) -> None:
    quiet.paused = True
    time.sleep(0.06)
    lcs.client.send(reference := fresh(), form_set(reference))
    time.sleep(0.1)
    assert (quiet.root / "inbox" / f"{reference}.done").exists()
    quiet.paused = False
    assert "record-id" in lcs.answer(reference)


def test_a_slow_answer_holds_up_nothing_else(lcs: Pair, quiet: LcsInstance) -> None:
    quiet.answer_delay_seconds = 0.4
    lcs.client.send(reference := fresh(), form_set(reference))
    filed = until(lambda: quiet.filed(reference))
    assert not (quiet.root / "outbox" / f"{reference}.ack").exists()
    assert lcs.answer(reference)["record-id"] == filed[0].record_id


def test_withheld_answers_come_when_let_go(lcs: Pair, quiet: LcsInstance) -> None:
    quiet.withhold_answers = True
    lcs.client.send(reference := fresh(), form_set(reference))
    until((quiet.root / "archive" / f"{reference}.done").exists)
    time.sleep(0.1)
    assert not list((quiet.root / "outbox").glob(f"{reference}.*"))
    quiet.withhold_answers = False
    assert lcs.answer(reference)["record-id"] == quiet.filed(reference)[0].record_id


def test_a_broken_upload_leaves_a_part_and_is_never_picked_up(lcs: Pair, quiet: LcsInstance) -> None:
    quiet.disconnect_after_bytes = 100_000
    reference = fresh()
    with pytest.raises((asyncssh.Error, OSError)):
        lcs.client.upload({f"{reference}.pdf": PDF * 20_000})
    part = quiet.root / "inbox" / f"{reference}.pdf.tmp"
    assert 0 < part.stat().st_size <= 100_000
    quiet.disconnect_after_bytes = None
    assert "record-id" in lcs.exchange(reference, form_set(reference))


def test_a_merge_can_happen_while_running(lcs: Pair) -> None:
    before = lcs.instance.authority.people["STK0000719"]
    lcs.instance.set_person(replace(before, merged_to="STK0000718"))
    answer = lcs.exchange(reference := fresh(), form_set(reference, **_person("STK0000719", "")))
    lcs.instance.set_person(before)
    assert (answer["code"], answer["merged-to"]) == ("PERSON_MERGED", "STK0000718")


@pytest.mark.parametrize("step", ["tidy", "answer"])
def test_a_failed_step_is_done_again_without_filing_twice(
    tmp_path: Path, key: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First in the same process, then, still failing, over a restart."""
    failures = threading.Semaphore(0)

    def fail(*_: object) -> None:
        failures.release()
        raise OSError("simulated crash")

    first = simulator(tmp_path, key)
    monkeypatch.setattr(first.instance("stockport").importer.mailbox, step, fail)
    with first:
        there = pair(first, key)
        there.client.send(reference := fresh(), form_set(reference))
        assert all(failures.acquire(timeout=PATIENCE) for _ in range(3))
    [record] = first.instance("stockport").filed()
    assert not first.instance("stockport").refusals()
    with simulator(tmp_path, key) as second:
        here = pair(second, key)
        assert here.answer(reference)["record-id"] == record.record_id
        assert here.instance.filed() == [record]
        again = here.exchange(reference, form_set(reference))
        assert (again["code"], again["record-id"]) == ("DUPLICATE_FILE", record.record_id)


def test_a_set_sent_again_before_the_first_is_answered_gets_its_own_answer(tmp_path: Path, key: Path) -> None:
    first = simulator(tmp_path, key)
    first.instance("stockport").withhold_answers = True
    with first:
        pair(first, key).client.send(reference := fresh(), form_set(reference))
        [record] = until(first.instance("stockport").filed)
        pair(first, key).client.send(reference, form_set(reference))
        until(first.instance("stockport").refusals)
    with simulator(tmp_path, key) as second:
        outbox = second.instance("stockport").root / "outbox"
        until(lambda: (outbox / f"{reference}.ack").exists() and (outbox / f"{reference}.rej").exists())
        for answer in outbox.glob(f"{reference}.*"):
            assert ElementTree.parse(answer).findtext("record-id") == record.record_id


def _command(data: Path, key: Path, *more: str) -> list[str]:
    places = ["--data", str(data), "--authorized-key", str(key.with_suffix(".pub")), "--http-port", "0"]
    instance = ["--instance", "stockport:E08000007:0", "--poll-seconds", "0.02"]
    return [sys.executable, "-m", "simulators.lcs", *places, *instance, *more]


def _start(data: Path, key: Path, *more: str) -> tuple[subprocess.Popen[str], dict[str, Any]]:
    process = subprocess.Popen(_command(data, key, *more), cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    return process, json.loads(process.stdout.readline())


def test_a_killed_process_keeps_numbers_key_and_answers(tmp_path: Path, key: Path) -> None:
    killed, ready = _start(tmp_path, key, "--withhold-answers")
    with killed:
        stockport = ready["instances"]["stockport"]
        assert (stockport["authority"], stockport["user"]) == ("E08000007", "wisebridge")
        Client(stockport["port"], key).send(first := fresh(), form_set(first))
        until((tmp_path / "stockport" / "sftp" / "archive" / f"{first}.done").exists)
        killed.kill()
    with simulator(tmp_path, key) as second:
        here = pair(second, key)
        assert here.instance.host_key_fingerprint == stockport["host_key"]
        answer = here.answer(first)
        number, document = answer["record-id"], answer["document-id"]
        after = here.exchange(later := fresh(), form_set(later))
        assert (int(after["record-id"]), int(after["document-id"])) == (int(number) + 1, int(document) + 1)
        assert len(here.instance.filed()) == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_process_in_good_order(tmp_path: Path, key: Path, number: signal.Signals) -> None:
    """By itself: nobody has to kill it, and the folder is free for the next."""
    process, ready = _start(tmp_path, key)
    with process:
        try:
            assert urllib.request.urlopen(ready["http"]).status == 200
            process.send_signal(number)
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()
    with simulator(tmp_path, key) as second:
        assert pair(second, key).exchange(reference := fresh(), form_set(reference))["reference"] == reference


def test_a_folder_has_one_simulator(tmp_path: Path, key: Path) -> None:
    with simulator(tmp_path, key), pytest.raises(RuntimeError, match="another simulator"):
        simulator(tmp_path, key).start()


def test_an_instance_must_be_the_authority_it_says(tmp_path: Path, key: Path) -> None:
    command = _command(tmp_path, key)
    command[command.index("stockport:E08000007:0")] = "stockport:E08000006:0"
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stdout) == (2, "") and "E08000007" in done.stderr


def test_the_pages_show_what_is_held_and_escape_it(lcs: Pair) -> None:
    reference = fresh()
    script = '<answer no="selfText">&lt;script&gt;alert(1)&lt;/script&gt;</answer><answer no="selfDay">3</answer>'
    answer = lcs.exchange(reference, form_set(reference, answers=script))
    front, headers = page(lcs)
    assert "<title>LCS simulator (fictional)</title>" in front and "Simulator: fictional people only" in front
    assert all(text in front for text in (reference, answer["record-id"], answer["document-id"], "STK0000417"))
    assert "WISE &lt;b&gt;bold" in front and "<b>" not in front
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    record, _ = page(lcs, f"stockport/records/{answer['record-id']}")
    assert "&lt;script&gt;alert(1)" in record and "<script" not in record
    assert record.index("selfText") < record.index("selfDay")


def test_a_refusal_and_a_document_can_be_looked_at(lcs: Pair) -> None:
    lcs.exchange(refused := fresh(), form_set(refused, type="0"))
    document = lcs.exchange(filed := fresh(), form_set(filed))["document-id"]
    shown, _ = page(lcs, "stockport/")
    assert refused in shown and "UNKNOWN_FORM_CODE" in shown
    body, headers = page(lcs, f"stockport/documents/{document}.pdf")
    assert (body.encode(), headers["Content-Type"]) == (PDF, "application/pdf")


def test_programs_can_read_the_records(lcs: Pair) -> None:
    lcs.exchange(reference := fresh(), form_set(reference))
    held = json.loads(page(lcs, "stockport/records.json")[0])
    assert held["authority"] == "E08000007"
    assert held["records"][-1]["reference"] == reference
    assert held["records"][-1]["answers"][1] == {"no": "selfDay", "row": None, "text": "14"}


@pytest.mark.parametrize("path", ["nowhere/", "stockport/records/1", "stockport/documents/..%2fstate.pdf"])
def test_what_is_not_there_is_not_found(lcs: Pair, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        page(lcs, path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("shraed: {}", "unknown key 'shraed'"),
        ("authorities: {stockprot: {}}", "unknown key 'stockprot'"),
        ('shared: {"1": {title: A, answers: [a], rows: 1}}', "form 1: unknown key 'rows'"),
        ('shared: {"1": {title: A}}', "'answers' is missing"),
        ("shared: {0417: {title: A, answers: []}}", "must be text"),
        ('shared: {"1": {title: A, answers: [a, a]}}', "listed twice"),
        ('shared: {"1": {title: A, answers: [1]}}', "must be str"),
    ],
)
def test_a_slip_in_the_forms_stops_the_start(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "forms.yaml").write_text(text)
    with pytest.raises(ConfigurationError, match=re.escape(message)):
        load_authorities(forms=tmp_path / "forms.yaml")


def test_the_seed_has_children_of_every_age_for_load() -> None:
    people = load_authorities()["stockport"].people
    for day in (date(2026, 1, 1), date(2026, 12, 31)):
        ages = {age_at(people[f"STK0000{number}"].dob, day) for number in range(700, 720)}
        assert ages <= set(range(12, 18))


@pytest.mark.parametrize("fault", ["disk_full", "denied", "unmounted", "reset"])
def test_an_upload_can_fail_in_other_ways(lcs: Pair, quiet: LcsInstance, fault: str) -> None:
    reference = fresh()
    quiet.faults.set(fault, on=f"/inbox/{reference}.pdf")
    with pytest.raises((asyncssh.Error, OSError)):
        lcs.client.send(reference, form_set(reference))
    assert not (quiet.root / "inbox" / f"{reference}.done").exists()
    assert "record-id" in lcs.exchange(reference, form_set(reference))


def test_a_lost_reply_to_the_marker_loses_no_set(lcs: Pair, quiet: LcsInstance) -> None:
    quiet.faults.set("reset_after_commit")
    with pytest.raises((asyncssh.Error, OSError)):
        lcs.client.send(reference := fresh(), form_set(reference))
    assert "record-id" in lcs.answer(reference)


@pytest.mark.parametrize("fault", ["partial_answer", "garbage", "login_page"])
def test_an_answer_can_be_unreadable(lcs: Pair, quiet: LcsInstance, fault: str) -> None:
    quiet.faults.set(fault, on="/outbox")
    lcs.client.send(reference := fresh(), form_set(reference))
    path = quiet.root / "outbox" / f"{reference}.ack"
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(until(lambda: path.exists() and path.read_bytes()))
    if fault == "partial_answer":
        until(lambda: path.read_bytes().endswith(b"</acknowledgement>\n"))
    path.unlink()


def test_a_host_key_can_change(tmp_path: Path, key: Path) -> None:
    with simulator(tmp_path, key) as running:
        before, instance = running.instance("stockport").host_key_fingerprint, running.instance("stockport")
        running.change_host_key("stockport")
        host = asyncio.run(asyncssh.get_server_host_key("127.0.0.1", instance.port))
    assert host and before != host.get_fingerprint() == instance.host_key_fingerprint

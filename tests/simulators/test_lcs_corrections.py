"""Corrections and withdrawals in the LCS simulator, over real SSH."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import threading
import urllib.error
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from simulators.lcs import LcsInstance
from tests.simulators.lcs_client import (
    PDF,
    Pair,
    form,
    form_set,
    fresh,
    marker,
    page,
    pair,
    simulator,
    task,
    until,
    withdrawal,
)

NEW_PDF = b"%PDF-1.7 put right"
NOW = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def person(person_id: str, rest: str = "<date-of-birth>2011-03-02</date-of-birth>") -> dict[str, str]:
    return {"person": f"<person-id>{person_id}</person-id>{rest}"}


def correction_set(reference: str, record_id: str, **changes: str) -> dict[str, bytes]:
    changes = {"replaces": f'<replaces record-id="{record_id}"/>'} | changes
    return {f"{reference}.xml": form(reference, **changes), f"{reference}.pdf": NEW_PDF}


def filed(lcs: Pair, **changes: str) -> str:
    reference = fresh()
    return lcs.exchange(reference, form_set(reference, **changes))["record-id"]


def correct(lcs: Pair, record_id: str, **changes: str) -> dict[str, str]:
    reference = fresh()
    return lcs.exchange(reference, correction_set(reference, record_id, **changes))


def withdraw(lcs: Pair, record_id: str, **changes: str) -> dict[str, str]:
    reference = fresh()
    return lcs.exchange(reference, {f"{reference}.xml": withdrawal(reference, record_id, **changes)})


def refused(answer: dict[str, str], code: str, **more: str) -> bool:
    expected = {"": "rejection", "reference": answer["reference"], "code": code}
    return answer == expected | {name.replace("_", "-"): value for name, value in more.items()}


def test_a_correction_is_the_next_version_and_the_earlier_one_is_kept(lcs: Pair) -> None:
    first = lcs.exchange(reference := fresh(), form_set(reference))
    files = correction_set(later := fresh(), first["record-id"], answers='<answer no="selfDay">15</answer>')
    answer = lcs.exchange(later, files)
    assert list(answer) == ["", "reference", "record-id", "document-id", "version", "manifest-sha256", "filed-at"]
    assert (answer["record-id"], answer["version"]) == (first["record-id"], "2")
    assert answer["manifest-sha256"] == hashlib.sha256(files[f"{later}.xml"]).hexdigest()
    assert answer["document-id"] != first["document-id"]
    before, after = lcs.instance.versions(first["record-id"])
    assert [(one.reference, one.version, len(one.answers)) for one in (before, after)] == [
        (reference, 1, 2),
        (later, 2, 1),
    ]
    assert before.document_path and before.document_path.read_bytes() == PDF
    assert after.document_path and after.document_path.read_bytes() == NEW_PDF
    assert lcs.instance.filed(later) == [after]


def test_a_correction_is_corrected_under_the_same_number(lcs: Pair) -> None:
    number = filed(lcs)
    answers = [correct(lcs, number) for _ in range(2)]
    assert [(each["record-id"], each["version"]) for each in answers] == [(number, "2"), (number, "3")]
    assert int(filed(lcs)) == int(number) + 1


def test_a_first_filing_and_a_task_say_no_version(lcs: Pair) -> None:
    first = lcs.exchange(reference := fresh(), form_set(reference))
    assert list(first) == ["", "reference", "record-id", "document-id", "manifest-sha256", "filed-at"]
    raised = lcs.exchange(reference := fresh(), {f"{reference}.xml": task(reference)})
    assert list(raised) == ["", "reference", "record-id", "manifest-sha256", "filed-at"]


@pytest.mark.parametrize("reason", ["wrong_young_person", "entered_twice", "entered_in_error"])
def test_a_withdrawal_marks_every_version_and_keeps_all_of_it(lcs: Pair, reason: str) -> None:
    number = filed(lcs)
    correct(lcs, number)
    before = lcs.instance.versions(number)
    manifest = withdrawal(reference := fresh(), number, reason=reason)
    answer = lcs.exchange(reference, {f"{reference}.xml": manifest})
    assert list(answer) == ["", "reference", "record-id", "withdrawn-at", "manifest-sha256", "filed-at"]
    assert (answer[""], answer["record-id"]) == ("acknowledgement", number)
    assert NOW.fullmatch(answer["withdrawn-at"]) and NOW.fullmatch(answer["filed-at"])
    assert answer["manifest-sha256"] == hashlib.sha256(manifest).hexdigest()
    after = lcs.instance.versions(number)
    marks = [one.withdrawal for one in after]
    assert [(mark.reference, mark.reason, mark.withdrawn_at) for mark in marks if mark] == [
        (reference, reason, answer["withdrawn-at"])
    ] * 2
    assert [replace(one, withdrawal=None) for one in after] == before
    assert all(one.document_path and one.document_path.exists() for one in after)
    assert lcs.instance.withdrawals()[-1] == marks[0]
    assert lcs.instance.filed(reference) == []
    assert (lcs.instance.root / "archive" / f"{reference}.done").exists()
    assert list((lcs.instance.root / "inbox").glob(f"{reference}*")) == []


@pytest.mark.parametrize("number", ["1", "", "X", "9" * 40, "-1"])
def test_a_number_lcs_never_gave_is_unknown(lcs: Pair, number: str) -> None:
    assert refused(correct(lcs, number), "UNKNOWN_RECORD")
    assert refused(withdraw(lcs, number), "UNKNOWN_RECORD")


def test_a_number_is_text(lcs: Pair) -> None:
    number = filed(lcs)
    for written in (f"0{number}", f" {number}", f"{number}.0"):
        assert refused(correct(lcs, written), "UNKNOWN_RECORD")
        assert refused(withdraw(lcs, written), "UNKNOWN_RECORD")
    assert len(lcs.instance.versions(number)) == 1


def test_a_record_of_another_person_is_unknown(lcs: Pair) -> None:
    number = filed(lcs)
    other = person("STK0000533")
    assert refused(correct(lcs, number, **other), "UNKNOWN_RECORD")
    assert refused(withdraw(lcs, number, person="STK0000533"), "UNKNOWN_RECORD")
    assert lcs.instance.versions(number)[-1].withdrawal is None


def test_a_record_of_another_form_type_is_unknown_to_a_correction(lcs: Pair) -> None:
    number = filed(lcs)
    assert refused(correct(lcs, number, type="4107", answers=""), "UNKNOWN_RECORD")
    assert withdraw(lcs, number)["record-id"] == number


def test_a_task_is_no_record_to_correct_or_withdraw(lcs: Pair) -> None:
    number = lcs.exchange(reference := fresh(), {f"{reference}.xml": task(reference)})["record-id"]
    assert refused(correct(lcs, number), "UNKNOWN_RECORD")
    assert refused(withdraw(lcs, number), "UNKNOWN_RECORD")


def test_what_is_withdrawn_stays_withdrawn(lcs: Pair) -> None:
    number = filed(lcs)
    withdraw(lcs, number)
    marks = lcs.instance.withdrawals()
    assert refused(correct(lcs, number), "RECORD_WITHDRAWN", record_id=number)
    assert refused(withdraw(lcs, number, reason="entered_twice"), "RECORD_WITHDRAWN", record_id=number)
    assert refused(withdraw(lcs, number, person="STK0000533"), "UNKNOWN_RECORD")
    assert (len(lcs.instance.versions(number)), lcs.instance.withdrawals()) == (1, marks)


def test_a_reference_is_accepted_once_whatever_it_was_for(lcs: Pair) -> None:
    number, other = filed(lcs), filed(lcs)
    lcs.exchange(corrected := fresh(), correction_set(corrected, number))
    withdrawn = fresh()
    lcs.exchange(withdrawn, {f"{withdrawn}.xml": withdrawal(withdrawn, number)})
    for reference in (corrected, withdrawn):
        for again in (
            form_set(reference),
            correction_set(reference, other),
            {f"{reference}.xml": withdrawal(reference, other)},
            {f"{reference}.xml": withdrawal(reference, number, authority="E08000006")},
        ):
            assert refused(lcs.exchange(reference, again), "DUPLICATE_FILE", record_id=number)
    assert len(lcs.instance.versions(other)) == 1
    assert lcs.instance.versions(other)[0].withdrawal is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"authority": "E08000006"}, "WRONG_AUTHORITY"),
        (person("NOBODY"), "PERSON_NOT_FOUND"),
        (person("STK0000417", "<date-of-birth>2011-03-03</date-of-birth>"), "DOB_MISMATCH"),
        ({"type": "0"}, "UNKNOWN_FORM_CODE"),
        ({"answers": '<answer no="other">x</answer>'}, "UNKNOWN_ANSWER_CODE"),
        ({"doc": "PHOTO"}, "UNKNOWN_DOC_TYPE"),
    ],
)
def test_a_correction_is_checked_as_any_form_before_its_record_is(
    lcs: Pair, changes: dict[str, str], code: str
) -> None:
    assert correct(lcs, "1", **changes)["code"] == code


def test_a_correction_stops_at_a_merge_and_at_a_closed_referral(lcs: Pair) -> None:
    number, before = filed(lcs), lcs.instance.authority.people["STK0000417"]
    for changed, code in (
        (replace(before, merged_to="STK0000533"), "PERSON_MERGED"),
        (replace(before, referral="none"), "NO_OPEN_REFERRAL"),
    ):
        lcs.instance.set_person(changed)
        answer = correct(lcs, number)
        lcs.instance.set_person(before)
        assert answer["code"] == code
    assert len(lcs.instance.versions(number)) == 1


@pytest.mark.parametrize(
    "became",
    [{"merged_to": "STK0000533"}, {"referral": "none"}, {"client": False}, {"dob_estimated": True}],
    ids=lambda became: next(iter(became)),
)
def test_nothing_that_became_of_the_person_stands_in_the_way_of_a_withdrawal(
    lcs: Pair, became: dict[str, object]
) -> None:
    number, before = filed(lcs), lcs.instance.authority.people["STK0000417"]
    lcs.instance.set_person(replace(before, **became))
    answer = withdraw(lcs, number)
    lcs.instance.set_person(before)
    assert (answer[""], answer["record-id"]) == ("acknowledgement", number)


def test_a_withdrawal_is_checked_for_authority_and_person_before_its_record(lcs: Pair) -> None:
    assert refused(withdraw(lcs, "1", authority="E08000006", person="NOBODY"), "WRONG_AUTHORITY")
    assert refused(withdraw(lcs, "1", person="NOBODY"), "PERSON_NOT_FOUND")


BAD_WITHDRAWALS: dict[str, Callable[[bytes], bytes]] = {
    "another reason": lambda good: good.replace(b"wrong_young_person", b"no_longer_wanted"),
    "no reason": lambda good: good.replace(b' reason="wrong_young_person"', b""),
    "no number": lambda good: re.sub(rb' record-id="\d+"', b"", good),
    "words": lambda good: good.replace(b"/></exchange>", b">because</withdraw></exchange>"),
    "an unknown attribute": lambda good: good.replace(b" reason=", b' urgent="yes" reason='),
    "no withdraw": lambda good: re.sub(rb"<withdraw .*?/>", b"", good),
    "two of them": lambda good: re.sub(rb"(<withdraw .*?/>)", rb"\1\1", good),
    "a date of birth": lambda good: good.replace(b"</person>", b"<date-of-birth>2011-03-02</date-of-birth></person>"),
    "an age": lambda good: good.replace(b"</person>", b'<age as-at="2026-09-14">15</age></person>'),
    "no person": lambda good: re.sub(rb"<person>.*</person>", b"", good),
    "a task": lambda good: good.replace(
        b"<withdraw ",
        b'<task type="REVIEW" due-on="2026-12-14" assign-to="CSE-TEAM"><title>Review due</title></task><withdraw ',
    ),
    "a form": lambda good: good.replace(
        b"<withdraw ", b'<form type="9001" completed-on="2026-09-14" restricted="no"/><withdraw '
    ),
    "a document": lambda good: good.replace(b"<withdraw ", b'<document file="x" type="WISEASM" title="x"/><withdraw '),
    "a replaces": lambda good: good.replace(b"<person>", b'<replaces record-id="1"/><person>'),
    "another kind": lambda good: good.replace(b'kind="withdrawal"', b'kind="task"'),
}


@pytest.mark.parametrize("spoil", BAD_WITHDRAWALS.values(), ids=BAD_WITHDRAWALS.keys())
def test_a_withdrawal_not_as_agreed_is_a_bad_manifest(lcs: Pair, spoil: Callable[[bytes], bytes]) -> None:
    number, reference = filed(lcs), fresh()
    good = withdrawal(reference, number)
    assert (spoilt := spoil(good)) != good
    assert lcs.exchange(reference, {f"{reference}.xml": spoilt})["code"] == "BAD_MANIFEST"
    assert lcs.exchange(reference, {f"{reference}.xml": good})["record-id"] == number


BAD_CORRECTIONS: dict[str, Callable[[bytes], bytes]] = {
    "after the person": lambda good: re.sub(rb"(<replaces .*?/>)(<person>.*</person>)", rb"\2\1", good),
    "before the authority": lambda good: re.sub(rb"(<authority>.*\n)(<replaces .*?/>)", rb"\2\1", good),
    "no number": lambda good: re.sub(rb' record-id="\d+"', b"", good),
    "a reason": lambda good: good.replace(b"<replaces ", b'<replaces reason="entered_twice" '),
    "words": lambda good: re.sub(rb"<replaces (.*?)/>", rb"<replaces \1>900417</replaces>", good),
    "two of them": lambda good: re.sub(rb"(<replaces .*?/>)", rb"\1\1", good),
}


@pytest.mark.parametrize("spoil", BAD_CORRECTIONS.values(), ids=BAD_CORRECTIONS.keys())
def test_a_correction_not_as_agreed_is_a_bad_manifest(lcs: Pair, spoil: Callable[[bytes], bytes]) -> None:
    number = filed(lcs)
    files = correction_set(reference := fresh(), number)
    name = f"{reference}.xml"
    assert (spoilt := spoil(files[name])) != files[name]
    assert lcs.exchange(reference, files | {name: spoilt})["code"] == "BAD_MANIFEST"
    assert lcs.exchange(reference, files)["version"] == "2"


def test_a_task_corrects_nothing(lcs: Pair) -> None:
    reference = fresh()
    manifest = task(reference).replace(b"<person>", f'<replaces record-id="{filed(lcs)}"/><person>'.encode())
    assert lcs.exchange(reference, {f"{reference}.xml": manifest})["code"] == "BAD_MANIFEST"


def test_a_withdrawal_comes_without_a_document(lcs: Pair) -> None:
    number, reference = filed(lcs), fresh()
    files = {f"{reference}.xml": withdrawal(reference, number), f"{reference}.pdf": PDF}
    assert lcs.exchange(reference, files)["code"] == "CHECKSUM_MISMATCH"
    assert lcs.instance.versions(number)[0].withdrawal is None


def test_a_withdrawal_whose_sum_differs_is_refused_before_anything_is_looked_up(lcs: Pair) -> None:
    reference = fresh()
    files = {f"{reference}.xml": withdrawal(reference, "1", person="NOBODY")}
    answer = lcs.exchange(reference, files, marker({f"{reference}.xml": b"other"}))
    assert answer["code"] == "CHECKSUM_MISMATCH"


def test_a_correction_without_a_pdf_leaves_the_record_as_it_was(lcs: Pair) -> None:
    number, reference = filed(lcs), fresh()
    files = correction_set(reference, number) | {f"{reference}.pdf": b"GIF89a"}
    assert lcs.exchange(reference, files)["code"] == "DOC_REJECTED"
    assert len(lcs.instance.versions(number)) == 1


def test_withheld_and_late_answers_go_for_withdrawals_too(lcs: Pair, quiet: LcsInstance) -> None:
    number, reference = filed(lcs), fresh()
    quiet.withhold_answers = True
    files = {f"{reference}.xml": withdrawal(reference, number)}
    lcs.client.send(reference, files)
    until((quiet.root / "archive" / f"{reference}.done").exists)
    until(lambda: quiet.versions(number)[0].withdrawal)
    assert not list((quiet.root / "outbox").glob(f"{reference}.*"))
    quiet.withhold_answers = False
    assert lcs.answer(reference)["record-id"] == number


@pytest.mark.parametrize("step", ["tidy", "answer"])
def test_a_failed_step_is_done_again_without_a_second_version_or_withdrawal(
    tmp_path: Path, key: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = threading.Semaphore(0)

    def fail(*_: object) -> None:
        failures.release()
        raise OSError("simulated crash")

    with simulator(tmp_path, key) as first:
        there = pair(first, key)
        corrected, withdrawn = filed(there), filed(there)
        monkeypatch.setattr(there.instance.importer.mailbox, step, fail)
        there.client.send(one := fresh(), correction_set(one, corrected))
        there.client.send(two := fresh(), {f"{two}.xml": withdrawal(two, withdrawn)})
        assert all(failures.acquire(timeout=5) for _ in range(6))
        assert not there.instance.refusals()
    with simulator(tmp_path, key) as second:
        here = pair(second, key)
        assert (here.answer(one)["version"], here.answer(two)["record-id"]) == ("2", withdrawn)
        assert len(here.instance.versions(corrected)) == 2
        assert [mark.record_id for mark in here.instance.withdrawals()] == [withdrawn]
        assert not here.instance.refusals()


def test_numbers_versions_and_withdrawals_outlive_the_process(tmp_path: Path, key: Path) -> None:
    with simulator(tmp_path, key) as first:
        there = pair(first, key)
        number = filed(there)
        correct(there, number)
        withdraw(there, number)
        before = there.instance.filed()
    with simulator(tmp_path, key) as second:
        here = pair(second, key)
        assert here.instance.filed() == before
        assert refused(withdraw(here, number), "RECORD_WITHDRAWN", record_id=number)
        assert int(filed(here)) == int(number) + 1


def test_data_of_a_simulator_that_knew_no_versions_is_not_mistaken(tmp_path: Path, key: Path) -> None:
    (tmp_path / "stockport").mkdir()
    with sqlite3.connect(tmp_path / "stockport" / "state.sqlite3") as old:
        old.execute(
            "CREATE TABLE record (reference TEXT PRIMARY KEY, record_id INTEGER, document_id INTEGER, body TEXT)"
        )
    old.close()
    with pytest.raises(ValueError, match="older simulator"):
        simulator(tmp_path, key)


def answer_text(lcs: Pair, words: str, number: str | None = None) -> dict[str, str]:
    answers = f'<answer no="selfText">{words}</answer>'
    if number:
        return correct(lcs, number, answers=answers)
    return lcs.exchange(reference := fresh(), form_set(reference, answers=answers))


def test_the_pages_show_the_newest_version_and_lead_to_the_earlier(lcs: Pair) -> None:
    first = answer_text(lcs, "words of the first")
    second = answer_text(lcs, "words of the second", number := first["record-id"])
    shown, _ = page(lcs, f"stockport/records/{number}")
    assert "words of the second" in shown and "words of the first" not in shown
    assert f"/stockport/records/{number}/versions/1" in shown and "Versions: 2" in shown
    earlier, _ = page(lcs, f"stockport/records/{number}/versions/1")
    assert "words of the first" in earlier and "This is an earlier version" in earlier
    assert page(lcs, f"stockport/documents/{first['document-id']}.pdf")[0].encode() == PDF
    assert page(lcs, f"stockport/documents/{second['document-id']}.pdf")[0].encode() == NEW_PDF
    assert page(lcs, "stockport/")[0].count(f'/stockport/records/{number}"') == 1


def test_the_ordinary_pages_show_nothing_of_a_withdrawn_record(lcs: Pair) -> None:
    first = answer_text(lcs, "words of the first")
    second = answer_text(lcs, "words of the second", number := first["record-id"])
    withdraw(lcs, number)
    overview, _ = page(lcs, "stockport/")
    assert f"<s>{number}</s>" in overview and "Withdrawn: wrong young person" in overview
    assert f"documents/{first['document-id']}" not in overview and f"documents/{second['document-id']}" not in overview
    for path in (f"records/{number}", f"records/{number}/versions/1", f"records/{number}/versions/2"):
        shown, _ = page(lcs, f"stockport/{path}")
        assert "Withdrawn: wrong young person" in shown and f"<s>Record {number}</s>" in shown
        assert "words of" not in shown and "STK0000417" not in shown and "bold" not in shown
    for answer in (first, second):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            page(lcs, f"stockport/documents/{answer['document-id']}.pdf")


def test_those_who_answer_for_the_records_still_see_a_withdrawn_one(lcs: Pair) -> None:
    first = answer_text(lcs, "words of the first")
    answer_text(lcs, "words of the second", number := first["record-id"])
    withdraw(lcs, number)
    kept, _ = page(lcs, f"stockport/kept/records/{number}")
    assert "words of the second" in kept and "Withdrawn: wrong young person" in kept
    assert f"/stockport/documents/{first['document-id']}" not in kept
    assert "words of the first" in page(lcs, f"stockport/kept/records/{number}/versions/1")[0]
    assert page(lcs, f"stockport/kept/documents/{first['document-id']}.pdf")[0].encode() == PDF


def test_only_what_was_withdrawn_is_among_the_kept(lcs: Pair) -> None:
    first = answer_text(lcs, "words")
    for path in (
        f"kept/records/{first['record-id']}",
        f"kept/documents/{first['document-id']}.pdf",
        f"records/{first['record-id']}/versions/2",
        "kept/records/1",
    ):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            page(lcs, f"stockport/{path}")


def test_a_refused_withdrawal_says_why_on_the_page(lcs: Pair) -> None:
    number = filed(lcs)
    withdraw(lcs, number)
    withdraw(lcs, number)
    shown, _ = page(lcs, "stockport/")
    assert "RECORD_WITHDRAWN" in shown and f"Record {number} is withdrawn" in shown


def test_programs_can_read_versions_and_withdrawals(lcs: Pair) -> None:
    number = filed(lcs)
    correct(lcs, number)
    withdraw(lcs, number, reason="entered_twice")
    held = json.loads(page(lcs, "stockport/records.json")[0])
    mark = asdict(lcs.instance.withdrawals()[-1])
    assert held["withdrawals"][-1] == mark and mark["reason"] == "entered_twice"
    versions = [each for each in held["records"] if each["record_id"] == number]
    assert [(each["version"], each["withdrawal"]) for each in versions] == [(1, mark), (2, mark)]

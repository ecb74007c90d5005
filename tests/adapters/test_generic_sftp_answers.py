"""Answers of a file exchange: half written, hostile, and what each code means."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest

from service.adapters.generic_sftp.answers import LIMIT, reader
from service.adapters.generic_sftp.reasons import LOCKED_SECONDS, REASONS
from service.domain.delivery import Reason
from service.errors import NeedsHuman, NothingSent
from service.ports import Receipt
from tests.conformance.world import MARKER, assert_silent

SHA, OTHER = "a" * 64, "b" * 64
FORMATS = ("json", "csv")
FILED = {
    "kind": "acknowledgement",
    "version": "1",
    "reference": "WB-1",
    "recordNumber": "700052",
    "recordVersion": "1",
    "documentNumber": "81017",
    "documentSha256": OTHER,
    "manifestSha256": SHA,
    "filedAt": "2026-09-16T10:14:02Z",
}
EVIDENCE = {"manifest_sha256": SHA, "document_sha256": OTHER, "filed_at": "2026-09-16T10:14:02Z"}
REFUSED = {"kind": "rejection", "version": "1", "reference": "WB-1", "code": "PERSON_MERGED"}
Fields = dict[str, str]


def as_json(fields: Fields) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode()


def as_csv(fields: Fields) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([("name", "value"), *fields.items(), ("end", "")])
    return text.getvalue().encode()


SPELLED: dict[str, Callable[[Fields], bytes]] = {"json": as_json, "csv": as_csv}


def changed(fields: Fields, **changes: str | None) -> Fields:
    """None takes a field out."""
    return {name: value for name, value in (fields | changes).items() if value is not None}


def acknowledged(form: str, data: bytes) -> Receipt | None:
    return reader(form).acknowledgement(data, "WB-1")


def problem(form: str, data: bytes, kind: str = "acknowledgement") -> NeedsHuman:
    with pytest.raises(NeedsHuman) as caught:
        getattr(reader(form), kind)(data, "WB-1")
    assert_silent(caught.value)
    return caught.value


@pytest.mark.parametrize("form", FORMATS)
class TestReceipts:
    def test_a_receipt_has_numbers_digests_and_times(self, form: str) -> None:
        assert acknowledged(form, SPELLED[form](FILED)) == Receipt("700052", "81017", EVIDENCE)

    def test_a_later_version_is_evidence_and_a_first_is_not(self, form: str) -> None:
        receipt = acknowledged(form, SPELLED[form](changed(FILED, recordVersion="3", answersSha256=OTHER)))
        assert receipt == Receipt("700052", "81017", {**EVIDENCE, "answers_sha256": OTHER, "version": "3"})

    def test_a_withdrawal_and_a_task_have_no_document(self, form: str) -> None:
        bare = changed(FILED, recordVersion=None, documentNumber=None, documentSha256=None)
        task = acknowledged(form, SPELLED[form](bare))
        gone = acknowledged(form, SPELLED[form](changed(bare, withdrawnAt="2026-09-17T08:00:00Z")))
        assert task
        assert gone
        assert (task.document_number, gone.evidence["withdrawn_at"]) == (None, "2026-09-17T08:00:00Z")

    def test_wherever_it_is_cut_short_it_is_still_being_written(self, form: str) -> None:
        whole = SPELLED[form](FILED)
        for end in range(len(whole)):
            assert acknowledged(form, whole[:end]) is None, end

    @pytest.mark.parametrize(
        "changes",
        [
            *({"version": "2"}, {"kind": "rejection"}, {"kind": None}, {"manifestSha256": "A" * 64}),
            *({"recordNumber": f"{MARKER} and more"}, {"recordNumber": ""}, {"recordNumber": None}),
            *({"filedAt": "yesterday"}, {"filedAt": None}, {"recordVersion": "0"}, {"recordVersion": None}),
            *({"documentNumber": None}, {"documentSha256": None}, {"withdrawnAt": "2026-09-17T08:00:00Z"}),
            *({"code": "PERSON_MERGED"}, {MARKER: "1"}, {"end": "1"}, {"answersSha256": MARKER}),
        ],
    )
    def test_anything_else_is_for_a_person(self, form: str, changes: dict[str, str | None]) -> None:
        found = problem(form, SPELLED[form](changed(FILED, **changes)))
        assert found.reason is Reason.UNEXPECTED_ANSWER

    def test_another_reference_is_a_contradiction(self, form: str) -> None:
        for kind, fields in (("acknowledgement", FILED), ("rejection", REFUSED)):
            data = SPELLED[form](changed(fields, reference="WB-2"))
            assert problem(form, data, kind).reason is Reason.CONTRADICTION

    def test_what_is_no_answer_at_all_is_for_a_person(self, form: str) -> None:
        whole = SPELLED[form](FILED)
        for data in (b"<html>Sign in", b"\xff\xfe", b"\xef\xbb\xbf" + whole, whole + b" " * LIMIT, b"\x00" + whole):
            assert problem(form, data).reason is Reason.UNEXPECTED_ANSWER


class TestSpelling:
    @pytest.mark.parametrize(
        "text",
        [
            *('["kind"]', '"kind"', "1", "null", '{"kind": "a", "kind": "b"}', '{"kind": 1}', '{"kind": {"a": "b"}}'),
            *('{"kind": "a"} {"kind": "b"}', '{"kind": NaN}', '{"a":' * 20_000 + "1" + "}" * 20_000),
        ],
    )
    def test_json_is_one_flat_object_of_texts(self, text: str) -> None:
        assert problem("json", text.encode()).reason is Reason.UNEXPECTED_ANSWER

    @pytest.mark.parametrize(
        "text",
        [
            *("name,value\nend,\n", "name;value\r\nend;\r\n", "kind,a\r\nend,\r\n"),
            *("name,value\r\nkind\r\nend,\r\n", "name,value\r\nkind,a,b\r\nend,\r\n"),
            *('name,value\r\nkind,"a"b\r\nend,\r\n', 'name,value\r\nkind,"a\r\nend,\r\n'),
            *("name,value\r\nkind,a\r\nkind,b\r\nend,\r\n", "name,value\r\nend,\r\nend,\r\n"),
        ],
    )
    def test_csv_is_records_of_two_fields_under_their_header(self, text: str) -> None:
        assert problem("csv", text.encode()).reason is Reason.UNEXPECTED_ANSWER


class TestRefusals:
    @pytest.mark.parametrize("form", FORMATS)
    def test_every_code_has_its_reason_and_no_other_text_goes_on(self, form: str) -> None:
        for code, reason in REASONS.items():
            found = reader(form).rejection(SPELLED[form](changed(REFUSED, code=code, detail=MARKER)), "WB-1")
            assert isinstance(found, NeedsHuman | NothingSent)
            assert (found.reason, found.note) == (reason, code)
            assert_silent(found)
        stranger = reader(form).rejection(SPELLED[form](changed(REFUSED, code=MARKER)), "WB-1")
        assert isinstance(stranger, NeedsHuman)
        assert stranger.reason is Reason.UNEXPECTED_ANSWER
        assert_silent(stranger)

    @pytest.mark.parametrize(
        ("code", "detail", "reason"),
        [
            ("CONTENT", "MANIFEST", Reason.UNEXPECTED_ANSWER),
            ("CONTENT", "CHECKSUM", Reason.CONTRADICTION),
            ("CONTENT", "TOO_LONG", Reason.CONTENT_REFUSED),
            ("DOCUMENT", "EMPTY", Reason.DOCUMENT_REFUSED),
            ("VIRUS", "CHECKSUM", Reason.DOCUMENT_REFUSED),
        ],
    )
    def test_a_detail_of_the_page_says_who_can_mend_it(self, code: str, detail: str, reason: Reason) -> None:
        found = reader("json").rejection(as_json(changed(REFUSED, code=code, detail=detail)), "WB-1")
        assert isinstance(found, NeedsHuman)
        assert found.reason is reason

    def test_a_lock_is_only_a_reason_to_come_back(self) -> None:
        data = as_json(changed(REFUSED, code="LOCKED", lockedUntil="2099-01-01T00:00:00Z"))
        found = reader("json").rejection(data, "WB-1")
        assert isinstance(found, NothingSent)
        assert (found.reason, found.retry_after) == (Reason.LOCKED, LOCKED_SECONDS)

    def test_the_very_same_set_twice_is_a_receipt_for_the_first(self) -> None:
        again = changed(REFUSED, code="DUPLICATE", recordNumber="700052", acceptedManifestSha256=SHA)
        same = reader("json").rejection(as_json(changed(again, manifestSha256=SHA)), "WB-1")
        assert same == Receipt("700052", None, {"manifest_sha256": SHA})
        for other in ({"manifestSha256": OTHER}, {"manifestSha256": SHA, "recordNumber": None}, {}):
            found = reader("json").rejection(as_json(changed(again, **other)), "WB-1")
            assert isinstance(found, NeedsHuman)
            assert found.reason is Reason.CONTRADICTION

    def test_a_refusal_that_is_no_answer_is_for_a_person(self) -> None:
        for changes in ({"code": None}, {MARKER: "1"}, {"manifestSha256": MARKER}, {"detail": "x" * 251}):
            data = as_json(changed(REFUSED, **changes))
            assert problem("json", data, "rejection").reason is Reason.UNEXPECTED_ANSWER
        assert reader("json").rejection(as_json(REFUSED)[:-1], "WB-1") is None

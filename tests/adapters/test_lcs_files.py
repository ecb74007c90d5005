"""The LCS connector's files without a network: manifests, answers, and the order of looking."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import pytest
from lxml import etree

from service.adapters.lcs.answers import LIMIT, read_acknowledgement, read_rejection
from service.adapters.lcs.manifest import form_set, task_set
from service.adapters.lcs.reasons import REASONS
from service.adapters.lcs.schema import SCHEMA
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Answer, Document, Filing, PersonReference, Receipt, ReviewTask
from tests.conformance.world import MARKER, PDF, assert_silent

SHA = "a" * 64
TARGET = {"form": "4107", "document_type": "WISEASM"}
FILING = Filing(
    reference="WB-1",
    authority="E08000007",
    record_type="wise_assessment",
    person=PersonReference("STK0000417", date(2011, 3, 2), 15, date(2026, 9, 14)),
    completed_on=date(2026, 9, 14),
    restricted=True,
    answers=(Answer("wiseOwnWords", 1, "“A <good> day & more”\r\nnext"), Answer("wiseCompletedDay", None, "14")),
    document=Document("x.pdf", "WISE “title”", PDF),
)
MANIFEST = (
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    '<exchange version="1" kind="form"><reference>WB-1</reference><authority>E08000007</authority>'
    "<person><person-id>STK0000417</person-id><date-of-birth>2011-03-02</date-of-birth>"
    '<age as-at="2026-09-14">15</age></person>'
    '<form type="4107" completed-on="2026-09-14" restricted="yes">'
    '<answer no="wiseOwnWords" row="1">“A &lt;good&gt; day &amp; more”\nnext</answer>'
    '<answer no="wiseCompletedDay">14</answer></form>'
    '<document file="WB-1.pdf" type="WISEASM" title="WISE “title”" /></exchange>'
)


def with_answer(value: str) -> Filing:
    return replace(FILING, answers=(Answer("wiseOwnWords", 1, value),))


class TestManifest:
    def test_the_bytes_are_these_and_always_these(self) -> None:
        first, second = form_set(FILING, TARGET), form_set(replace(FILING), dict(reversed(TARGET.items())))
        assert first.files["WB-1.xml"].decode() == MANIFEST
        assert first.files == second.files
        assert first.marker == second.marker

    def test_the_marker_lists_every_file_with_its_digest(self) -> None:
        files = form_set(FILING, TARGET)
        lines = [f"{hashlib.sha256(files.files[name]).hexdigest()}  {name}\n" for name in ("WB-1.xml", "WB-1.pdf")]
        assert files.marker.decode() == "".join(lines)
        assert files.proof["manifest_sha256"] == lines[0][:64]

    def test_a_task_says_nothing_but_the_id(self) -> None:
        task = ReviewTask("WB-2", "E08000007", "007", date(2026, 12, 14))
        files = task_set(task, {"type": "REVIEW", "assign_to": "CSE-TEAM"})
        root = etree.fromstring(files.files["WB-2.xml"])
        assert list(files.files) == ["WB-2.xml"]
        assert [element.tag for element in root.iter()] == [
            *("exchange", "reference", "authority", "person", "person-id", "task", "title")
        ]
        assert root.find("task").attrib == {"type": "REVIEW", "due-on": "2026-12-14", "assign-to": "CSE-TEAM"}

    @pytest.mark.parametrize("code", [0x0, 0xB, 0x1F, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF])
    def test_a_character_xml_cannot_write_stops_the_delivery(self, code: int) -> None:
        with pytest.raises(NeedsHuman) as caught:
            form_set(with_answer(MARKER + chr(code)), TARGET)
        assert caught.value.reason is Reason.CONTENT_REFUSED
        assert_silent(caught.value)

    @pytest.mark.parametrize("text", ["\t", "\u0085", "\ufeff", "\u2028", "\ue000", "\ufffd", "😀", "]]>", "&#0;"])
    def test_every_other_character_arrives(self, text: str) -> None:
        root = etree.fromstring(form_set(with_answer(f"a{text}b"), TARGET).files["WB-1.xml"])
        assert root.find("form/answer").text == f"a{text}b"

    @pytest.mark.parametrize("reference", ["", "wb-1", "-WB", "WB/../1", "WB-1\n", "W" * 41])
    def test_a_reference_that_is_no_file_name_is_refused(self, reference: str) -> None:
        with pytest.raises(NeedsHuman):
            form_set(replace(FILING, reference=reference), TARGET)

    def test_the_schema_names_what_is_secret(self) -> None:
        assert [name for name, setting in SCHEMA.connection.items() if setting.secret] == ["private_key"]


def acknowledgement(**changes: str) -> bytes:
    values = {"reference": "WB-1", "record-id": "900417", "document-id": "77812", "manifest-sha256": SHA}
    values = {
        **values,
        "filed-at": "2026-09-16T10:14:02Z",
        **{name.replace("_", "-"): v for name, v in changes.items()},
    }
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in values.items() if value)
    return f'<?xml version="1.0"?>\n<acknowledgement version="1">\n{inner}</acknowledgement>'.encode()


def rejection(code: str, reference: str = "WB-1") -> bytes:
    return f'<rejection version="1"><reference>{reference}</reference><code>{code}</code></rejection>'.encode()


HOSTILE = {
    "not xml": b"<html>Sign in",
    "nothing": b"",
    "another root": rejection("PERSON_MERGED"),
    "another version": acknowledgement().replace(b'version="1">\n<r', b'version="2">\n<r'),
    "dtd": acknowledgement().replace(b"\n<ack", b"<!DOCTYPE x>\n<ack"),
    "entity": acknowledgement().replace(b"\n<ack", b'<!DOCTYPE x [<!ENTITY e "9">]>\n<ack').replace(b"900417", b"&e;"),
    "undeclared entity": acknowledgement(record_id="&e;"),
    "too deep": acknowledgement(record_id="<b>1</b>"),
    "twice": acknowledgement(record_id="1</record-id><record-id>2"),
    "too large": acknowledgement() + b" " * LIMIT,
    "unknown encoding": acknowledgement().replace(b'"1.0"', b'"1.0" encoding="klingon"'),
    "nul": acknowledgement() + b"\x00",
    "words for a number": acknowledgement(record_id=MARKER + " and more"),
    "no number": acknowledgement(record_id=""),
    "bad digest": acknowledgement(manifest_sha256="A" * 64),
    "bad time": acknowledgement(filed_at="yesterday"),
    "bad document": acknowledgement(document_id="<![CDATA[ ; ]]>"),
}


class TestAnswers:
    def test_a_receipt(self) -> None:
        evidence = {"manifest_sha256": SHA, "filed_at": "2026-09-16T10:14:02Z"}
        assert read_acknowledgement(acknowledgement(), "WB-1") == Receipt("900417", "77812", evidence)
        assert read_acknowledgement(acknowledgement(document_id=""), "WB-1").document_number is None

    @pytest.mark.parametrize("name", HOSTILE)
    def test_anything_else_is_for_a_person(self, name: str) -> None:
        with pytest.raises(NeedsHuman) as caught:
            read_acknowledgement(HOSTILE[name], "WB-1")
        assert caught.value.reason is Reason.UNEXPECTED_ANSWER
        assert_silent(caught.value)

    def test_another_reference_is_a_contradiction(self) -> None:
        for read, data in (
            (read_acknowledgement, acknowledgement(reference="WB-2")),
            (read_rejection, rejection("PERSON_MERGED", "WB-2")),
        ):
            with pytest.raises(NeedsHuman) as caught:
                read(data, "WB-1")
            assert caught.value.reason is Reason.CONTRADICTION

    def test_every_code_has_its_reason_and_no_other_text_goes_on(self) -> None:
        for code, reason in REASONS.items():
            problem = read_rejection(rejection(code), "WB-1")
            assert (problem.reason, problem.note) == (reason, code)
        stranger = read_rejection(rejection(MARKER), "WB-1")
        assert stranger.reason is Reason.UNEXPECTED_ANSWER
        assert_silent(stranger)

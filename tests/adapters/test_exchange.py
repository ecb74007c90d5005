"""What every exchange of file sets does alike, on a folder whose clock is a counter: looking, and handing over."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from service.adapters.sftp import Folder, Found
from service.adapters.shared.digests import sha256
from service.adapters.shared.exchange import (
    FileSet,
    Layout,
    Reader,
    Refused,
    earlier,
    hand_over,
    legal_text,
    require_reference,
    sealed,
)
from service.adapters.shared.exchange.desk import of_this_set
from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent, OutcomeUnknown
from service.ports import Absent, Awaiting, Receipt
from tests.conformance.world import MARKER, assert_silent, reason_given

LAYOUT = Layout("in", "archive", "out", "out/collected")
FILES = sealed("WB-1", "WB-1.xml", b"<manifest/>", {"WB-1.pdf": b"%PDF-"}, document_sha256=sha256(b"%PDF-"))
OURS = FILES.proof["manifest_sha256"].encode()


def acknowledged(data: bytes, _reference: str) -> Receipt | None:
    """An acknowledgement here is the digests of the manifest and the document, or of the manifest alone.

    One that ends with a line end names no document.
    """
    digests, document = data.decode().split(), None if data.endswith(b"\n") else "81017"
    return Receipt("900417", document, dict(zip(FILES.proof, digests, strict=False))) if data else None


def rejected(data: bytes, _reference: str) -> DeliveryProblem | Receipt | None:
    """A rejection here is a reason's name, or the digest of a manifest that was taken before."""
    if not data:
        return None
    if len(data) == 64:
        return Receipt("900417", None, {"manifest_sha256": data.decode()})
    problem = NothingSent if data == b"locked" else NeedsHuman
    return problem(Reason(data.decode()))


READER = Reader(100, acknowledged, rejected)


class MemoryFolder:
    """An exchange folder whose clock is a counter."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[int, bytes]] = {}
        self.folders = {"in", "archive", "out", "out/collected"}
        self.fail: str | None = None
        self.now, self.ticking = 100, 0

    def add(self, path: str, written: int, content: bytes = b"x") -> MemoryFolder:
        self.files[path] = (written, content)
        return self

    def find(self, path: str) -> Found | None:
        found = self.files.get(path)
        return Found(len(found[1]), found[0]) if found else None

    def is_folder(self, path: str) -> bool:
        return path in self.folders

    def read(self, path: str, limit: int) -> bytes | None:
        found = self.files.get(path)
        return found[1][: limit + 1] if found else None

    def put(self, path: str, content: bytes) -> Found:
        self._break(path)
        self.add(path, self.now, content)
        self.now += self.ticking
        return Found(len(content), self.files[path][0])

    def rename(self, before: str, after: str) -> None:
        self._break(after)
        self.files[after] = self.files.pop(before)

    def _break(self, path: str) -> None:
        if path == self.fail:
            raise OSError(MARKER)


def look(folder: MemoryFolder) -> Any:
    return earlier(folder, LAYOUT, READER, "WB-1")  # type: ignore[arg-type]


def hand(folder: MemoryFolder, files: FileSet = FILES, after: int = -1) -> None:
    hand_over(folder, files, "in", after=after)  # type: ignore[arg-type]


class ShortDisk:
    """An SFTP session on a disk that is full and does not say so."""

    def putfo(self, _file: Any, _path: str, *, confirm: bool) -> None:
        assert not confirm

    def stat(self, _path: str) -> Any:
        return SimpleNamespace(st_size=1, st_mtime=1)


def test_a_short_file_is_not_taken_for_a_whole_one() -> None:
    folder = Folder(ShortDisk())  # type: ignore[arg-type]
    assert folder.put("in/x", b"1").size == 1
    with pytest.raises(OSError, match="short"):
        folder.put("in/x", b"12")


class TestLooking:
    def test_nothing_waiting_and_picked_up(self) -> None:
        assert look(MemoryFolder()) == Absent()
        assert look(MemoryFolder().add("in/WB-1.xml", 1)) == Absent()
        assert look(MemoryFolder().add("in/WB-1.done", 1)) == Awaiting()
        assert look(MemoryFolder().add("archive/WB-1.done", 1)) == Awaiting()

    @pytest.mark.parametrize("gone", ["in", "archive", "out", "out/collected"])
    def test_without_its_folders_nothing_is_absent(self, gone: str) -> None:
        folder = MemoryFolder()
        folder.folders.discard(gone)
        with pytest.raises(NothingSent):
            look(folder)

    def test_an_acknowledgement_counts_wherever_it_is_and_is_collected(self) -> None:
        folder = MemoryFolder().add("out/WB-1.ack", 2, OURS).add("archive/WB-1.done", 1)
        assert look(folder).record_number == look(folder).record_number == "900417"
        assert "out/collected/WB-1.ack" in folder.files

    def test_an_acknowledgement_that_cannot_be_moved_still_counts(self) -> None:
        folder = MemoryFolder().add("out/WB-1.ack", 2, OURS)
        folder.fail = "out/collected/WB-1.ack"
        assert look(folder).record_number == look(folder).record_number == "900417"

    def test_an_acknowledgement_is_compared_with_the_marker_we_sent(self) -> None:
        folder = MemoryFolder().add("archive/WB-1.done", 1, FILES.marker).add("out/WB-1.ack", 2, OURS)
        assert look(folder).record_number == "900417"
        for other in (b"e" * 64, OURS + b" " + b"e" * 64):
            folder.add("out/WB-1.ack", 2, other)
            assert reason_given(lambda: look(folder)) is Reason.CONTRADICTION
            assert "out/WB-1.ack" in folder.files

    def test_a_record_without_the_document_we_sent_is_not_finished(self) -> None:
        folder = MemoryFolder().add("archive/WB-1.done", 1, FILES.marker).add("out/WB-1.ack", 2, OURS + b"\n")
        assert reason_given(lambda: look(folder)) is Reason.CONTRADICTION
        alone = sealed("WB-1", "WB-1.xml", b"<manifest/>", {})
        assert look(folder.add("archive/WB-1.done", 1, alone.marker)).document_number is None

    def test_a_set_that_was_taken_before_is_compared_with_the_marker_too(self) -> None:
        folder = MemoryFolder().add("archive/WB-1.done", 1, FILES.marker).add("out/WB-1.rej", 2, b"e" * 64)
        assert reason_given(lambda: look(folder)) is Reason.CONTRADICTION
        assert "out/WB-1.rej" in folder.files
        assert look(folder.add("out/WB-1.rej", 2, OURS)).record_number == "900417"

    @pytest.mark.parametrize("ending", ["ack", "rej"])
    def test_an_answer_that_is_still_being_written_is_awaited_where_it_is(self, ending: str) -> None:
        folder = MemoryFolder().add("archive/WB-1.done", 1).add(f"out/WB-1.{ending}", 2, b"")
        assert look(folder) == Awaiting()
        assert f"out/WB-1.{ending}" in folder.files

    def test_a_refusal_answers_only_the_set_before_it(self) -> None:
        folder = MemoryFolder().add("archive/WB-1.done", 5).add("out/WB-1.rej", 5, b"person_merged")
        unread, read = look(folder), look(folder)
        assert isinstance(unread, Refused)
        assert isinstance(read, Refused)
        assert (unread.collected, read.collected) == (False, True)
        folder.add("in/WB-1.done", 7)
        assert look(folder) == Awaiting()
        folder.add("archive/WB-1.done", 7)
        del folder.files["in/WB-1.done"]
        assert look(folder) == Awaiting()
        folder.add("out/WB-1.rej", 8, b"dob_mismatch")
        assert look(folder).problem.reason is Reason.DOB_MISMATCH
        assert look(folder).problem.reason is Reason.DOB_MISMATCH


class TestHandingOver:
    def test_the_marker_names_every_file_and_goes_last(self) -> None:
        folder = MemoryFolder()
        hand(folder)
        assert list(folder.files) == ["in/WB-1.xml", "in/WB-1.pdf", "in/WB-1.done"]
        lines = f"{sha256(b'<manifest/>')}  WB-1.xml\n{sha256(b'%PDF-')}  WB-1.pdf\n"
        assert folder.files["in/WB-1.done"][1].decode() == lines

    def test_a_new_marker_is_younger_than_the_refusal_before_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("service.adapters.shared.exchange.handing_over.MARKER_PAUSE", 0)
        folder = MemoryFolder()
        with pytest.raises(NothingSent):
            hand(folder, after=100)
        assert look(folder) == Absent()
        folder.ticking = 1
        folder.now = 95
        hand(folder, after=100)
        assert folder.files["in/WB-1.done"][0] == 101

    def test_only_the_markers_rename_can_leave_a_doubt(self) -> None:
        for place in [f"in/WB-1.{end}" for end in ("xml.tmp", "xml", "pdf.tmp", "pdf", "done.tmp")]:
            folder = MemoryFolder()
            folder.fail = place
            with pytest.raises(OSError, match=MARKER):
                hand(folder)
            assert look(folder) == Absent()
        folder = MemoryFolder()
        folder.fail = "in/WB-1.done"
        with pytest.raises(OutcomeUnknown) as caught:
            hand(folder)
        assert_silent(caught.value)
        folder.fail = None
        hand(folder)
        assert look(folder) == Awaiting()

    @pytest.mark.parametrize("reference", ["", "wb-1", "-WB", "WB/../1", "WB-1\n", "W" * 41])
    def test_a_reference_that_is_no_file_name_is_refused(self, reference: str) -> None:
        assert reason_given(lambda: require_reference(reference)) is Reason.CONTENT_REFUSED

    @pytest.mark.parametrize("code", [0x0, 0xB, 0x1F, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF])
    def test_a_character_no_manifest_can_carry_stops_the_delivery(self, code: int) -> None:
        assert reason_given(lambda: legal_text(MARKER + chr(code))) is Reason.CONTENT_REFUSED

    def test_line_ends_are_one_kind_and_nothing_else_changes(self) -> None:
        assert legal_text("a\r\nb\rc\n\t\u0085😀") == "a\nb\nc\n\t\u0085😀"


class TestReceipts:
    def test_evidence_that_is_not_of_this_set_is_a_contradiction(self) -> None:
        good = {"manifest_sha256": FILES.proof["manifest_sha256"], "filed_at": "2026-09-16T10:14:02Z"}
        receipt = Receipt("1", None, {**good, "document_sha256": FILES.proof["document_sha256"]})
        assert of_this_set(receipt, FILES) == receipt
        assert of_this_set(Receipt("1", None, good), FILES)
        for name in ("manifest_sha256", "document_sha256"):
            other = Receipt("1", None, {**good, name: "e" * 64})
            assert reason_given(lambda other=other: of_this_set(other, FILES)) is Reason.CONTRADICTION

    def test_a_receipt_for_another_record_than_was_to_be_changed_is_a_contradiction(self) -> None:
        receipt = Receipt("1", None, dict(FILES.proof))
        assert of_this_set(receipt, replace(FILES, changes="1")) == receipt
        assert reason_given(lambda: of_this_set(receipt, replace(FILES, changes="2"))) is Reason.CONTRADICTION

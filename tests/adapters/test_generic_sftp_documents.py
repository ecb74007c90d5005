"""A document system that takes files over SFTP, on OpenSSH's own server; the tests play the document system."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from service.adapters.generic_sftp.documents import SftpDocuments, document_set
from service.adapters.sftp import Folder
from service.adapters.shared.digests import sha256
from service.adapters.shared.link import Link
from service.domain.delivery import Reason
from service.errors import ConfigurationFault, NothingSent, OutcomeUnknown
from service.ports import Container, FiledDocument, Filing, Standing
from service.usecases.hand_over import put_on_file
from tests.adapters.test_generic_sftp_connector import FILING
from tests.conformance.test_generic_sftp import GenericSftpWorld, exchange
from tests.conformance.world import MARKER, PDF, assert_silent, reason_given
from tests.support.openssh import OpenSsh, openssh

TARGET = {"document_type": "ASSESSMENT"}
FILED = FiledDocument("WB-1", sha256(PDF))
NOWHERE = Container("900417")


@pytest.fixture(scope="module")
def server() -> Iterator[OpenSsh]:
    with openssh("in", "archive") as running:
        yield running


@pytest.fixture(autouse=True)
def emptied(server: OpenSsh) -> None:
    for path in server.root.glob("*/*"):
        path.unlink()


def documents(server: OpenSsh, **changes: str) -> SftpDocuments:
    targets = {"wise_assessment": {**TARGET, "document_sub_type": "WISE"}}
    return SftpDocuments(Link({**server.connection(), **changes}, targets, {}), seconds=20)


def names(server: OpenSsh) -> list[str]:
    return sorted(str(path.relative_to(server.root)) for path in server.root.glob("*/*"))


def taken(server: OpenSsh) -> None:
    """The document system has read what there is."""
    (server.root / "in/WB-1.json").rename(server.root / "archive/WB-1.json")
    (server.root / "in/WB-1.pdf").unlink()


def test_a_document_arrives_with_its_index(server: OpenSsh) -> None:
    assert documents(server).file_document(FILING, NOWHERE) == FILED
    assert names(server) == ["in/WB-1.json", "in/WB-1.pdf"]
    assert (server.root / "in/WB-1.pdf").read_bytes() == PDF
    assert json.loads((server.root / "in/WB-1.json").read_bytes()) == {
        "version": "1",
        "authority": "E08000007",
        "childId": "0040211",
        "recordType": "wise_assessment",
        "completedOn": "2026-09-14",
        "restricted": True,
        "documentType": "ASSESSMENT",
        "documentSubType": "WISE",
        "replacesRecord": "700052",
        "title": "WISE “title”",
        "file": "WB-1.pdf",
        "size": len(PDF),
        "reference": "WB-1",
        "sha256": sha256(PDF),
    }


def test_what_need_not_be_said_is_left_out() -> None:
    index = json.loads(document_set(replace(FILING, replaces=None), TARGET).marker)
    assert {"replacesRecord", "documentSubType"} & index.keys() == set()


def test_it_is_put_there_once_whether_it_waits_or_was_taken(server: OpenSsh) -> None:
    sink = documents(server)
    sink.file_document(FILING, NOWHERE)
    before = (server.root / "in/WB-1.pdf").stat().st_mtime_ns
    assert sink.file_document(FILING, NOWHERE) == FILED
    assert (server.root / "in/WB-1.pdf").stat().st_mtime_ns == before
    taken(server)
    assert sink.file_document(FILING, NOWHERE) == FILED
    assert names(server) == ["archive/WB-1.json"]


@pytest.mark.parametrize("found", [b"", b"[]", b"{", b'{"sha256": 1}', b'{"reference": "WB-1", "sha256": "e"}'])
def test_anything_else_under_our_reference_is_for_a_person(server: OpenSsh, found: bytes) -> None:
    for place in ("in", "archive"):
        path = server.root / place / "WB-1.json"
        path.write_bytes(found)
        assert reason_given(lambda: documents(server).file_document(FILING, NOWHERE)) is Reason.CONTRADICTION
        path.unlink()
    assert names(server) == []


def test_another_document_under_our_reference_is_for_a_person(server: OpenSsh) -> None:
    documents(server).file_document(FILING, NOWHERE)
    for change in (
        {"document": replace(FILING.document, content=PDF + MARKER.encode())},
        {"person": replace(FILING.person, child_id="0040299")},
        {"restricted": False},
    ):
        other = replace(FILING, **change)
        assert reason_given(lambda it=other: documents(server).file_document(it, NOWHERE)) is Reason.CONTRADICTION
    assert (server.root / "in/WB-1.pdf").read_bytes() == PDF


def test_without_its_folders_nothing_is_sent(server: OpenSsh) -> None:
    for name in ("in_folder", "archive_folder"):
        with pytest.raises(NothingSent) as caught:
            documents(server, **{name: "unmounted"}).file_document(FILING, NOWHERE)
        assert caught.value.reason is Reason.UNAVAILABLE
    assert names(server) == []


@contextmanager
def failing(at: str, *, done: bool) -> Iterator[None]:
    """The connection ends at the rename onto this name, before or after it was done."""
    rename: Callable[[Folder, str, str], None] = Folder.rename

    def broken(folder: Folder, before: str, after: str) -> None:
        if after != at or done:
            rename(folder, before, after)
        if after == at:
            raise OSError(MARKER)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Folder, "rename", broken)
        yield


def test_a_connection_that_ends_before_the_index_had_no_effect(server: OpenSsh) -> None:
    with failing("in/WB-1.pdf", done=False), pytest.raises(NothingSent) as caught:
        documents(server).file_document(FILING, NOWHERE)
    assert_silent(caught.value)
    assert documents(server).file_document(FILING, NOWHERE) == FILED
    assert names(server) == ["in/WB-1.json", "in/WB-1.pdf"]


@pytest.mark.parametrize("done", [True, False])
def test_a_connection_that_ends_at_the_index_leaves_a_doubt_and_one_document(server: OpenSsh, *, done: bool) -> None:
    with failing("in/WB-1.json", done=done), pytest.raises(OutcomeUnknown) as caught:
        documents(server).file_document(FILING, NOWHERE)
    assert_silent(caught.value)
    if done:
        taken(server)
    assert documents(server).file_document(FILING, NOWHERE) == FILED
    assert names(server) == (["archive/WB-1.json"] if done else ["in/WB-1.json", "in/WB-1.pdf"])


@pytest.mark.parametrize("change", [{"reference": "../WB-1"}, {"replaces": "\ud800"}])
def test_what_cannot_be_carried_stops_it(server: OpenSsh, change: dict[str, Any]) -> None:
    filing = replace(FILING, **change)
    assert reason_given(lambda: documents(server).file_document(filing, NOWHERE)) is Reason.CONTENT_REFUSED
    other: Filing = replace(FILING, record_type="nwg_assessment")
    assert reason_given(lambda: documents(server).file_document(other, NOWHERE)) is Reason.MAPPING_INCOMPLETE
    assert names(server) == []


def test_a_check_says_whether_the_folders_are_there(server: OpenSsh) -> None:
    assert [each.standing for each in documents(server).check()] == [Standing.GOOD]
    (found,) = documents(server, in_folder="elsewhere").check()
    assert (found.standing, "folder_missing" in found.detail) == (Standing.WRONG, True)


def test_wrong_settings_are_told_together_without_a_value(server: OpenSsh) -> None:
    with pytest.raises(ConfigurationFault) as caught:
        documents(server, port="SECRETMARK", archive_folder="SECRETMARK/")
    assert {fault.field for fault in caught.value.faults} == {"port", "archive_folder"}
    assert "SECRETMARK" not in str(caught.value)
    assert "key" not in repr(documents(server)).lower()


def test_a_record_goes_into_one_system_and_its_document_into_another(server: OpenSsh, tmp_path: Path) -> None:
    with exchange(tmp_path, "json", "csv") as world:
        world.system = world.connected(documents_here=False)
        filing = world.filing("WB-1")
        put_on_file(filing, world.system, documents(server))
        assert world.settled("WB-1").document_number is None
        assert _answers_without_document(world)
        assert names(server) == ["in/WB-1.json", "in/WB-1.pdf"]


def _answers_without_document(world: GenericSftpWorld) -> bool:
    (record,) = world.simulator.records("WB-1")
    return record.document is None and MARKER in [answer.value for answer in record.answers]

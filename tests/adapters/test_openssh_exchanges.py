"""Both file exchanges against OpenSSH's own server; a few lines here play the importer on the other side."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from service.adapters.generic_sftp.system import GenericSftpCaseSystem
from service.adapters.lcs.system import LcsCaseSystem
from service.adapters.shared.digests import sha256
from service.adapters.shared.exchange import Layout
from service.adapters.shared.link import Link
from service.domain.delivery import Reason
from service.ports import Absent, Awaiting, CaseSystem, Receipt, Standing
from tests.adapters.test_generic_sftp_connector import FILING, RETRACTION, TASK
from tests.conformance.test_generic_sftp import STRANGER
from tests.conformance.world import PDF, file, reason_given
from tests.support.openssh import OpenSsh, openssh

FILED_AT = "2026-09-16T10:14:02Z"
TARGETS = {"wise_assessment": {"form": "WISE", "document_type": "WISEASM"}}


@dataclass(frozen=True)
class Exchanging:
    """One kind of exchange: the connector, its folders, and how its importer writes an answer."""

    layout: Layout
    manifest: str
    connect: Callable[[dict[str, str]], CaseSystem]
    accepts: Callable[[str, str, bytes], bytes]
    refuses: Callable[[str], bytes]


def generic(connection: dict[str, str]) -> CaseSystem:
    formats = {"manifest": "csv", "answers": "json"}
    return GenericSftpCaseSystem(Link({**connection, **formats}, TARGETS, {"team": "REVIEW"}), seconds=20)


def generic_accepts(reference: str, manifest_sha256: str, document: bytes) -> bytes:
    fields = {"kind": "acknowledgement", "version": "1", "reference": reference, "recordNumber": "700052"}
    fields |= {"recordVersion": "2", "documentNumber": "81017", "documentSha256": sha256(document)}
    return json.dumps({**fields, "manifestSha256": manifest_sha256, "filedAt": FILED_AT}).encode()


def generic_refuses(reference: str) -> bytes:
    return json.dumps({"kind": "rejection", "version": "1", "reference": reference, "code": "PERSON_MERGED"}).encode()


def lcs(connection: dict[str, str]) -> CaseSystem:
    return LcsCaseSystem(Link(connection, TARGETS, {"type": "REVIEW", "assign_to": "CSE-TEAM"}), seconds=20)


def lcs_accepts(reference: str, manifest_sha256: str, _document: bytes) -> bytes:
    fields = {"reference": reference, "record-id": "700052", "document-id": "81017", "version": "2"}
    fields |= {"manifest-sha256": manifest_sha256, "filed-at": FILED_AT}
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f'<acknowledgement version="1">{inner}</acknowledgement>'.encode()


def lcs_refuses(reference: str) -> bytes:
    inner = f"<reference>{reference}</reference><code>PERSON_MERGED</code>"
    return f'<rejection version="1">{inner}</rejection>'.encode()


KINDS = {
    "generic_sftp": Exchanging(
        Layout("in", "archive", "out", "out/collected"), "csv", generic, generic_accepts, generic_refuses
    ),
    "lcs": Exchanging(Layout("inbox", "archive", "outbox", "outbox/collected"), "xml", lcs, lcs_accepts, lcs_refuses),
}


@dataclass(frozen=True)
class Importer:
    """The other side: it reads what was handed over, and answers."""

    server: OpenSsh
    kind: Exchanging

    def waiting(self) -> list[str]:
        return sorted(path.name for path in (self.server.root / self.kind.layout.inbox).iterdir())

    def accept(self, reference: str) -> None:
        manifest, document = (self._checked(f"{reference}.{end}") for end in (self.kind.manifest, "pdf"))
        assert document == PDF
        self._answer(reference, "ack", self.kind.accepts(reference, sha256(manifest), document))

    def refuse(self, reference: str) -> None:
        self._answer(reference, "rej", self.kind.refuses(reference))

    def _checked(self, name: str) -> bytes:
        """A file of the set, if the marker has it as it is."""
        inbox = self.server.root / self.kind.layout.inbox
        content = (inbox / name).read_bytes()
        assert f"{sha256(content)}  {name}\n" in (inbox / name).with_suffix(".done").read_text()
        return content

    def _answer(self, reference: str, ending: str, content: bytes) -> None:
        root, layout = self.server.root, self.kind.layout
        (root / layout.inbox / f"{reference}.done").rename(root / layout.archive / f"{reference}.done")
        for path in (root / layout.inbox).glob(f"{reference}.*"):
            path.unlink()
        (root / layout.outbox / f"{reference}.tmp").write_bytes(content)
        (root / layout.outbox / f"{reference}.tmp").rename(root / layout.outbox / f"{reference}.{ending}")


@contextmanager
def importing(name: str) -> Iterator[Importer]:
    kind = KINDS[name]
    with openssh(*vars(kind.layout).values()) as server:
        yield Importer(server, kind)


@pytest.fixture(params=list(KINDS))
def importer(request: pytest.FixtureRequest) -> Iterator[Importer]:
    with importing(request.param) as made:
        yield made


def connected(importer: Importer, **changes: Any) -> CaseSystem:
    return importer.kind.connect({**importer.server.connection(), **changes})


def test_a_set_is_handed_over_whole_and_found_at_every_stage(importer: Importer) -> None:
    system, kind = connected(importer), importer.kind
    assert [each.standing for each in system.check()] == [Standing.GOOD, Standing.NOT_ASKED]
    assert system.look_up("WB-1") == Absent()
    assert file(system, FILING) == system.look_up("WB-1") == Awaiting()
    assert importer.waiting() == sorted(["WB-1.done", "WB-1.pdf", f"WB-1.{kind.manifest}"])
    importer.accept("WB-1")
    receipt = system.look_up("WB-1")
    assert isinstance(receipt, Receipt)
    assert (receipt.record_number, receipt.document_number, receipt.evidence["version"]) == ("700052", "81017", "2")
    assert (importer.server.root / kind.layout.collected / "WB-1.ack").exists()
    assert receipt == system.look_up("WB-1") == file(system, FILING)
    assert importer.waiting() == []


def test_a_task_and_a_withdrawal_are_handed_over_without_a_document(importer: Importer) -> None:
    system, end = connected(importer), importer.kind.manifest
    assert system.raise_task(TASK) == system.retract(RETRACTION) == Awaiting()
    assert importer.waiting() == sorted([f"WB-2.{end}", "WB-2.done", f"WB-9.{end}", "WB-9.done"])


def test_a_refusal_is_read_once_and_the_next_set_has_a_younger_marker(importer: Importer) -> None:
    """OpenSSH gives whole seconds, and keeps a file's time when it is renamed."""
    system, layout = connected(importer), importer.kind.layout
    file(system, FILING)
    importer.refuse("WB-1")
    assert reason_given(lambda: file(system, FILING)) is Reason.PERSON_MERGED
    assert file(system, FILING) == system.look_up("WB-1") == Awaiting()
    root = importer.server.root
    refused, marker = root / layout.collected / "WB-1.rej", root / layout.inbox / "WB-1.done"
    assert int(marker.stat().st_mtime) > int(refused.stat().st_mtime)
    importer.accept("WB-1")
    assert isinstance(system.look_up("WB-1"), Receipt)


def test_an_answer_for_another_manifest_is_a_contradiction(importer: Importer) -> None:
    system, layout = connected(importer), importer.kind.layout
    file(system, FILING)
    importer.accept("WB-1")
    answer = importer.server.root / layout.outbox / "WB-1.ack"
    answer.write_bytes(importer.kind.accepts("WB-1", "e" * 64, PDF))
    assert reason_given(lambda: system.look_up("WB-1")) is Reason.CONTRADICTION
    assert answer.exists()


def test_another_host_key_gets_nothing_and_a_confirmed_one_goes_on(importer: Importer) -> None:
    """The server came back with a key that the profile does not have; then somebody confirmed it."""
    file(connected(importer), FILING)
    before = connected(importer, host_keys=STRANGER.get_fingerprint())
    for call in (lambda: file(before, FILING), lambda: before.look_up("WB-1"), lambda: before.raise_task(TASK)):
        assert reason_given(call) is Reason.HOST_KEY_CHANGED
    assert [each.standing for each in before.check()] == [Standing.WRONG, Standing.NOT_ASKED]
    assert len(importer.waiting()) == 3
    importer.accept("WB-1")
    both = f"{STRANGER.get_fingerprint()},{importer.server.host_key}"
    assert isinstance(connected(importer, host_keys=both).look_up("WB-1"), Receipt)


def test_a_share_that_is_not_there_is_no_absence(importer: Importer) -> None:
    system, root = connected(importer), importer.server.root
    file(system, FILING)
    importer.accept("WB-1")
    (root / importer.kind.layout.archive).rename(root / "away")
    (root / importer.kind.layout.outbox).rename(root / "gone")
    found = system.check()[0]
    assert (found.standing, "folder_missing" in found.detail) == (Standing.WRONG, True)

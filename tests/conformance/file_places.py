"""The sample that exchanges files, with its documents in a system of their own, as shipped, and in its sets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, ClassVar

import asyncssh

from service.ports import Answer
from simulators.filedrop import FileDropSimulator, Record
from simulators.filedrop.world import FORMS
from tests.conformance.places import Held, Place
from tests.support.openssh import openssh

OURS = asyncssh.generate_private_key("ssh-ed25519")


class FilesWithDocuments(Place):
    """The sample without its section `documents`: they go with the sets."""

    sample = "generic_sftp"
    child_id = "0040211"
    needs_document: ClassVar[bool] = True

    @contextmanager
    def running(self) -> Iterator[FileDropSimulator]:
        keys, forms = self.folder / "keys", self.folder / "forms.yaml"
        OURS.write_public_key(str(keys))
        OURS.write_private_key(str(self.folder / "key"))
        needed = f"needs_document: {str(self.needs_document).lower()}"
        forms.write_text(FORMS.read_text("utf-8").replace("needs_document: true", needed), "utf-8")
        with FileDropSimulator(
            self.folder / "data", keys, manifest="csv", answers="json", forms=forms, poll_seconds=0.02
        ) as self.simulator:
            yield self.simulator

    def own(self) -> Mapping[str, Any]:
        key = f"file:{self.folder / 'key'}"
        here = {"host": "127.0.0.1", "port": self.simulator.port, "user": self.simulator.user, "private_key": key}
        return {"connection": here, "documents": None}

    def addresses(self) -> list[tuple[str, int]]:
        return [("sftp", self.simulator.port)]

    def environ(self) -> Mapping[str, str]:
        return {"SAMPLE_SFTP_HOST_KEY": self.simulator.host_key_fingerprint}

    def forms(self, reference: str) -> list[Held]:
        return [_held(each) for each in self._of("form", reference)]

    def trays(self, reference: str) -> list[Mapping[str, str | int]]:
        return [{"team": each.team or ""} for each in self._of("task", reference)]

    def withdrawn(self, reference: str) -> list[str]:
        return [each.number for each in self._of("withdrawal", reference)]

    def _of(self, kind: str, reference: str) -> list[Record]:
        return [each for each in self.simulator.records(reference) if each.kind == kind]


def _held(record: Record) -> Held:
    """A correction is the next version under the number it had."""
    file, target = record.document, {"form": record.form or ""}
    held = Held(
        number=record.number,
        child_id=record.child_id,
        target=target,
        restricted=record.restricted,
        answers=tuple(Answer(each.question, each.row, each.value) for each in record.answers),
        corrects=record.number if record.version > 1 else None,
    )
    if file is None:
        return held
    kept = {**target, "document_type": file.type}
    return replace(held, target=kept, document_number=file.number, document=file.content, title=file.title)


class FilesAndDocuments(FilesWithDocuments):
    """As shipped. Nobody takes the documents out of the intake: there they lie as they were put."""

    needs_document = False
    unsaid = frozenset({"document_type"})

    @contextmanager
    def running(self) -> Iterator[FileDropSimulator]:
        with openssh("in", "archive") as self.intake, super().running() as simulator:
            (self.folder / "documents-key").write_text(self.intake.private_key)
            yield simulator

    def own(self) -> Mapping[str, Any]:
        there = {"host": self.intake.host, "port": self.intake.port, "user": self.intake.user}
        connection = {**there, "private_key": f"file:{self.folder / 'documents-key'}"}
        return {**super().own(), "documents": {"connection": connection}}

    def addresses(self) -> list[tuple[str, int]]:
        return [*super().addresses(), ("sftp", self.intake.port)]

    def environ(self) -> Mapping[str, str]:
        return {**super().environ(), "SAMPLE_DOCUMENTS_HOST_KEY": self.intake.host_key}

    def document(self, reference: str) -> tuple[bytes, str, bool]:
        there = self.intake.root / "in"
        index = json.loads((there / f"{reference}.json").read_bytes())
        assert index["documentType"] == self.profile.documents.target["document_type"]
        return (there / f"{reference}.pdf").read_bytes(), index["title"], index["restricted"]

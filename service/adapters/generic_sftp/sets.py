"""The sets that are handed over: a manifest in the format agreed, and the document where there is one."""

from __future__ import annotations

from dataclasses import replace

from service.adapters.generic_sftp.manifest import (
    Manifest,
    form_manifest,
    task_manifest,
    withdrawal_manifest,
)
from service.adapters.generic_sftp.spelling import SPELLINGS
from service.adapters.shared.digests import canonical_sha256, sha256
from service.adapters.shared.exchange import FileSet, sealed
from service.adapters.shared.link import Settings
from service.ports import Answer, Filing, Retraction, ReviewTask


def form_set(filing: Filing, target: Settings, form: str, *, with_document: bool) -> FileSet:
    """The set of a record; `form` is the manifest's format. A receipt may name no other document or answers."""
    manifest = form_manifest(filing, target, with_document=with_document)
    proof = {"answers_sha256": answers_sha256(manifest.answers or ())}
    others: dict[str, bytes] = {}
    if with_document:
        others[f"{filing.reference}.pdf"] = filing.document.content
        proof["document_sha256"] = sha256(filing.document.content)
    return replace(_sealed(filing.reference, manifest, form, others, proof), changes=filing.replaces)


def task_set(task: ReviewTask, settings: Settings, form: str) -> FileSet:
    """The set of a review task: a manifest alone."""
    return _sealed(task.reference, task_manifest(task, settings), form, {}, {})


def withdrawal_set(retraction: Retraction, form: str) -> FileSet:
    """The set that withdraws a record: a manifest alone."""
    made = _sealed(retraction.reference, withdrawal_manifest(retraction), form, {}, {})
    return replace(made, changes=retraction.record_number)


def answers_sha256(answers: tuple[Answer, ...]) -> str:
    """As the target reckons it from what it stored."""
    return canonical_sha256([{"question": each.code, "row": each.row, "value": each.value} for each in answers])


def _sealed(reference: str, manifest: Manifest, form: str, others: dict[str, bytes], proof: dict[str, str]) -> FileSet:
    return sealed(reference, f"{reference}.{form}", SPELLINGS[form](manifest), others, **proof)

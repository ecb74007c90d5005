"""What is sent, built from a filing, a task or a withdrawal: pure, and the same on every attempt."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from service.adapters.shared.digests import canonical_sha256, sha256
from service.adapters.shared.link import Settings
from service.adapters.shared.texts import REVIEW_DUE, legal, withdrawal_words
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Filing, Retraction, ReviewTask

Item = dict[str, Any]
DIGEST = "content_sha256"


def record_item(filing: Filing, target: Settings, *, documents_here: bool) -> Item:
    """A record, with its document where it is kept here."""
    person = filing.person
    item: Item = {
        "kind": "record",
        "reference": filing.reference,
        "authority": filing.authority,
        "record_type": filing.record_type,
        "form": str(target["form"]),
        "child_id": legal(person.child_id),
        "date_of_birth": person.date_of_birth.isoformat() if person.date_of_birth else None,
        "age": person.age,
        "age_as_at": person.age_as_at.isoformat(),
        "completed_on": filing.completed_on.isoformat(),
        "restricted": filing.restricted,
        "replaces": filing.replaces,
        "answers": [{"code": each.code, "row": each.row, "value": legal(each.value)} for each in filing.answers],
        "document": None,
    }
    if not documents_here:
        return _sealed(item, None)
    if not filing.document.content:
        raise NeedsHuman(Reason.DOCUMENT_REFUSED, "empty")
    return _sealed(item, _document(filing, target))


def task_item(task: ReviewTask, target: Settings) -> Item:
    """A review that is due; its words are always the same."""
    return _sealed(
        {
            "kind": "review_task",
            "reference": task.reference,
            "authority": task.authority,
            "task": str(target["task_kind"]),
            "team": str(target["team"]),
            "child_id": legal(task.child_id),
            "due_on": task.due_on.isoformat(),
            "text": REVIEW_DUE,
        }
    )


def withdrawal_item(retraction: Retraction) -> Item:
    """A record to take off the file, and why in fixed words."""
    return _sealed(
        {
            "kind": "withdrawal",
            "reference": retraction.reference,
            "authority": retraction.authority,
            "child_id": legal(retraction.child_id),
            "number": retraction.record_number,
            "text": withdrawal_words(retraction),
        }
    )


def _document(filing: Filing, target: Settings) -> Item:
    return {
        "name": filing.document.name,
        "title": legal(filing.document.title),
        "type": str(target["document_type"]),
        "sha256": sha256(filing.document.content),
        "content": b64encode(filing.document.content).decode("ascii"),
    }


def _sealed(item: Item, document: Item | None = None) -> Item:
    """With the digest of everything in it; a document counts by its own."""
    digest = canonical_sha256(item | {"document": document["sha256"]} if document else item)
    return item | ({"document": document} if document else {}) | {DIGEST: digest}

"""What a set says, whatever format it is spelled in. Pure, and the same for the same delivery on every attempt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.adapters.shared.digests import sha256
from service.adapters.shared.exchange import legal_text, require_reference
from service.adapters.shared.identity import require_identity
from service.adapters.shared.link import Settings
from service.adapters.shared.texts import REVIEW_DUE
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Answer, Filing, PersonReference, Retraction, ReviewTask

Fields = Mapping[str, str | int | bool]

VERSION = "1"
WITHDRAWAL_REASONS = frozenset({"wrong_young_person", "entered_twice", "entered_in_error"})
"""As the exchange spells them, which is as we do. Another word would be refused there as a broken manifest."""
ID_LIMIT, TITLE_LIMIT = 40, 250


@dataclass(frozen=True, repr=False)
class Manifest:
    """The fields of each part, in the order of the protocol page; `answers` is None where there can be none."""

    exchange: Fields
    parts: Mapping[str, Fields]
    answers: tuple[Answer, ...] | None = None


def form_manifest(filing: Filing, target: Settings, *, with_document: bool) -> Manifest:
    """A record. A correction also names the record it corrects."""
    form = {"type": target["form"], "completedOn": filing.completed_on.isoformat(), "restricted": filing.restricted}
    parts: dict[str, Fields] = {"person": _person(filing.person)}
    if filing.replaces is not None:
        parts["replaces"] = _legal({"recordNumber": filing.replaces})
    parts["form"] = _legal(form)
    if with_document:
        parts["document"] = _document(filing, target)
    answers = tuple(Answer(legal_text(each.code), each.row, legal_text(each.value)) for each in filing.answers)
    return Manifest(_exchange("form", filing.reference, filing.authority), parts, answers)


def task_manifest(task: ReviewTask, settings: Settings) -> Manifest:
    """A review that is due: it says nothing about the young person but the id."""
    fields = {"team": settings["team"], "dueOn": task.due_on.isoformat(), "title": REVIEW_DUE}
    parts = {"person": _id_only(task.child_id), "task": _legal(fields)}
    return Manifest(_exchange("task", task.reference, task.authority), parts)


def withdrawal_manifest(retraction: Retraction) -> Manifest:
    """A record to be taken off the file, by its number and a code for the reason."""
    if retraction.reason not in WITHDRAWAL_REASONS:
        raise NeedsHuman(Reason.MAPPING_INCOMPLETE, "withdrawal_reason")
    fields = {"recordNumber": retraction.record_number, "reason": retraction.reason}
    parts = {"person": _id_only(retraction.child_id), "withdraw": _legal(fields)}
    return Manifest(_exchange("withdrawal", retraction.reference, retraction.authority), parts)


def _exchange(kind: str, reference: str, authority: str) -> Fields:
    require_reference(reference)
    return _legal({"version": VERSION, "kind": kind, "reference": reference, "authority": authority})


def _person(person: PersonReference) -> Fields:
    require_identity(person)
    fields = dict(_id_only(person.child_id))
    if person.date_of_birth is not None:
        fields["dateOfBirth"] = person.date_of_birth.isoformat()
    if person.age is not None:
        fields |= {"age": person.age, "ageAsAt": person.age_as_at.isoformat()}
    return fields


def _id_only(child_id: str) -> Fields:
    if not 0 < len(child_id) <= ID_LIMIT:
        raise NeedsHuman(Reason.CONTENT_REFUSED, "child_id_length")
    return _legal({"childId": child_id})


def _document(filing: Filing, target: Settings) -> Fields:
    document = filing.document
    if not 0 < len(document.title) <= TITLE_LIMIT:
        raise NeedsHuman(Reason.CONTENT_REFUSED, "document_title_length")
    sub_type = {"subType": target["document_sub_type"]} if target.get("document_sub_type") else {}
    named = {"file": f"{filing.reference}.pdf", "type": target["document_type"], **sub_type, "title": document.title}
    return _legal({**named, "size": len(document.content), "sha256": sha256(document.content)})


def _legal(fields: Mapping[str, str | int | bool]) -> Fields:
    return {name: legal_text(value) if isinstance(value, str) else value for name, value in fields.items()}

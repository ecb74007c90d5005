"""Building a set: the manifest and its marker. Pure, and the same bytes for the same delivery on every attempt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from xml.etree import ElementTree as ET

from service.adapters.shared.exchange import FileSet, legal_text, require_reference, sealed
from service.adapters.shared.identity import require_identity
from service.adapters.shared.link import Settings
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Answer, Filing, PersonReference, Retraction, ReviewTask

WITHDRAWAL_REASONS = frozenset({"wrong_young_person", "entered_twice", "entered_in_error"})
"""As the exchange spells them, which is as we do. Another word would be refused there as a broken manifest."""


def form_set(filing: Filing, target: Settings) -> FileSet:
    """The set of a record: manifest and document, without which there is none. A correction names what it corrects."""
    if not filing.document.content:
        raise NeedsHuman(Reason.DOCUMENT_REFUSED, "empty")
    root = _root("form", filing.reference, filing.authority)
    if filing.replaces is not None:
        root.append(_element("replaces", attributes={"record-id": filing.replaces}))
    root.append(_person(filing.person))
    root.append(_form(filing, target))
    attributes = {"file": f"{filing.reference}.pdf", "type": target["document_type"], "title": filing.document.title}
    root.append(_element("document", attributes=attributes))
    files = _set(filing.reference, root, {f"{filing.reference}.pdf": filing.document.content})
    return replace(files, changes=filing.replaces)


def task_set(task: ReviewTask, settings: Settings) -> FileSet:
    """The set of a review task: a manifest alone, which says nothing about the young person but the id."""
    root = _root("task", task.reference, task.authority)
    root.append(_id_only(task.child_id))
    attributes = {"type": settings["type"], "due-on": task.due_on.isoformat(), "assign-to": settings["assign_to"]}
    element = _element("task", attributes=attributes)
    element.append(_element("title", "Review due"))
    root.append(element)
    return _set(task.reference, root, {})


def withdrawal_set(retraction: Retraction) -> FileSet:
    """The set that withdraws a record: a manifest alone, with the id, the record's number and a code."""
    if retraction.reason not in WITHDRAWAL_REASONS:
        raise NeedsHuman(Reason.MAPPING_INCOMPLETE, "withdrawal_reason")
    root = _root("withdrawal", retraction.reference, retraction.authority)
    root.append(_id_only(retraction.child_id))
    attributes = {"record-id": retraction.record_number, "reason": retraction.reason}
    root.append(_element("withdraw", attributes=attributes))
    return replace(_set(retraction.reference, root, {}), changes=retraction.record_number)


def _root(kind: str, reference: str, authority: str) -> ET.Element:
    require_reference(reference)
    root = _element("exchange", attributes={"version": "1", "kind": kind})
    root.append(_element("reference", reference))
    root.append(_element("authority", authority))
    return root


def _person(person: PersonReference) -> ET.Element:
    require_identity(person)
    element = _id_only(person.child_id)
    if person.date_of_birth is not None:
        element.append(_element("date-of-birth", person.date_of_birth.isoformat()))
    if person.age is not None:
        element.append(_element("age", str(person.age), {"as-at": person.age_as_at.isoformat()}))
    return element


def _id_only(child_id: str) -> ET.Element:
    element = _element("person")
    element.append(_element("person-id", child_id))
    return element


def _form(filing: Filing, target: Settings) -> ET.Element:
    restricted = "yes" if filing.restricted else "no"
    attributes = {"type": target["form"], "completed-on": filing.completed_on.isoformat(), "restricted": restricted}
    form = _element("form", attributes=attributes)
    form.extend([_answer(answer) for answer in filing.answers])
    return form


def _answer(answer: Answer) -> ET.Element:
    attributes: dict[str, str | int] = {"no": answer.code}
    if answer.row is not None:
        attributes["row"] = answer.row
    return _element("answer", answer.value, attributes)


def _element(name: str, text: str | None = None, attributes: Settings | None = None) -> ET.Element:
    given = {key: legal_text(str(value)) for key, value in (attributes or {}).items()}
    element = ET.Element(name, given)
    element.text = None if text is None else legal_text(text)
    return element


def _set(reference: str, root: ET.Element, others: Mapping[str, bytes]) -> FileSet:
    manifest: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return sealed(reference, f"{reference}.xml", manifest, others)

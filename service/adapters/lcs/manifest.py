"""Building a set: the manifest and its marker. Pure, and the same bytes for the same delivery on every attempt."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from xml.etree import ElementTree as ET

from service.adapters.shared.identity import require_identity
from service.adapters.shared.link import Settings
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Answer, Filing, PersonReference, Retraction, ReviewTask

_REFERENCE = re.compile(r"^[A-Z0-9][A-Z0-9-]{0,39}\Z")
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

WITHDRAWAL_REASONS = frozenset({"wrong_young_person", "entered_twice", "entered_in_error"})
"""As the exchange spells them, which is as we do. Another word would be refused there as a broken manifest."""


@dataclass(frozen=True, repr=False)
class FileSet:
    """The files of one set under their final names, and the marker that hands them over.

    `changes` is the number of the record there that the set corrects or withdraws; None for something new.
    """

    reference: str
    files: Mapping[str, bytes]
    marker: bytes
    changes: str | None = None

    @property
    def manifest_sha256(self) -> str:
        """The digest that LCS names in its acknowledgement."""
        return hashlib.sha256(self.files[f"{self.reference}.xml"]).hexdigest()


def form_set(filing: Filing, target: Settings) -> FileSet:
    """The set of a record: manifest and document. A correction also names the record it corrects."""
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


def require_reference(reference: str) -> None:
    """References become file names there, so only their own pattern may pass."""
    if not _REFERENCE.match(reference):
        raise NeedsHuman(Reason.CONTENT_REFUSED, "reference")


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
    given = {key: _legal(str(value)) for key, value in (attributes or {}).items()}
    element = ET.Element(name, given)
    element.text = None if text is None else _legal(text)
    return element


def _legal(text: str) -> str:
    """The text as XML can carry it.

    A character XML has no way to write stops the delivery: dropping one would change a young person's words unseen.
    Line ends become LF, as every XML reader would make them anyway.
    """
    if _ILLEGAL.search(text):
        raise NeedsHuman(Reason.CONTENT_REFUSED, "character_not_allowed_in_xml")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _set(reference: str, root: ET.Element, others: Mapping[str, bytes]) -> FileSet:
    manifest: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    files = {f"{reference}.xml": manifest, **others}
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()]
    return FileSet(reference, files, "".join(lines).encode("ascii"))

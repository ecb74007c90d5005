"""Where an authority keeps the rendered records: the section `documents`."""

from __future__ import annotations

from collections.abc import Mapping

from service.adapters.mapping.renderings import DOCUMENT
from service.adapters.mapping.yamlfile import Entry, text
from service.adapters.profiles.entries import nearest, part
from service.adapters.profiles.keys import DOCUMENTS
from service.adapters.profiles.model import Documents, RecordTarget
from service.adapters.profiles.schema import ConnectorSchema
from service.adapters.profiles.settings import read_connection, read_settings

_OURS = ("case_system", "none")


def read_documents(
    entry: Entry | None,
    schema: ConnectorSchema | None,
    sinks: Mapping[str, ConnectorSchema],
    records: Mapping[str, RecordTarget],
) -> Documents:
    """The section, or the case system itself. `sinks` are what each kind of document system asks for."""
    found = part(entry, DOCUMENTS)
    place = found.get("in")
    kept = text(place)
    if place is None or not kept:
        return Documents()
    if kept not in (*_OURS, *sinks):
        known = (*_OURS, *sinks)
        place.fault("There is no such place for documents.", f"{nearest(kept, known)}Known: {', '.join(known)}.")
        return Documents()
    _check(place, kept, schema, records)
    return _elsewhere(place, found, kept, sinks[kept]) if kept in sinks else _plain(found, kept)


def _plain(found: Mapping[str, Entry], kept: str) -> Documents:
    for name in ("connection", "target"):
        if name in found:
            found[name].fault("This goes with a document system of its own.", "Take it out, or name one at 'in:'.")
    return Documents(kept)


def _elsewhere(place: Entry, found: Mapping[str, Entry], kept: str, asked: ConnectorSchema) -> Documents:
    for name, settings in (("connection", asked.connection), ("target", asked.target)):
        if name not in found and any(each.required for each in settings.values()):
            place.fault(f"'documents.{name}' is missing.", f"Add '{name}:' beside 'in:'; {kept} needs it.")
    connection = read_connection(found.get("connection"), asked.connection)
    return Documents(kept, connection, read_settings(found.get("target"), asked.target))


def _check(place: Entry, kept: str, schema: ConnectorSchema | None, records: Mapping[str, RecordTarget]) -> None:
    if schema and not schema.documents_elsewhere and kept != "case_system":
        place.fault(f"A record goes into {schema.kind} with its document or not at all.", "Write in: case_system.")
    if kept != "none":
        return
    for target in records.values():
        rows = [row for row in target.mapping.rows if row.in_document or row.rendering == DOCUMENT]
        if rows:
            place.fault(
                f"{rows[0].entry.place} relies on the document, and none is kept.",
                "Keep documents, or map the whole text into the form.",
            )

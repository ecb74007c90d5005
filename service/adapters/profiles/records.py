"""Which records an authority takes, and what each becomes in its case system."""

from __future__ import annotations

from service.adapters.mapping import Files, MappingFile, load_mapping
from service.adapters.mapping.reading import FOLDER
from service.adapters.mapping.yamlfile import Entry, items, pairs, section, text
from service.adapters.profiles.model import RecordTarget
from service.adapters.profiles.schema import ConnectorSchema
from service.adapters.profiles.settings import read_settings
from service.domain.records import RECORDS


def read_records(files: Files, entry: Entry | None, schema: ConnectorSchema | None) -> dict[str, RecordTarget]:
    """The targets by record type. What has a fault is left out: the loader will not use the rest either."""
    if entry is None:
        return {}
    found = pairs(entry)
    if not found:
        entry.fault("This authority takes no records.", "Name at least one, or take the profile away.")
    targets = {name: _target(files, name, value, schema) for name, value in found}
    return {name: target for name, target in targets.items() if target is not None}


def _target(files: Files, record: str, entry: Entry, schema: ConnectorSchema | None) -> RecordTarget | None:
    if record not in RECORDS:
        entry.fault("There is no such record.", f"Known: {', '.join(RECORDS)}.")
        return None
    found = section(entry, ("label", "mapping", "target"), ("templates",))
    label, mapping = text(found.get("label")), _mapping(files, record, found.get("mapping"))
    target = read_settings(found.get("target"), schema.target) if schema else {}
    templates = tuple(text(item) for item in items(found["templates"])) if "templates" in found else ()
    return None if mapping is None else RecordTarget(label, mapping, target, templates)


def _mapping(files: Files, record: str, entry: Entry | None) -> MappingFile | None:
    name = text(entry)
    if entry is None or not name:
        return None
    if not files.holds(FOLDER, name):
        entry.fault("There is no such file under config/mappings.", "Give its path from there, as lcs/areas.yaml.")
        return None
    mapping = load_mapping(files, name)
    if mapping is not None and mapping.record_type != record:
        entry.fault(f"{name} maps {mapping.record_type}.", f"Name a mapping of {record}.")
    return mapping

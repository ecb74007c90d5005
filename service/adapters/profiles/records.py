"""Which records an authority takes, and what each becomes in its case system."""

from __future__ import annotations

from dataclasses import dataclass, field

from service.adapters.mapping import Files, MappingFile, load_mapping
from service.adapters.mapping.reading import FOLDER
from service.adapters.mapping.yamlfile import Entry, pairs, text
from service.adapters.profiles.entries import nearest, part, value
from service.adapters.profiles.keys import RECORD
from service.adapters.profiles.model import RecordTarget
from service.adapters.profiles.schema import ConnectorSchema
from service.adapters.profiles.settings import read_settings
from service.domain.records import RECORDS

NOT_TAKEN = "not_taken"
"""Instead of a target: takes away what the extended file has."""


@dataclass(frozen=True)
class Mappings:
    """The mappings of a configuration folder, each read and checked once, however many authorities use it."""

    files: Files
    _read: dict[str, MappingFile | None] = field(default_factory=dict)

    def get(self, name: str) -> MappingFile | None:
        """None when it has faults; they are noted by the first to ask."""
        if name not in self._read:
            self._read[name] = load_mapping(self.files, name)
        return self._read[name]


def read_records(mappings: Mappings, entry: Entry | None, schema: ConnectorSchema | None) -> dict[str, RecordTarget]:
    """The targets by record type. What has a fault is left out: the loader will not use the rest either."""
    if entry is None:
        return {}
    found = [(name, target) for name, target in pairs(entry) if target.scalar != NOT_TAKEN or name not in RECORDS]
    if not found:
        entry.fault("This authority takes no records.", "Name at least one, or take the profile away.")
    targets = {name: _target(mappings, name, each, schema) for name, each in found}
    return {name: target for name, target in targets.items() if target is not None}


def _target(mappings: Mappings, record: str, entry: Entry, schema: ConnectorSchema | None) -> RecordTarget | None:
    if record not in RECORDS:
        entry.fault("There is no such record.", f"{nearest(record, RECORDS)}Known: {', '.join(RECORDS)}.")
        return None
    found = part(entry, RECORD)
    label, mapping = text(found.get("label")), _mapping(mappings, record, found.get("mapping"))
    target = read_settings(found.get("target"), schema.target) if schema else {}
    templates = value(found.get("templates"), RECORD["templates"]) or ()
    return None if mapping is None else RecordTarget(label, mapping, target, templates)


def _mapping(mappings: Mappings, record: str, entry: Entry | None) -> MappingFile | None:
    name = text(entry)
    if entry is None or not name:
        return None
    files = mappings.files
    if not files.holds(FOLDER, name):
        there = [path.relative_to(files.root / FOLDER).as_posix() for path in (files.root / FOLDER).rglob("*.yaml")]
        fix = f"{nearest(name, sorted(there))}Give its path from there, as lcs/wise_assessment.yaml."
        entry.fault("There is no such file under config/mappings.", fix)
        return None
    mapping = mappings.get(name)
    if mapping is not None and mapping.record_type != record:
        entry.fault(f"{name} maps {mapping.record_type}.", f"Name a mapping of {record}.")
    return mapping

"""What the fields of an authority's form are called, for a person who types."""

from __future__ import annotations

from collections.abc import Mapping

from service.adapters.mapping import MappingFile
from service.adapters.profiles import Profile
from service.domain.words import NoWords, heading
from service.ports.manual import Fields, TypedField

_QUOTATION = "quotation"


def typed_fields(profile: Profile) -> Mapping[str, Fields]:
    """The fields of each kind of record. A label is the form's own where the authority wrote it down."""
    return {kind: _fields(record.mapping) for kind, record in profile.records.items()}


def _fields(mapping: MappingFile) -> Fields:
    found: dict[str, TypedField] = {}
    for row in mapping.rows:
        for code in row.targets:
            field = TypedField(_label(mapping, code, row.path), row.rendering == _QUOTATION)
            earlier = found.setdefault(code, field)
            if earlier.quoted != field.quoted:  # shared with a professional's words, so it is nobody's quotation
                found[code] = TypedField(earlier.label, quoted=False)
    return found


def _label(mapping: MappingFile, code: str, path: str) -> str:
    question = mapping.form.questions.get(code) if mapping.form else None
    if question is not None and question.label:
        return question.label
    for each in (path, path.removesuffix("/*")):
        try:
            return heading(each)
        except NoWords:
            continue
    return ""

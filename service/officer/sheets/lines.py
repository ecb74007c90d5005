"""A mapping as lines of a sheet, and its words for codes as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from service.adapters.mapping import MappingFile
from service.adapters.mapping.model import Row
from service.officer.previewing import heading_of
from service.officer.sheets.comments import Comments
from service.officer.sheets.model import DOCUMENT, YES, Line


@dataclass
class Tables:
    """Tables of words by name. Rows with the same words share one, which has the name of the first of them."""

    found: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def name(self, row: Row) -> str:
        """The table's name; empty for a row without words of its own."""
        if row.codes is None:
            return ""
        wanted = list(row.codes.items())
        for name, table in self.found.items():
            if list(table.items()) == wanted:
                return name
        name = row.to
        while name in self.found:
            name += "+"
        self.found[name] = row.codes
        return name


def lines_of(mapping: MappingFile, tables: Tables, config: Path) -> Iterator[Line]:
    """Every row in the order of display, then everything that is not sent."""
    comments = Comments(config, mapping.files[0])
    for row in mapping.rows:
        yield Line(
            to=row.to,
            source=row.path,
            rendering=row.rendering,
            codes=tables.name(row),
            other_codes=row.other_codes,
            required=YES if row.required else "",
            continues_in=DOCUMENT if row.in_document else ", ".join(row.continues_in),
            help=_help(mapping, row),
            comment=comments.of(row.entry),
        )
    for part in mapping.not_sent:
        heading = heading_of(mapping.record_type, part.path)
        yield Line(source=part.path, reason=part.reason, help=heading, comment=comments.of(part.entry))


def _help(mapping: MappingFile, row: Row) -> str:
    question = mapping.form.questions.get(row.to) if mapping.form else None
    kind = f"{question.type}{f' up to {question.max}' if question.max else ''}" if question else ""
    label = question.label if question else ""
    return "; ".join(part for part in (heading_of(mapping.record_type, row.path), label, kind) if part)

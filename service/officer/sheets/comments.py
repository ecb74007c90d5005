"""Comments of mapping files, kept for people: the one above a row, behind it, or at the head of a file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from service.adapters.mapping.yamlfile import Entry

_BEHIND = re.compile(r"\}\s+#\s?(.*)$")


@dataclass
class Comments:
    """The comments of one mapping's files. What heads an included file goes to the first row that comes from it."""

    config: Path
    main: str
    _seen: set[str] = field(default_factory=set)

    def head(self, file: str) -> str:
        """The lines before the first key."""
        taken: list[str] = []
        for line in self._lines(file):
            if line.strip() and not line.lstrip().startswith("#"):
                break
            taken += [_bare(line)] if line.strip() else []
        return "\n".join(taken)

    def of(self, entry: Entry) -> str:
        """What belongs to the row or entry at this place."""
        lines, number = self._lines(entry.file), entry.line - 1
        above: list[str] = []
        while number - len(above) > 0 and lines[number - len(above) - 1].lstrip().startswith("#"):
            above.append(_bare(lines[number - len(above) - 1]))
        behind = _BEHIND.search(lines[number])
        parts = [self._first(entry.file), "\n".join(reversed(above)), behind[1] if behind else ""]
        return "\n".join(part for part in parts if part)

    def _first(self, file: str) -> str:
        if file == self.main or file in self._seen:
            return ""
        self._seen.add(file)
        return self.head(file)

    def _lines(self, file: str) -> list[str]:
        return (self.config / file).read_text(encoding="utf-8").splitlines()


def _bare(line: str) -> str:
    return line.strip().removeprefix("#").removeprefix(" ")

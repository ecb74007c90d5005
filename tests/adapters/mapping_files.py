"""Configuration files with one thing wrong in them. `§` stands just before the place a fault must name."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from service.adapters.mapping import Files, load_mapping
from service.errors import ConfigFault

ROOT = Path(__file__).parents[2]
HERE = "§"


@dataclass(frozen=True)
class Faulty:
    """`old` of `file` becomes `new`, and loading `mapping` must tell `detail`.

    The place is where `§` stands in `new`, or in `at`, an excerpt of another file.
    """

    file: str
    old: str
    new: str
    detail: str
    mapping: str = "lcs/wise_assessment.yaml"
    at: tuple[str, str] | None = None

    def told(self, config: Path) -> tuple[ConfigFault, list[ConfigFault], tuple[str, int, int]]:
        """The one fault with this detail, all faults, and the place expected."""
        expected = self.place(config)
        files = Files(config)
        assert load_mapping(files, self.mapping) is None
        (only,) = [fault for fault in dict.fromkeys(files.faults) if self.detail in fault.detail]
        return only, files.faults, expected

    def place(self, config: Path) -> tuple[str, int, int]:
        """Writes the faulty file, and says where its fault is."""
        path = config / self.file
        before = path.read_text("utf-8")
        assert before.count(self.old) >= 1, "the file has changed: correct this case"
        marked = before.replace(self.old, self.new, 1)
        path.write_text(marked.replace(HERE, ""), "utf-8")
        if self.at is None:
            return (self.file, *_position(marked))
        file, excerpt = self.at
        text = (config / file).read_text("utf-8")
        assert excerpt.replace(HERE, "") in text
        return (file, *_position(text.replace(excerpt.replace(HERE, ""), excerpt, 1)))


def _position(marked: str) -> tuple[int, int]:
    before = marked[: marked.index(HERE)]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def copied(into: Path) -> Path:
    """The shipped mappings and forms, to be spoilt."""
    for folder in ("mappings", "forms"):
        shutil.copytree(ROOT / "config" / folder, into / folder)
    return into

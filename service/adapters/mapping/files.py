"""The files of a configuration folder: each is read once, and what was read is what the digest is taken over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node

from service.adapters.mapping.yamlfile import Entry
from service.errors import ConfigFault


@dataclass
class Files:
    """Every file of one configuration folder, read once, with the faults found in them."""

    root: Path
    faults: list[ConfigFault] = field(default_factory=list)
    _entries: dict[str, Entry | None] = field(default_factory=dict)
    _contents: dict[str, bytes] = field(default_factory=dict)

    def read(self, name: str) -> Entry | None:
        """The file's outermost entry, or None when it cannot be read; that is told once, by the first to ask."""
        if name not in self._entries:
            self._entries[name] = self._read(name)
        return self._entries[name]

    def holds(self, folder: str, name: str) -> bool:
        """Whether the name is a file inside that folder. A way out of it (`..`) is no file of ours."""
        inside = (self.root / folder).resolve()
        path = (inside / name).resolve()
        return path.is_relative_to(inside) and path.is_file()

    def digest(self, names: Iterable[str]) -> str:
        """SHA-256 over names and bytes as they were read, in the order of the names."""
        total = sha256()
        for name in sorted(set(names)):
            content = self._contents.get(name, b"")
            total.update(f"{name}\n{sha256(content).hexdigest()}\n".encode())
        return total.hexdigest()

    def _read(self, name: str) -> Entry | None:
        try:
            self._contents[name] = (self.root / name).read_bytes()
            node = _compose(self._contents[name].decode("utf-8"))
        except (OSError, UnicodeDecodeError, YAMLError) as error:
            self._refuse(name, _place(error), "This file cannot be read as YAML.", "Correct it near this line.")
            return None
        if not isinstance(node, MappingNode):
            self._refuse(name, (1, 1), "This file holds no 'key: value' entries.", "See the files beside it.")
            return None
        return Entry(name, 1, "", node, self.faults)

    def _refuse(self, name: str, place: tuple[int | None, int | None], detail: str, fix: str) -> None:
        line, column = place
        self.faults.append(ConfigFault(name, line, "", detail, fix, column))


@lru_cache(maxsize=64)
def _compose(content: str) -> Node | None:
    """Parsing is most of a start; what has not changed since the last look is not parsed again."""
    node: Node | None = YAML(typ="safe", pure=True).compose(content)
    return node


def _place(error: Exception) -> tuple[int | None, int | None]:
    """Line and column of what could not be read; neither where the file is not there, or is not text."""
    mark = getattr(error, "problem_mark", None) if isinstance(error, MarkedYAMLError) else None
    return (None, None) if mark is None else (mark.line + 1, mark.column + 1)

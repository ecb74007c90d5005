"""Configuration files as values that know where they stand, so that every fault names its file, line and column.

Only text, whole numbers, true/false and nothing are read. A date, a decimal or a tag is somebody's slip (an unquoted
code, most often), and guessing what was meant is how leading zeros get lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from service.errors import ConfigFault

_TAG = "tag:yaml.org,2002:"
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")


@dataclass(frozen=True)
class Entry:
    """One value of a file: what it is called there, where it stands (from 1), and where its faults go."""

    file: str
    line: int
    name: str
    node: Node | None
    faults: list[ConfigFault]
    column: int = 1

    @property
    def place(self) -> str:
        """`mappings/lcs/areas.yaml:7`, for a person who is to look there."""
        return f"{self.file}:{self.line}"

    def fault(self, detail: str, fix: str) -> None:
        """Note a fault here and go on: the reader of the message wants all of them at once."""
        self.faults.append(ConfigFault(self.file, self.line, self.name, detail, fix, self.column))

    def named(self, name: str) -> Entry:
        """The same place under another name, for a fault about something that is not written there."""
        return replace(self, name=name)

    def key(self, name: str) -> Entry:
        """The entry of one of this one's keys, or this one where it has no such key."""
        pairs_ = self.node.value if isinstance(self.node, MappingNode) else []
        found = (key for key, _ in pairs_ if key.value == name)
        return next((self.at(name, key) for key in found), self)

    def at(self, name: str, node: Node) -> Entry:
        """The entry for something inside this one."""
        return self._inside(f"{self.name}.{name}".lstrip("."), node)

    def numbered(self, number: int, node: Node) -> Entry:
        """The entry for one item of this one, which is a list."""
        return self._inside(f"{self.name}[{number}]", node)

    def _inside(self, name: str, node: Node) -> Entry:
        mark = node.start_mark
        return Entry(self.file, mark.line + 1, name, node, self.faults, mark.column + 1)

    @property
    def scalar(self) -> str | int | bool | None:
        """The plain value; anything that is not one counts as nothing and is told by `text` or `whole`."""
        if not isinstance(self.node, ScalarNode):
            return None
        return _plain((self.node.tag or "").removeprefix(_TAG), self.node.value)


def _plain(kind: str, written: str) -> str | int | bool | None:
    if kind == "str":
        return written
    if kind == "bool":
        return written.lower() == "true"
    if kind == "int" and _WHOLE.fullmatch(written):
        return int(written)
    return None


def section(entry: Entry, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, Entry]:
    """The entries of a mapping, by key. Unknown, doubled and missing keys are faults."""
    known = [*required, *optional]
    found = {key: value for key, value in pairs(entry) if _known(value, key, known)}
    if isinstance(entry.node, MappingNode):
        for key in required:
            if key not in found:
                entry.fault(f"'{key}' is missing.", f"Add '{key}:'.")
    return found


def _known(value: Entry, key: str, known: list[str]) -> bool:
    if key not in known:
        value.fault("This key is not known.", f"Known here: {', '.join(known)}.")
    return key in known


def pairs(entry: Entry) -> list[tuple[str, Entry]]:
    """The entries of a mapping whose keys are the writer's own, in file order."""
    if not isinstance(entry.node, MappingNode):
        entry.fault("This must be a list of 'key: value' entries.", "See the files beside this one.")
        return []
    found: dict[str, Entry] = {}
    for key, node in entry.node.value:
        _keep(found, entry, key, node)
    return list(found.items())


def _keep(found: dict[str, Entry], entry: Entry, key: Node, node: Node) -> None:
    """A key is told by the place of the key, not of what follows it. A second one would silently replace the first."""
    here = entry.at(str(key.value), key)
    value = replace(here, node=node)
    if not isinstance(key, ScalarNode) or key.tag != f"{_TAG}str":
        here.fault("A key must be text.", "Put it in quotes.")
    elif key.value in found:
        here.fault("This key stands here twice.", "Keep one of them.")
    else:
        found[key.value] = value


def keys(entry: Entry) -> list[str]:
    """The keys of a mapping as they are written, without judging them."""
    return [str(key.value) for key, _ in entry.node.value] if isinstance(entry.node, MappingNode) else []


def is_list(entry: Entry) -> bool:
    """Whether a list stands here, where one value may stand instead."""
    return isinstance(entry.node, SequenceNode)


def items(entry: Entry) -> list[Entry]:
    """The entries of a list."""
    if not isinstance(entry.node, SequenceNode):
        entry.fault("This must be a list.", "Begin each entry with '- '.")
        return []
    return [entry.numbered(number, node) for number, node in enumerate(entry.node.value, 1)]


def text(entry: Entry | None) -> str:
    """Text that is not blank, or "" after a fault has been noted. A number is not text: write it in quotes."""
    if entry is None:
        return ""
    value = entry.scalar
    if isinstance(value, str) and value.strip():
        return value
    entry.fault("This must be text.", "Write words, or put quotes round a number or date.")
    return ""


def whole(entry: Entry | None, low: int, high: int) -> int:
    """A whole number within bounds, or `low` after a fault has been noted."""
    if entry is None:
        return low
    value = entry.scalar
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return value
    entry.fault(f"This must be a whole number from {low} to {high}.", "Write it without quotes.")
    return low


def flag(entry: Entry | None) -> bool:
    """`true` or `false`; anything else is a fault, because YAML 1.2 reads `yes` as a word."""
    if entry is None:
        return False
    value = entry.scalar
    if not isinstance(value, bool):
        entry.fault("This must be true or false.", "Write true or false, without quotes.")
    return value is True

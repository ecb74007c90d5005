"""The file of a catalogue as values that know their line, so that every fault says where it is.

A near relation of `service.adapters.mapping.yamlfile`, which the central side may not reach. Only text is read: a
number or a date without quotes is a slip.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from service.errors import ConfigFault

_TEXT = "tag:yaml.org,2002:str"


@dataclass(frozen=True)
class Entry:
    """One value: its name in the file, its line and column (from 1), and the list its faults go to."""

    file: str
    line: int
    column: int
    name: str
    node: Node
    faults: list[ConfigFault]

    def fault(self, detail: str, fix: str) -> None:
        """Note a fault and go on, so that all of them are told at once."""
        self.faults.append(ConfigFault(self.file, self.line, self.name, detail, fix, self.column))

    def inside(self, name: str, node: Node) -> Entry:
        """The entry of something that stands in this one."""
        mark = node.start_mark
        return Entry(self.file, mark.line + 1, mark.column + 1, f"{self.name}{name}".lstrip("."), node, self.faults)


def opened(path: Path, faults: list[ConfigFault]) -> tuple[bytes, Entry | None]:
    """The file's bytes and its outermost entry; None when it cannot be read, which is noted."""
    name, content = f"{path.parent.name}/{path.name}", b""
    try:
        content = path.read_bytes()
        node = YAML(typ="safe", pure=True).compose(content.decode("utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        faults.append(ConfigFault(name, line, "", "This file cannot be read as YAML.", "Correct it near this line."))
        return content, None
    if not isinstance(node, MappingNode):
        faults.append(ConfigFault(name, 1, "", "This file holds no 'key: value' entries.", "Begin with 'version:'."))
        return content, None
    return content, Entry(name, 1, 1, "", node, faults)


def section(entry: Entry | None, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, Entry]:
    """The entries of a section by key. Unknown, doubled and missing keys are faults. None is none, and no fault."""
    if entry is None:
        return {}
    needed, found = list(required), pairs(entry)
    known = [*needed, *optional]
    for name in [name for name in found if name not in known]:
        found.pop(name).fault("This key is not known.", f"{nearest(name, known)}Known here: {', '.join(known)}.")
    for name in needed:
        if name not in found and isinstance(entry.node, MappingNode):
            entry.fault(f"'{name}' is missing.", f"Add '{name}:'.")
    return found


def pairs(entry: Entry | None) -> dict[str, Entry]:
    """The entries of a section whose keys are the writer's own, in their order. A second one of a name is a fault."""
    if entry is None:
        return {}
    if not isinstance(entry.node, MappingNode):
        entry.fault("This must be a list of 'key: value' entries.", "Write one 'key: value' a line.")
        return {}
    found: dict[str, Entry] = {}
    for key, node in entry.node.value:
        here = entry.inside(f".{key.value}" if isinstance(key, ScalarNode) else "", key)
        if not isinstance(key, ScalarNode) or key.tag != _TEXT:
            here.fault("A key must be text.", "Put it in quotes.")
        elif key.value in found:
            here.fault("This name stands here twice.", "Keep one, or give one of them another name.")
        else:
            found[key.value] = replace(here, node=node)
    return found


def items(entry: Entry | None) -> list[Entry]:
    """The entries of a list; none is no fault here."""
    if entry is None:
        return []
    if not isinstance(entry.node, SequenceNode):
        entry.fault("This must be a list.", "Write it in square brackets, or begin each entry with '- '.")
        return []
    return [entry.inside(f"[{number}]", node) for number, node in enumerate(entry.node.value, 1)]


def text(entry: Entry | None) -> str:
    """Text that is not blank, or "" after a fault has been noted."""
    if entry is None:
        return ""
    if isinstance(entry.node, ScalarNode) and entry.node.tag == _TEXT and entry.node.value.strip():
        return str(entry.node.value)
    entry.fault("This must be text.", "Write words, or put quotes round a number or date.")
    return ""


def texts(entry: Entry | None) -> tuple[str, ...]:
    """A list of texts; what is none of them has been noted and is left out."""
    return tuple(said for item in items(entry) if (said := text(item)))


def nearest(word: str, known: Iterable[str]) -> str:
    """`Did you mean 'label'? `, or nothing when no known word is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.75)
    return f"Did you mean '{near[0]}'? " if near else ""

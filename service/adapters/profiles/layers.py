"""A profile upon the file it extends: its own keys stand instead of the other's, and every fault keeps its own file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node

from service.adapters.mapping import Files
from service.adapters.mapping.yamlfile import Entry, pairs, text
from service.adapters.profiles.entries import nearest
from service.adapters.profiles.keys import PROFILE, SHARED

FOLDER = "authorities"


@dataclass(frozen=True)
class Layered(Entry):
    """An entry whose parts stand in two files. `homes` are the files of the keys, by the identity of their nodes."""

    homes: Mapping[int, str] = field(default_factory=dict, repr=False, compare=False)

    def _inside(self, name: str, node: Node) -> Entry:
        mark, file = node.start_mark, self.homes.get(id(node), self.file)
        return Layered(file, mark.line + 1, name, node, self.faults, mark.column + 1, self.homes)


@dataclass(frozen=True)
class Whole:
    """A profile with what it extends below it, and the files it is made of. `found` is false without that file."""

    entry: Entry
    files: tuple[str, ...]
    found: bool = True


def layered(files: Files, entry: Entry) -> Whole:
    """The whole, or the profile alone where it extends nothing that can be had."""
    given = entry.key("extends")
    if given is entry:
        return Whole(entry, (entry.file,))
    base = _base(files, _value_of(entry, "extends"))
    if base is None:
        return Whole(entry, (entry.file,), found=False)
    homes: dict[int, str] = {}
    node = _nodes(entry.node, base.node, (entry.file, base.file), homes)
    upon = Layered(entry.file, entry.line, "", node, entry.faults, entry.column, homes)
    return Whole(upon, (entry.file, base.file))


def _base(files: Files, given: Entry) -> Entry | None:
    name = text(given)
    if name and not files.holds(FOLDER, name):
        there = [f"common/{path.name}" for path in (files.root / FOLDER / "common").glob("*.yaml")]
        given.fault(f"There is no such file under config/{FOLDER}.", f"{nearest(name, there)}Write common/ before it.")
        return None
    if not name:
        return None
    base = files.read(f"{FOLDER}/{name}")
    if base is not None:
        _check_base(base)
    return base


def _check_base(base: Entry) -> None:
    for name, entry in pairs(base):
        if name in PROFILE and name not in SHARED:
            entry.fault("This can't be shared.", "Write it into each authority's own profile.")


def _value_of(entry: Entry, name: str) -> Entry:
    """The value of a key that is there, unjudged: the section is judged once, when it is read."""
    here = entry.key(name)
    pairs_: Any = entry.node.value if entry.node else []
    return replace(here, node=next(value for key, value in pairs_ if key.value == name))


def _nodes(own: Any, base: Any, names: tuple[str, str], homes: dict[int, str]) -> MappingNode:
    """Sections are merged, anything else is replaced. A key that stands twice stays twice, and is told."""
    below = {str(key.value): value for key, value in base.value}
    mine = [(key, _one(value, below.get(str(key.value)), names, homes)) for key, value in own.value]
    said = {str(key.value) for key, _ in mine}
    theirs = [(key, value) for key, value in base.value if str(key.value) not in said]
    homes.update({id(key): names[0] for key, _ in mine} | {id(key): names[1] for key, _ in theirs})
    return MappingNode(own.tag, [*mine, *theirs], own.start_mark, own.end_mark)


def _one(own: Node, base: Node | None, names: tuple[str, str], homes: dict[int, str]) -> Node:
    if isinstance(own, MappingNode) and isinstance(base, MappingNode):
        return _nodes(own, base, names, homes)
    return own

"""Form designs: what each asks and demands. Format: top of `forms.yaml`."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .yaml_input import DefinitionError, mapping, read_mapping, typed

CONTROL_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")
TYPES = ("shortText", "longText", "date", "number", "yesNo", "list")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OF_A_FORM = ("name", "mayAdd", "attachmentRequired", "episodeRequired", "controls")
_OF_A_CONTROL = ("type", "maxLength", "values", "mandatory", "repeating")


@dataclass(frozen=True)
class Control:
    """One question of a design, known to the outside by its control name."""

    name: str
    type: str
    longest: int | None = None
    values: tuple[str, ...] | None = None
    mandatory: bool = False
    repeating: bool = False

    def wire(self) -> dict[str, Any]:
        """The control as the protocol writes it."""
        return {
            "controlName": self.name,
            "type": self.type,
            "maxLength": self.longest,
            "mandatory": self.mandatory,
            "repeating": self.repeating,
            "values": None if self.values is None else list(self.values),
        }


@dataclass(frozen=True)
class Design:
    """One form design; `controls` is None when it takes any control name as long text."""

    guid: str
    name: str
    controls: dict[str, Control] | None
    may_add: bool
    attachment_required: bool
    episode_required: bool

    def wire(self) -> dict[str, Any]:
        """The design as the protocol writes it."""
        return {
            "_type": "FormDesign",
            "designGuid": self.guid,
            "name": self.name,
            "attachmentRequired": self.attachment_required,
            "controls": None if self.controls is None else [item.wire() for item in self.controls.values()],
        }


def load_forms(path: Path) -> dict[str, Design]:
    """All designs of the file, refused as a whole when one of them does not add up."""
    return {guid: _design(guid, entry, f"{path}: {guid}") for guid, entry in read_mapping(path).items()}


def _design(guid: Any, entry: Any, where: str) -> Design:
    known = mapping(entry, where, _OF_A_FORM)
    if not isinstance(guid, str) or not _GUID.fullmatch(guid):
        raise DefinitionError(f"{where}: a design is named by a GUID in lower case")
    return Design(
        guid=guid,
        name=typed(known.get("name"), str, f"{where}: name"),
        controls=_controls(known.get("controls"), where),
        may_add=typed(known.get("mayAdd", True), bool, f"{where}: mayAdd"),
        attachment_required=typed(known.get("attachmentRequired", False), bool, f"{where}: attachmentRequired"),
        episode_required=typed(known.get("episodeRequired", True), bool, f"{where}: episodeRequired"),
    )


def _controls(entries: Any, where: str) -> dict[str, Control] | None:
    if entries == "any":
        return None
    found = mapping(entries, f"{where}: controls")
    return {name: _control(name, entry, f"{where}: {name}") for name, entry in found.items()}


def _control(name: Any, entry: Any, where: str) -> Control:
    known = mapping(entry, where, _OF_A_CONTROL)
    kind = known.get("type")
    if not isinstance(name, str) or not CONTROL_NAME.fullmatch(name) or kind not in TYPES:
        raise DefinitionError(f"{where}: a control has a name like Area_Question and one of the types {TYPES}")
    if (kind == "shortText") != ("maxLength" in known) or (kind == "list") != ("values" in known):
        raise DefinitionError(f"{where}: shortText has a maxLength, list has values, and no other type has them")
    return Control(
        name=name,
        type=kind,
        longest=known.get("maxLength"),
        values=tuple(known["values"]) if kind == "list" else None,
        mandatory=typed(known.get("mandatory", False), bool, f"{where}: mandatory"),
        repeating=typed(known.get("repeating", False), bool, f"{where}: repeating"),
    )

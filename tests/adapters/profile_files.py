"""The sound profiles of `faulty_profiles`, the changes to them, and two made-up connectors to load them with."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from service.adapters.profiles import ConnectorSchema, Setting, load_profiles
from service.errors import ConfigFault, ConfigurationFault

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "faulty_profiles"
_HINT = re.compile(r"Did you mean '[^']+'\?")

STEPS = ConnectorSchema(
    kind="steps",
    connection={
        "base_url": Setting(),
        "api_key": Setting(secret=True),
        "sign_in": Setting(required=False, choices=("api_key", "certificate")),
    },
    target={"step_type": Setting(kind="number"), "team": Setting()},
    task={"step_type": Setting(kind="number"), "team": Setting()},
)
FILES = ConnectorSchema(
    kind="files",
    connection={
        "host": Setting(),
        "port": Setting(kind="number"),
        "user": Setting(),
        "private_key": Setting(secret=True),
        "host_keys": Setting(several=True),
    },
    target={"form": Setting(), "document_type": Setting()},
    task={"type": Setting(), "assign_to": Setting()},
    documents_elsewhere=False,
)
ARCHIVE = ConnectorSchema(
    kind="archive",
    connection={"base_url": Setting(), "api_key": Setting(secret=True)},
    target={"document_type": Setting()},
    task={},
)
CONNECTORS = {"steps": STEPS, "files": FILES}
SINKS = {"archive": ARCHIVE}


@dataclass(frozen=True)
class Faulty:
    """`old` of one file becomes `new`. `told` is all that is said then; `editor` whether its schema sees it, too."""

    why: str
    file: str
    old: str
    new: str
    told: tuple[str, ...]
    editor: bool = True

    def write(self, into: Path) -> Path:
        """The sound profiles with this one change; returns the changed file."""
        path = sound(into) / "authorities" / self.file
        before = path.read_text("utf-8")
        assert self.old in before, "the sound profile has changed: correct this case"
        path.write_text(before.replace(self.old, self.new, 1), "utf-8")
        return path


def cases() -> Iterator[Faulty]:
    """Every case of every file."""
    for path in sorted(FOLDER.glob("*.yaml")):
        for case in YAML(typ="safe", pure=True).load(path):
            yield Faulty(**{**case, "told": tuple(case["told"])})


def sound(into: Path) -> Path:
    """The sound profiles with the shipped mappings and forms beside them."""
    shutil.copytree(FOLDER / "sound", into, dirs_exist_ok=True)
    for name in ("mappings", "forms"):
        (into / name).symlink_to(ROOT / "config" / name)
    return into


def faults(config: Path) -> tuple[ConfigFault, ...]:
    """What is wrong there; nothing when it loads."""
    try:
        load_profiles(config, CONNECTORS, SINKS)
    except ConfigurationFault as fault:
        return fault.faults
    return ()


def told(fault: ConfigFault) -> str:
    """`authorities/riverton.yaml:5:1 case_sytem: This key is not known. Did you mean 'case_system'?`"""
    where = ":".join(str(part) for part in (fault.file, fault.line, fault.column) if part is not None)
    hint = _HINT.match(fault.fix)
    return f"{where} {fault.field or '(file)'}: {fault.detail}{f' {hint[0]}' if hint else ''}"

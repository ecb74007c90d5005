"""References to values kept elsewhere: `env:NAME` and `file:/path`. Resolved late, by the process that connects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from service.errors import ConfigFault, ConfigurationFault

_REFERENCE = re.compile(r"(env|file):(.*)", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def is_reference(value: str) -> bool:
    """Whether the value says where to look, and is not itself what to use."""
    return _REFERENCE.fullmatch(value) is not None


def fault_of(value: str) -> str:
    """What is wrong with a reference as it is written; empty when nothing is."""
    match value.split(":", 1):
        case ["env", name] if not _NAME.fullmatch(name):
            return "This is not the name of an environment variable."
        case ["file", path] if not path.startswith("/"):
            return "A file reference needs the whole path: the folder a process starts in is not ours to know."
    return ""


def resolve(connection: Mapping[str, str], environ: Mapping[str, str], *, file: str = "connection") -> dict[str, str]:
    """Every setting with its value. Raises `ConfigurationFault` with all that cannot be had; `file` is the profile's.

    Line breaks at the end are taken off, because editors and `echo` add one and no host or key ends with it.
    """
    values: dict[str, str] = {}
    faults: list[ConfigFault] = []
    for name, written in connection.items():
        value, missing = _value(written, environ)
        values[name] = value
        if missing:
            faults.append(ConfigFault(file, None, f"connection.{name}", *missing))
    if faults:
        raise ConfigurationFault(faults)
    return values


def _value(written: str, environ: Mapping[str, str]) -> tuple[str, tuple[str, str] | None]:
    reference = _REFERENCE.fullmatch(written)
    if reference is None:
        return written, None
    kind, where = reference.groups()
    return _from_environ(where, environ) if kind == "env" else _from_file(where)


def _from_environ(name: str, environ: Mapping[str, str]) -> tuple[str, tuple[str, str] | None]:
    value = environ.get(name, "").rstrip("\r\n")
    return value, None if value.strip() else (f"The environment variable {name} is not set.", "Set it.")


def _from_file(path: str) -> tuple[str, tuple[str, str] | None]:
    try:
        value = Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        return "", (f"The file {path} cannot be read.", "Check that it is there and readable for this process.")
    return value, None if value.strip() else (f"The file {path} is empty.", "Put the value into it.")

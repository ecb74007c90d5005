"""References to values kept elsewhere: `env:NAME`, `file:/path` and `vault:mount/data/path#key`.

Resolved late, by the process that connects. What reads a Vault is given: nothing here speaks over a network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from service.errors import ConfigFault, ConfigurationFault

Missing = tuple[str, str]
"""What cannot be had, and what to do; never the value."""

Vault = Callable[[str, str], tuple[str, Missing | None]]
"""The value of a key at a path, or why it cannot be had."""

HOW = "Write env:NAME_OF_VARIABLE, file:/whole/path or vault:mount/data/path#key."

_REFERENCE = re.compile(r"(env|file|vault):(.*)", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_IN_VAULT = re.compile(r"[\w.-]+(/[\w.-]+)*/data(/[\w.-]+)+#[\w.-]+")
_DOTS = re.compile(r"(^|/)\.{1,2}(/|#|$)")


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
        case ["vault", place] if not _IN_VAULT.fullmatch(place) or _DOTS.search(place):
            return "A Vault reference names the mount, 'data', the path and, after #, the key."
    return ""


def resolve(
    connection: Mapping[str, str],
    environ: Mapping[str, str],
    *,
    file: str = "connection",
    section: str = "connection",
    vault: Vault | None = None,
) -> dict[str, str]:
    """Every setting with its value. Raises `ConfigurationFault` with all that cannot be had; `file` is the profile's.

    Line breaks at the end are taken off, because editors and `echo` add one and no host or key ends with it.
    """
    values: dict[str, str] = {}
    faults: list[ConfigFault] = []
    for name, written in connection.items():
        value, missing = _value(written, environ, vault or _no_vault)
        values[name] = value.rstrip("\r\n")
        if missing:
            faults.append(ConfigFault(file, None, f"{section}.{name}", *missing))
    if faults:
        raise ConfigurationFault(faults)
    return values


def _value(written: str, environ: Mapping[str, str], vault: Vault) -> tuple[str, Missing | None]:
    """One value, or the values of a list, which the loader joined by commas."""
    pieces = written.split(",")
    if len(pieces) == 1 or not any(map(is_reference, pieces)) or (is_reference(written) and not fault_of(written)):
        return _one(written, environ, vault)
    found = [_one(piece, environ, vault) for piece in pieces]
    missing = next((why for _, why in found if why), None)
    return ",".join(value.strip() for value, _ in found), missing


def _one(written: str, environ: Mapping[str, str], vault: Vault) -> tuple[str, Missing | None]:
    reference = _REFERENCE.fullmatch(written)
    if reference is None:
        return written, None
    match reference.groups():
        case "env", name:
            return _from_environ(name, environ)
        case "vault", place:
            path, _, key = place.partition("#")
            return vault(path, key)
        case _, path:
            return _from_file(path)
    raise AssertionError


def _from_environ(name: str, environ: Mapping[str, str]) -> tuple[str, Missing | None]:
    value = environ.get(name, "")
    return value, None if value.strip() else (f"The environment variable {name} is not set.", "Set it.")


def _from_file(path: str) -> tuple[str, Missing | None]:
    try:
        value = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return "", (f"The file {path} cannot be read.", "Check that it is there and readable for this process.")
    return value, None if value.strip() else (f"The file {path} is empty.", "Put the value into it.")


def _no_vault(path: str, _key: str) -> tuple[str, Missing | None]:
    return "", (f"This process has no way to the Vault for {path}.", "Resolve it in the process that delivers.")

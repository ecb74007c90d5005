"""A connector's settings in a profile, checked against what the connector asks for."""

from __future__ import annotations

from collections.abc import Mapping

from service.adapters.mapping.yamlfile import Entry, is_list, items, section, text, whole
from service.adapters.profiles.references import fault_of, is_reference
from service.adapters.profiles.schema import Setting

_LARGEST = 10**12
"""Numbers here are ids and ports."""


def read_settings(entry: Entry | None, asked: Mapping[str, Setting]) -> dict[str, str | int]:
    """Form names, teams and the like: literals of the asked kind."""
    return {
        name: whole(value, 1, _LARGEST) if asked[name].kind == "number" else text(value)
        for name, value in _asked(entry, asked).items()
    }


def read_connection(entry: Entry | None, asked: Mapping[str, Setting]) -> dict[str, str]:
    """Where and as whom: literals or references, kept as they are written."""
    return {name: _connection_value(value, asked[name]) for name, value in _asked(entry, asked).items()}


def _asked(entry: Entry | None, asked: Mapping[str, Setting]) -> dict[str, Entry]:
    if entry is None:
        return {}
    required = [name for name, setting in asked.items() if setting.required]
    return section(entry, required, [name for name in asked if name not in required])


def _connection_value(entry: Entry, setting: Setting) -> str:
    if setting.several and is_list(entry):
        return ",".join(text(item) for item in items(entry))
    if setting.kind == "number" and isinstance(entry.scalar, int):
        return str(whole(entry, 1, _LARGEST))
    value = text(entry)
    _check_value(entry, setting, value)
    return value


def _check_value(entry: Entry, setting: Setting, value: str) -> None:
    """The detail never repeats the value: it may be the secret itself, and faults are printed and logged."""
    if not value:
        return
    if is_reference(value):
        if wrong := fault_of(value):
            entry.fault(wrong, "Write env:NAME_OF_VARIABLE or file:/whole/path.")
    elif setting.secret:
        entry.fault("A secret is written here.", "Give a reference (env:NAME or file:/path) and replace the secret.")
    elif setting.kind == "number" and not value.isdecimal():
        entry.fault("This must be a whole number or a reference.", "Write 22, or env:NAME_OF_VARIABLE.")

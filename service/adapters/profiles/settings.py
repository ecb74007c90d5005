"""A connector's settings in a profile, checked against what the connector asks for."""

from __future__ import annotations

from collections.abc import Mapping

from service.adapters.mapping.yamlfile import Entry, is_list, items, text, whole
from service.adapters.profiles.entries import choice, section
from service.adapters.profiles.references import HOW, fault_of, is_reference
from service.adapters.profiles.schema import Setting
from service.adapters.profiles.secrets import looks_secret

LARGEST = 10**12
"""Numbers here are ids and ports."""


def read_settings(entry: Entry | None, asked: Mapping[str, Setting]) -> dict[str, str | int]:
    """Form names, teams and the like: literals of the asked kind."""
    return {name: _literal(value, asked[name]) for name, value in _asked(entry, asked).items()}


def read_connection(entry: Entry | None, asked: Mapping[str, Setting]) -> dict[str, str]:
    """Where and as whom: literals or references, kept as they are written."""
    return {name: _connection_value(value, asked[name]) for name, value in _asked(entry, asked).items()}


def _asked(entry: Entry | None, asked: Mapping[str, Setting]) -> dict[str, Entry]:
    required = [name for name, setting in asked.items() if setting.required]
    return section(entry, required, [name for name in asked if name not in required])


def _literal(entry: Entry, setting: Setting) -> str | int:
    if setting.kind == "number":
        return whole(entry, 1, LARGEST)
    if setting.several and is_list(entry):
        return ",".join(_word(item, setting) for item in items(entry))
    return _word(entry, setting)


def _word(entry: Entry, setting: Setting) -> str:
    return choice(entry, setting.choices) if setting.choices else text(entry)


def _connection_value(entry: Entry, setting: Setting) -> str:
    if setting.several and is_list(entry):
        return ",".join(_checked(item, setting) for item in items(entry))
    if setting.kind == "number" and isinstance(entry.scalar, int):
        return str(whole(entry, 1, LARGEST))
    return _checked(entry, setting)


def _checked(entry: Entry, setting: Setting) -> str:
    """The detail never repeats the value: it may be the secret itself, and faults are printed and logged."""
    value = text(entry)
    if not value:
        return value
    if is_reference(value):
        if wrong := fault_of(value):
            entry.fault(wrong, HOW)
    elif setting.secret:
        entry.fault("A secret is written here.", f"Give a reference, and replace the secret. {HOW}")
    elif looks_secret(value):
        entry.fault("This looks like a password or a key.", f"Give a reference, and replace it if it is one. {HOW}")
    elif setting.kind == "number" and not (value.isascii() and value.isdecimal()):
        entry.fault("This must be a whole number or a reference.", "Write 22, or env:NAME_OF_VARIABLE.")
    elif setting.choices:
        choice(entry, setting.choices)
    return value

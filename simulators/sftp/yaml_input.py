"""Reading the two YAML files without forgiving anything: a typing slip must stop the start."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError


class ConfigurationError(ValueError):
    """The message is written for the person who edits the YAML file."""


def read_yaml(path: Path) -> Any:
    """Plain Python values; doubled keys are refused by the parser itself."""
    try:
        return YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (OSError, YAMLError) as error:
        raise ConfigurationError(f"{path.name}: {error}") from error


def mapping(value: Any, where: str) -> Mapping[str, Any]:
    """Keys must be text: a code like 0417 read as a number would lose its zero."""
    if not isinstance(value, dict):
        raise ConfigurationError(f"{where}: must be a mapping")
    for key in value:
        if not isinstance(key, str):
            raise ConfigurationError(f"{where}: key {key!r} must be text (put it in quotes)")
    return value


def section(value: Any, where: str, required: Collection[str], optional: Collection[str] = ()) -> Mapping[str, Any]:
    """A mapping with these keys and no others."""
    found = mapping(value, where)
    allowed = [*required, *optional]
    for key in found:
        if key not in allowed:
            raise ConfigurationError(f"{where}: unknown key {key!r} (allowed: {', '.join(allowed)})")
    for key in required:
        if key not in found:
            raise ConfigurationError(f"{where}: {key!r} is missing")
    return found


def typed(value: Any, kind: type, where: str) -> Any:
    """The exact type, so that neither `yes` for a number nor a date-time for a date slips in."""
    if type(value) is not kind:
        raise ConfigurationError(f"{where}: must be {kind.__name__}, not {value!r}")
    return value


def codes(value: Any, where: str) -> frozenset[str]:
    """A list of text codes, each once."""
    items = [typed(item, str, where) for item in typed(value, list, where)]
    if len(set(items)) != len(items):
        raise ConfigurationError(f"{where}: a code is listed twice")
    return frozenset(items)

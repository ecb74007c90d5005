"""Reading the two definition files, with messages a person editing them can act on."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError


class DefinitionError(ValueError):
    """A definition file says something the simulator does not understand."""


def read_mapping(path: Path) -> dict[Any, Any]:
    """The top-level mapping of a YAML file; duplicate keys count as mistakes."""
    try:
        content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise DefinitionError(f"{path}: cannot be read: {error}") from error
    return mapping(content, str(path))


def mapping(value: Any, where: str) -> dict[Any, Any]:
    """The value as a mapping; an empty YAML value counts as an empty mapping."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise DefinitionError(f"{where}: must be a mapping, not {type(value).__name__}")
    return value


def sequence(value: Any, where: str) -> list[Any]:
    """The value as a list."""
    if not isinstance(value, list):
        raise DefinitionError(f"{where}: must be a list, not {type(value).__name__}")
    return value


def strings(value: Any, where: str) -> tuple[str, ...]:
    """A list of text; unquoted numbers or dates in it are mistakes worth telling."""
    return tuple(string(item, f"{where}[{index}]") for index, item in enumerate(sequence(value, where)))


def string(value: Any, where: str) -> str:
    """Text that is not empty."""
    if not isinstance(value, str) or not value:
        raise DefinitionError(f"{where}: must be text (put quotes round it), not {value!r}")
    return value


def boolean(value: Any, where: str) -> bool:
    """true or false; YAML 1.2 reads `yes` as text, so that is refused instead of counted as true."""
    if not isinstance(value, bool):
        raise DefinitionError(f"{where}: must be true or false, not {value!r}")
    return value


def positive(value: Any, where: str) -> int:
    """A positive whole number, used as an id."""
    if type(value) is not int or value <= 0:
        raise DefinitionError(f"{where}: must be a positive whole number, not {value!r}")
    return value


def check_keys(value: dict[Any, Any], where: str, allowed: Iterable[str], required: Iterable[str] = ()) -> None:
    """Refuse keys nobody reads, since a misspelt key would otherwise silently change a form."""
    known = list(allowed)
    for key in value:
        if key not in known:
            raise DefinitionError(f"{where}: unknown key {key!r}; known keys are {', '.join(known)}")
    for key in required:
        if key not in value:
            raise DefinitionError(f"{where}: the key {key!r} is missing")

"""Reading the definition files, with messages a person editing them can act on."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError


class DefinitionError(ValueError):
    """A definition says something the simulator does not understand."""


def read_mapping(path: Path) -> dict[Any, Any]:
    """The top-level mapping of a YAML file; duplicate keys count as mistakes."""
    try:
        content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise DefinitionError(f"{path}: cannot be read: {error}") from error
    return mapping(content, str(path))


def mapping(value: Any, where: str, keys: Iterable[str] | None = None) -> dict[Any, Any]:
    """The value as a mapping. With `keys`, a key nobody reads is refused: misspelt, it would change a form silently."""
    if not isinstance(value, dict):
        raise DefinitionError(f"{where}: must be a mapping, not {type(value).__name__}")
    known = None if keys is None else set(keys)
    for key in value:
        if known is not None and key not in known:
            raise DefinitionError(f"{where}: unknown key {key!r}; known keys are {', '.join(sorted(known))}")
    return value


def typed(value: Any, kind: type, where: str) -> Any:
    """The value when it is exactly of that type; YAML's true is no number and its numbers are no text."""
    if type(value) is not kind:
        raise DefinitionError(f"{where}: must be {kind.__name__}, not {value!r}")
    return value

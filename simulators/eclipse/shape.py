"""Reading what a caller sent without trusting any of it.

Types are compared exactly, because Python counts `True` as 1. Names the protocol does not define are refused, so that
a misspelt one is not lost without anybody noticing.
"""

import json
from collections.abc import Mapping
from typing import Any

from .refusals import malformed

Kinds = tuple[type, ...]
TEXT: Kinds = (str,)
NUMBER: Kinds = (int,)
FLAG: Kinds = (bool,)
LIST: Kinds = (list,)
OBJECT: Kinds = (dict,)
NUMBER_OR_NULL: Kinds = (int, type(None))


def parse(raw: bytes) -> Any:
    """Strict JSON in UTF-8: no NaN, no repeated names, no half surrogates."""
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_unrepeated, parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise malformed() from error
    return value


def read(value: Any, discriminator: str, names: Mapping[str, Kinds], where: str = "") -> dict[str, Any]:
    """The object when it has exactly these names, each of its kind, and the right `_type`. Raises a 400."""
    if type(value) is not dict:
        raise malformed(where or None)
    for name in value.keys() - names.keys() - {"_type"}:
        raise malformed(_path(where, name) if len(name) <= 40 else where or None)
    for name, kinds in {"_type": TEXT, **names}.items():
        if name not in value or type(value[name]) not in kinds:
            raise malformed(_path(where, name))
    if value["_type"] != discriminator:
        raise malformed(_path(where, "_type"))
    return value


def length_code(text: str, longest: int) -> str | None:
    """What is wrong with the length of a text that must be there, counted in characters."""
    if not text.strip():
        return "MISSING"
    return "TOO_LONG" if len(text) > longest else None


def _path(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is repeated")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")

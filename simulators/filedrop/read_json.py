"""The manifest as JSON. Types are as strict as the page: a number for text, or text for a number, is refused."""

import json
from typing import Any, NoReturn

from simulators.filedrop.raw import PARTS, Raw, RawAnswer, utf8
from simulators.sftp.safe_xml import BadManifest

TOP = ("version", "kind", "reference", "authority")
NUMBERS = {("person", "age"), ("document", "size")}
FLAGS = {("form", "restricted")}


def read_json(content: bytes) -> Raw:
    """The order of keys means nothing."""
    top = _object(_loaded(utf8(content)))
    given = {name: _fields(name, value) for name, value in top.items() if name not in (*TOP, "answers")}
    if set(given) - set(PARTS[1:]) or "answer" in given:
        raise BadManifest("a part is unknown")
    if ("answers" in top) != ("form" in top):
        raise BadManifest("answers belong to a form")
    exchange = _fields("exchange", {name: top[name] for name in TOP if name in top})
    return Raw({"exchange": exchange, **given}, _answers(top.get("answers", [])))


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise error if isinstance(error, BadManifest) else BadManifest("not JSON") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise BadManifest("a key is repeated")
    return dict(pairs)


def _no_constant(_: str) -> NoReturn:
    raise BadManifest("not JSON")


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadManifest("an object is missing")
    return value


def _fields(part: str, value: Any) -> dict[str, str]:
    return {name: _text(part, name, item) for name, item in _object(value).items()}


def _text(part: str, name: str, value: Any) -> str:
    """As the other formats would spell it."""
    if (part, name) in NUMBERS:
        return str(_typed(value, int))
    if (part, name) in FLAGS:
        return "yes" if _typed(value, bool) else "no"
    return str(_typed(value, str))


def _typed(value: Any, kind: type) -> Any:
    """The exact type: `true` is no number."""
    if type(value) is not kind:
        raise BadManifest("a value has another type than agreed")
    return value


def _answers(value: Any) -> tuple[RawAnswer, ...]:
    return tuple(_answer(_object(item)) for item in _typed(value, list))


def _answer(item: dict[str, Any]) -> RawAnswer:
    if {"question", "value"} - set(item) or set(item) - {"question", "row", "value"}:
        raise BadManifest("an answer has other fields than agreed")
    row = str(_typed(item["row"], int)) if "row" in item else None
    return RawAnswer(_typed(item["question"], str), row, _typed(item["value"], str))

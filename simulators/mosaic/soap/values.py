"""From elements that match the schema to the values the JSON binding would have read."""

import base64
import re
from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from simulators.mosaic.documents import Upload

_DECIMAL = re.compile(r"[+-]?([0-9]{1,300}(\.[0-9]{0,300})?|\.[0-9]{1,300})")


def plain(element: etree._Element, shapes: Mapping[str, Any]) -> dict[str, Any]:
    """The children by name. A shape is a reader of text, a mapping for parts, or a list of one shape for items."""
    return {_name(child): _value(child, shapes[_name(child)]) for child in element}


def upload(found: Mapping[str, Any]) -> Upload:
    """A document as the operations take it."""
    content = base64.b64decode(found["content"])
    return Upload(found["fileName"], found["title"], found["category"], found["subCategory"], content)


def typed_answers(answers: list[dict[str, Any]], types: Mapping[str, str]) -> list[dict[str, Any]]:
    """Answers with their values in the type of the question, and a row in each."""
    return [
        {
            "questionUserCode": item["questionUserCode"],
            "row": item.get("row"),
            "value": _typed(item["value"], types.get(item["questionUserCode"])),
        }
        for item in answers
    ]


def text(element: etree._Element) -> str:
    return element.text or ""


def word(element: etree._Element) -> str:
    """A value around which white space means nothing."""
    return text(element).strip()


def number(element: etree._Element) -> int:
    return int(word(element))


def truth(element: etree._Element) -> bool:
    return word(element) in {"true", "1"}


def _typed(written: str, data_type: str | None) -> Any:
    """Text that is no number or truth value stays text, which the rules then refuse as the wrong type."""
    if data_type == "number" and _DECIMAL.fullmatch(written):
        return float(written) if "." in written else int(written)
    if data_type == "boolean" and written in {"true", "false"}:
        return written == "true"
    return written


def _value(element: etree._Element, shape: Any) -> Any:
    if isinstance(shape, Mapping):
        return plain(element, shape)
    if isinstance(shape, list):
        return [_value(child, shape[0]) for child in element]
    read: Callable[[etree._Element], Any] = shape
    return read(element)


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname

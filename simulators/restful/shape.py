"""What the body of each request must look like, before anybody asks what it means."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .forms import is_date
from .refusals import Fault, bad_request, invalid

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True)
class Property:
    """One property of a body. `key` is an id, `date` a day; `longest` counts characters and lets no blank text by."""

    type: Any = str
    longest: int | None = None
    optional: bool = False
    nullable: bool = False
    key: bool = False
    date: bool = False


RECORD = {
    "reference": Property(longest=40),
    "personId": Property(key=True),
    "formType": Property(longest=64),
    "corrects": Property(key=True, optional=True, nullable=True),
}
CHANGE = {
    "answers": Property(list, optional=True),
    "completedOn": Property(optional=True, nullable=True, date=True),
    "restricted": Property(bool, optional=True),
    "state": Property(optional=True),
}
DOCUMENT = {
    "recordId": Property(key=True),
    "name": Property(),
    "title": Property(longest=200),
    "documentType": Property(),
    "documentSubType": Property(),
    "content": Property(),
}
TASK = {
    "reference": Property(longest=40),
    "personId": Property(key=True),
    "taskType": Property(),
    "team": Property(),
    "dueOn": Property(date=True),
    "text": Property(longest=250),
}
NOTE = {
    "reference": Property(longest=40),
    "recordId": Property(key=True),
    "noteType": Property(),
    "text": Property(longest=250),
}


def is_guid(text: str) -> bool:
    """Whether the text can be a key at all."""
    return bool(_GUID.fullmatch(text))


def read(body: Any, shape: Mapping[str, Property], *, whole: bool = False, guids: bool = False) -> dict[str, Any]:
    """The body's properties, all of them there when `whole`; else a refusal with every fault of length and date."""
    if not isinstance(body, dict):
        raise bad_request("The body must be a JSON object.")
    _check_names(body, shape, whole)
    for name, value in body.items():
        _check_type(name, value, shape[name], guids)
    faults = [Fault(code, name) for name, value in body.items() if (code := _fault(value, shape[name]))]
    if faults:
        raise invalid(faults)
    return body


def _check_names(body: dict[str, Any], shape: Mapping[str, Property], whole: bool) -> None:
    """Names the protocol does not know are not repeated back: they might be somebody's content."""
    if set(body) - set(shape):
        raise bad_request(f"The body has a property that does not exist; there are {', '.join(shape)}.")
    missing = [name for name, its in shape.items() if name not in body and (whole or not its.optional)]
    if missing:
        raise bad_request(f"The body lacks {', '.join(missing)}.")


def _check_type(name: str, value: Any, its: Property, guids: bool) -> None:
    if value is None and its.nullable:
        return
    if type(value) is not its.type:
        raise bad_request(f"{name} is of another JSON type than {its.type.__name__}.")
    if guids and its.key and not is_guid(value):
        raise bad_request(f"{name} is no GUID.")


def _fault(value: Any, its: Property) -> str | None:
    if its.date and value is not None:
        return None if is_date(value) else "WRONG_TYPE"
    if its.longest is not None and isinstance(value, str):
        return "TOO_LONG" if len(value) > its.longest else None if value.strip() else "REQUIRED"
    return None

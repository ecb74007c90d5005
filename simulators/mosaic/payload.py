"""Reading what a caller sent without trusting any of it.

Python's JSON reader is kinder than the protocol: it takes NaN, repeated names, numbers beyond
any float, half surrogates and nesting without end. All of these end here as one refusal.
"""

import json
import math
from typing import Any

from flask import Request
from werkzeug.datastructures import FileStorage

from .documents import Upload
from .refusals import Fault, Refusal, invalid, refuse_if_any

_FIELDS = ("title", "category", "subCategory")


def json_body(request: Request) -> Any:
    """The JSON value of the request body."""
    if request.mimetype != "application/json":
        raise _malformed("the content type must be application/json")
    return parse_json(request.get_data())


def parse_json(raw: bytes) -> Any:
    """Strict JSON in UTF-8."""
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_unrepeated,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except RecursionError as error:
        raise _malformed("nested too deeply") from error
    except ValueError as error:
        raise _malformed("not acceptable JSON in UTF-8") from error
    return value


def upload(request: Request) -> Upload:
    """The parts of a document upload; each of them exactly once and nothing else."""
    refuse_if_any(_part_faults(request))
    part = request.files["file"]
    return Upload(
        name=_sent_name(part),
        title=request.form["title"],
        category=request.form["category"],
        sub_category=request.form["subCategory"],
        content=part.read(),
    )


def _part_faults(request: Request) -> list[Fault]:
    counts = {"file": len(request.files.getlist("file"))}
    counts |= {name: len(request.form.getlist(name)) for name in _FIELDS}
    faults = [Fault("MISSING", field=name) for name, count in counts.items() if count == 0]
    faults += [Fault("DUPLICATE", field=name) for name, count in counts.items() if count > 1]
    known = ("file", *_FIELDS)
    unknown = [name for name in (*request.form, *request.files) if name not in _FIELDS and name != "file"]
    misplaced = [name for name in request.files if name in known and name != "file"]
    return faults + [Fault("UNKNOWN_FIELD", field=name) for name in unknown + misplaced]


def _sent_name(part: FileStorage) -> str:
    """Werkzeug drops backslashes while unquoting; a name that had one must still be seen to have it."""
    header = part.headers.get("Content-Disposition", "")
    return ("\\" if "\\" in header.partition("filename")[2] else "") + (part.filename or "")


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is repeated")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _finite(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _malformed(detail: str) -> Refusal:
    return invalid([Fault("MALFORMED", field="body", detail=detail)])

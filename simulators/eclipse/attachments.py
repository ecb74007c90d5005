"""Rules for what is attached to a form."""

import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from flask import Request
from werkzeug.datastructures import FileStorage

from . import shape
from .refusals import Fault, malformed
from .world import Limits

LONGEST_NAME, LONGEST_TITLE = 255, 100
_FORBIDDEN = frozenset('\\/:*?"<>|')
_FIELDS = ("title", "type", "subType")


@dataclass(frozen=True, repr=False)
class Upload:
    """An attachment as the caller sent it."""

    name: str
    title: str
    type: str
    sub_type: str
    content: bytes


def read_upload(request: Request) -> Upload:
    """The parts of an upload, each exactly once and nothing else. Raises a 400."""
    counts = {"file": len(request.files.getlist("file"))}
    counts |= {name: len(request.form.getlist(name)) for name in _FIELDS}
    for name, count in counts.items():
        if count != 1:
            raise malformed(name)
    if set(request.form) - set(_FIELDS) or set(request.files) - {"file"}:
        raise malformed()
    part, form = request.files["file"], request.form
    return Upload(_sent_name(part), form["title"], form["type"], form["subType"], part.read())


def upload_faults(upload: Upload, limits: Limits) -> list[Fault]:
    """Everything wrong with an upload except its size, which has an answer of its own."""
    extension = PurePosixPath(upload.name).suffix.removeprefix(".").lower()
    wrong = {
        "EMPTY": not upload.content,
        "EXTENSION": extension not in limits.extensions,
        "NAME": not _name_allowed(upload.name),
    }
    faults = [Fault(code, field="file") for code, is_wrong in wrong.items() if is_wrong]
    title = shape.length_code(upload.title, LONGEST_TITLE)
    return [*faults, *([Fault(title, field="title")] if title else []), *_type_faults(upload, limits)]


def _type_faults(upload: Upload, limits: Limits) -> list[Fault]:
    if upload.type not in {kind for kind, _ in limits.types}:
        return [Fault("UNKNOWN_TYPE", field="type")]
    known = (upload.type, upload.sub_type) in limits.types
    return [] if known else [Fault("UNKNOWN_TYPE", field="subType")]


def _name_allowed(name: str) -> bool:
    controls = any(unicodedata.category(character) == "Cc" for character in name)
    return bool(name.strip()) and len(name) <= LONGEST_NAME and not controls and not _FORBIDDEN.intersection(name)


def _sent_name(part: FileStorage) -> str:
    """Werkzeug drops backslashes while unquoting; a name that had one must still be seen to have it."""
    header = part.headers.get("Content-Disposition", "")
    return ("\\" if "\\" in header.partition("filename")[2] else "") + (part.filename or "")

"""Rules for files."""

import base64
import binascii
import unicodedata
from pathlib import PurePosixPath

from .refusals import Refusal, bad_request

EXTENSIONS = frozenset({"pdf", "docx", "doc", "rtf", "txt", "jpg", "jpeg", "png"})
_FORBIDDEN = frozenset('\\/:*?"<>|')


def decoded(written: str, limit: int) -> bytes:
    """The bytes of a file sent as base64, or the refusal: not base64, empty, or more than `limit` bytes."""
    try:
        content = base64.b64decode(written.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise bad_request("FileEncoding", "The file must be standard base64.", "file") from None
    if not content:
        raise bad_request("FileEmpty", "The file is empty.", "file")
    if len(content) > limit:
        raise too_large()
    return content


def check_filename(name: str) -> None:
    if PurePosixPath(name).suffix.removeprefix(".").lower() not in EXTENSIONS:
        raise bad_request("FileExtension", "Files of this kind are not taken.", "filename")
    if _FORBIDDEN.intersection(name) or any(unicodedata.category(character) == "Cc" for character in name):
        raise bad_request("FileName", "The file's name has characters that are not allowed.", "filename")


def too_large() -> Refusal:
    return Refusal(413, "FileTooLarge", "The file is too large.", {"field": "file"})

"""What may be attached to a form."""

import base64
import binascii
import re
from collections.abc import Collection
from typing import Any

from simulators.lcs_rest import body
from simulators.lcs_rest.refusals import Refused, bad_request, doc_rejected, unknown_code

SHAPE = {"fileName": body.text, "title": body.text, "documentType": body.text, "content": body.text}
_LONGEST_NAME = 80
_NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')


def accepted(sent: dict[str, Any], types: Collection[str], largest: int) -> bytes:
    """The bytes of a document that may be kept; `largest` is in bytes."""
    content = _decoded(sent["content"])
    if sent["documentType"] not in types:
        raise unknown_code("UNKNOWN_DOC_TYPE")
    _refuse_name(sent["fileName"])
    if not content:
        raise doc_rejected("EMPTY")
    if len(content) > largest:
        raise Refused(413, "DOC_TOO_LARGE", "The document is too large.", limit=largest)
    if not content.startswith(b"%PDF-"):
        raise doc_rejected("NOT_PDF")
    return content


def _refuse_name(name: str) -> None:
    if not name or len(name) > _LONGEST_NAME or _NOT_IN_A_NAME.search(name):
        raise doc_rejected("NAME")
    if not name.lower().endswith(".pdf"):
        raise doc_rejected("EXTENSION")


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise bad_request("content") from error

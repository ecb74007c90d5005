"""Reading the target's answers. They come from outside: a size limit, known fields only, each against its pattern.

Nothing of an answer goes on but numbers, digests and times that match, and words of our own tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from service.adapters.generic_sftp.reasons import refusal
from service.adapters.generic_sftp.unspelling import READERS
from service.adapters.shared.exchange import Reader
from service.adapters.shared.strict import UnreadableError
from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman
from service.ports import Receipt

LIMIT = 64 * 1024

_ANY = re.compile(r".{0,250}", re.DOTALL)
_NUMBER = re.compile(r"[A-Za-z0-9-]{1,40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_VERSION = re.compile(r"[1-9][0-9]{0,8}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_HEAD = {"kind": _ANY, "version": re.compile("1"), "reference": _ANY}

_FILED = {**_HEAD, "manifestSha256": _SHA256, "recordNumber": _NUMBER, "filedAt": _MOMENT}
_FORM = {"recordVersion": _VERSION, "answersSha256": _SHA256}
_DOCUMENT = {"documentNumber": _NUMBER, "documentSha256": _SHA256}
_WITHDRAWN = {"withdrawnAt": _MOMENT}
_REFUSED = {**_HEAD, "code": _ANY}
_MORE = {"manifestSha256": _SHA256, "acceptedManifestSha256": _SHA256, "recordNumber": _NUMBER}
_MORE |= dict.fromkeys(("detail", "question", "mergedTo", "lockedUntil"), _ANY)

_EVIDENCE = {
    "manifestSha256": "manifest_sha256",
    "documentSha256": "document_sha256",
    "answersSha256": "answers_sha256",
    "withdrawnAt": "withdrawn_at",
    "filedAt": "filed_at",
}

Values = Mapping[str, str]
Patterns = Mapping[str, re.Pattern[str]]


def reader(form: str) -> Reader:
    """The reader of answers in the format agreed."""
    read = READERS[form]
    return Reader(
        LIMIT,
        lambda data, reference: _acknowledgement(read, data, reference),
        lambda data, reference: _rejection(read, data, reference),
    )


def _acknowledgement(read: Callable[[bytes], Values | None], data: bytes, reference: str) -> Receipt | None:
    values = _values(read, data, "acknowledgement", reference)
    if values is None:
        return None
    _require(values, _FILED, {**_FORM, **_DOCUMENT, **_WITHDRAWN}, "acknowledgement")
    if not _fits_together(set(values)):
        raise NeedsHuman(Reason.UNEXPECTED_ANSWER, "acknowledgement_incomplete")
    evidence = {name: values[key] for key, name in _EVIDENCE.items() if key in values}
    if values.get("recordVersion", "1") != "1":
        evidence["version"] = values["recordVersion"]
    return Receipt(values["recordNumber"], values.get("documentNumber"), evidence)


def _fits_together(names: set[str]) -> bool:
    """A document has number and digest and belongs to a form; a form has a version; a withdrawal is no form."""
    document, form = names & _DOCUMENT.keys(), names & {*_FORM, *_DOCUMENT}
    return len(document) in (0, 2) and (not form or ("recordVersion" in names and "withdrawnAt" not in names))


def _rejection(read: Callable[[bytes], Values | None], data: bytes, reference: str) -> DeliveryProblem | Receipt | None:
    """The problem; or the receipt of the first set, when it was the same set that came twice."""
    values = _values(read, data, "rejection", reference)
    if values is None:
        return None
    _require(values, _REFUSED, _MORE, "rejection")
    accepted = values.get("acceptedManifestSha256")
    if values["code"] == "DUPLICATE" and "recordNumber" in values and accepted == values.get("manifestSha256", "none"):
        return Receipt(values["recordNumber"], None, {"manifest_sha256": values["manifestSha256"]})
    return refusal(values["code"], values.get("detail", ""))


def _values(read: Callable[[bytes], Values | None], data: bytes, kind: str, reference: str) -> Values | None:
    """The fields of an answer of this kind to this reference; None while it is being written."""
    values: Values | None = None
    readable = len(data) <= LIMIT
    if readable:
        try:
            values = read(data)
        except UnreadableError:
            readable = False
    if not readable or (values is not None and values.get("kind") != kind):
        raise NeedsHuman(Reason.UNEXPECTED_ANSWER, f"{kind}_unreadable")
    if values is not None and values.get("reference") != reference:
        raise NeedsHuman(Reason.CONTRADICTION, f"{kind}_of_another_reference")
    return values


def _require(values: Values, always: Patterns, sometimes: Patterns, kind: str) -> None:
    """Every field that must be there, and no other than the page names; each as it must look."""
    every = {**sometimes, **always}
    complete = always.keys() <= values.keys() <= every.keys()
    if not complete or not all(every[name].fullmatch(value) for name, value in values.items()):
        raise NeedsHuman(Reason.UNEXPECTED_ANSWER, f"{kind}_incomplete")

"""The two answers, in the two formats."""

import csv
import hashlib
import io
import json
from collections.abc import Mapping

from simulators.filedrop.model import Answer, Record, Refusal

Fields = dict[str, str]


def acknowledgement(record: Record) -> Fields:
    """What the target says of a set it has filed."""
    fields = {**_head("acknowledgement", record.reference), "recordNumber": record.number}
    fields["manifestSha256"] = record.manifest_sha256
    if record.kind == "form":
        fields |= {"recordVersion": str(record.version), "answersSha256": answers_sha256(record.answers)}
    if record.document:
        fields |= {"documentNumber": record.document.number, "documentSha256": record.document.sha256}
    if record.kind == "withdrawal":
        fields["withdrawnAt"] = record.filed_at
    return {**fields, "filedAt": record.filed_at}


def rejection(reference: str, refusal: Refusal, manifest_sha256: str | None) -> Fields:
    """The code, and whatever helps a person to put it right."""
    fields = {**_head("rejection", reference), "code": refusal.code, **refusal.more}
    return fields if manifest_sha256 is None else {**fields, "manifestSha256": manifest_sha256}


def answers_sha256(answers: tuple[Answer, ...]) -> str:
    """Of the canonical JSON of the answers as they are stored."""
    rows = [{"question": answer.question, "row": answer.row, "value": answer.value} for answer in answers]
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _head(kind: str, reference: str) -> Fields:
    return {"kind": kind, "version": "1", "reference": reference}


def as_json(fields: Mapping[str, str]) -> bytes:
    """One object."""
    return json.dumps(fields, ensure_ascii=False).encode()


def as_csv(fields: Mapping[str, str]) -> bytes:
    """The last record says that it is the last."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([("name", "value"), *fields.items(), ("end", "")])
    return text.getvalue().encode()


WRITERS = {"json": as_json, "csv": as_csv}

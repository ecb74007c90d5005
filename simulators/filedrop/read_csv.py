"""The manifest as CSV."""

import csv
import io

from simulators.filedrop.raw import PARTS, Raw, RawAnswer, utf8
from simulators.sftp.safe_xml import BadManifest

HEADER = ["part", "name", "row", "value"]
Rows = list[list[str]]


def read_csv(content: bytes) -> Raw:
    """Every cell is text, whatever it begins with."""
    rows = _rows(utf8(content))
    order = [PARTS.index(row[0]) if row[0] in PARTS else -1 for row in rows]
    if -1 in order or order != sorted(order):
        raise BadManifest("a part is unknown or out of its place")
    answers = tuple(RawAnswer(name, row or None, value) for part, name, row, value in rows if part == "answer")
    return Raw(_parts([row for row in rows if row[0] != "answer"]), answers)


def _rows(text: str) -> Rows:
    """Records end with CRLF, and nothing but line feeds breaks a line inside a field."""
    if not text.endswith("\r\n") or text.count("\r") != text.count("\r\n"):
        raise BadManifest("records do not end with CRLF")
    csv.field_size_limit(len(text) + 1)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise BadManifest("quotes are not as in RFC 4180") from error
    if len(rows) != _records(text):
        raise BadManifest("records do not end with CRLF")
    if rows[0] != HEADER or any(len(row) != len(HEADER) for row in rows):
        raise BadManifest("not the agreed columns")
    return rows[1:]


def _records(text: str) -> int:
    """Line ends outside quotes. A quote inside a field is doubled, so that an even number stands before such an end."""
    inside, records = False, 0
    for piece in text.split("\r\n")[:-1]:
        inside ^= bool(piece.count('"') % 2)
        records += not inside
    return records


def _parts(rows: Rows) -> dict[str, dict[str, str]]:
    parts: dict[str, dict[str, str]] = {}
    for part, name, row, value in rows:
        fields = parts.setdefault(part, {})
        if row or name in fields:
            raise BadManifest("a field is repeated, or has a row")
        fields[name] = value
    return parts

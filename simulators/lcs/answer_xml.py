"""The two answers LCS can give."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from simulators.lcs.model import FiledRecord, Refusal, Withdrawal


def acknowledgement(record: FiledRecord) -> bytes:
    """Only a form brings a document number, and only a correction a version."""
    return _answer(
        "acknowledgement",
        [
            ("reference", record.reference),
            ("record-id", record.record_id),
            ("document-id", record.document_id),
            ("version", str(record.version) if record.version > 1 else None),
            ("manifest-sha256", record.manifest_sha256),
            ("filed-at", record.filed_at),
        ],
    )


def acknowledgement_of_withdrawal(withdrawal: Withdrawal) -> bytes:
    """Under the number of the record withdrawn: a withdrawal has none of its own."""
    return _answer(
        "acknowledgement",
        [
            ("reference", withdrawal.reference),
            ("record-id", withdrawal.record_id),
            ("withdrawn-at", withdrawal.withdrawn_at),
            ("manifest-sha256", withdrawal.manifest_sha256),
            ("filed-at", withdrawal.withdrawn_at),
        ],
    )


def rejection(reference: str, refusal: Refusal) -> bytes:
    """The code, and whatever helps a person to put it right."""
    return _answer(
        "rejection",
        [
            ("reference", reference),
            ("code", refusal.code),
            ("merged-to", refusal.merged_to),
            ("record-id", refusal.record_id),
            ("detail", refusal.detail),
        ],
    )


def _answer(name: str, parts: list[tuple[str, str | None]]) -> bytes:
    root = Element(name, version="1")
    for tag, value in parts:
        if value is not None:
            SubElement(root, tag).text = value
    indent(root)
    content: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return content + b"\n"

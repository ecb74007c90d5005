"""A preview as plain values, for programs, and its smaller parts as name and words, for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from service.officer.previewing import Others, Preview, heading_of


def as_document(found: Preview) -> dict[str, Any]:
    """The whole preview; it holds the record's words."""
    return {
        "authority": found.profile.authority,
        "name": found.profile.name,
        "record_names": found.named,
        "record_type": found.record_type,
        "kind": found.kind,
        "label": found.label,
        "mapping": found.mapping,
        "form": found.form or None,
        "notes": list(found.notes),
        "findings": found.findings.as_dict(),
        "sent": [asdict(each) for each in found.sent],
        "not_sent": [asdict(each) for each in found.left],
        "restricted": found.restricted,
        "document": asdict(found.filed),
        "third_parties": asdict(found.others),
        "around": around(found),
        "hub": {"fact": asdict(found.hub.fact), "how": found.hub.how},
    }


def around(found: Preview) -> dict[str, str]:
    """The document, the marks and who else is spoken of."""
    filed = found.filed
    made = f"{filed.pages} pages, {filed.size // 1024 + 1} KiB, {'PDF/UA' if filed.claims_ua else 'tagged PDF'}"
    return {
        "document": filed.problem or f"{filed.title} ({made})",
        "its name": f"{filed.name}; a real one has the delivery's own reference",
        "where it is kept": filed.kept,
        "filed as": ", ".join(f"{name} {value}" for name, value in filed.target.items()),
        "restricted": "yes: " + _MARK if found.restricted else "no",
        "third parties": _others(found.others, found.record_type),
    }


_MARK = "the case system is told to keep it from those who may not see this young person's file"


def _others(others: Others, kind: str) -> str:
    if not (others.risk_subjects or others.sent or others.left):
        return "This record says nothing in the fields about other people."
    parts = [f"{others.risk_subjects} who may pose risk, kept apart here under a key of their own."]
    if others.sent:
        parts.append(f"Sent: {_headings(kind, others.sent)}.")
    if others.left:
        parts.append(f"Not sent: {_headings(kind, others.left)}.")
    return "\n".join([*parts, "Free text may speak of others too: only a person can tell."])


def _headings(kind: str, paths: Sequence[str]) -> str:
    """What people call the fields; two may share a name."""
    return "; ".join(dict.fromkeys(heading_of(kind, path) or path for path in paths))

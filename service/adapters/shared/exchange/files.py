"""A set of files and the marker that hands it over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from service.adapters.shared.digests import sha256
from service.adapters.shared.xml_text import legal_in_xml
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Receipt

_REFERENCE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,39}")


@dataclass(frozen=True, repr=False)
class FileSet:
    """The files of one set under their final names, and the marker whose rename hands them over.

    `changes` is the number of the record there that the set corrects or withdraws; None for something new. `proof` is
    the evidence a receipt for this set may name, with the only values it may then have.
    """

    reference: str
    files: Mapping[str, bytes]
    marker: bytes
    marker_name: str
    changes: str | None = None
    proof: Mapping[str, str] = field(default_factory=dict)


def sealed(reference: str, manifest_name: str, manifest: bytes, others: Mapping[str, bytes], **more: str) -> FileSet:
    """The set with its marker `REF.done`: a line for every file, the manifest first.

    `more` is further evidence a receipt may name; the manifest's digest it always may.
    """
    files = {manifest_name: manifest, **others}
    lines = [f"{sha256(content)}  {name}\n" for name, content in files.items()]
    proof = {"manifest_sha256": sha256(manifest), **more}
    return FileSet(reference, files, "".join(lines).encode("ascii"), f"{reference}.done", proof=proof)


def require_proof(receipt: Receipt, proof: Mapping[str, str]) -> None:
    """A receipt for other bytes under our reference is for a person to compare."""
    for name, value in proof.items():
        if receipt.evidence.get(name, value) != value:
            raise NeedsHuman(Reason.CONTRADICTION, f"another_{name.removesuffix('_sha256')}_was_filed")


def require_reference(reference: str) -> None:
    """References become file names there, so only their own pattern may pass."""
    if not _REFERENCE.fullmatch(reference):
        raise NeedsHuman(Reason.CONTENT_REFUSED, "reference")


def legal_text(text: str) -> str:
    """The text as XML, and every other manifest, can carry it.

    A character XML has no way to write stops the delivery: dropping one would change a young person's words unseen.
    Line ends become LF, as every XML reader would make them anyway.
    """
    return legal_in_xml(text).replace("\r\n", "\n").replace("\r", "\n")

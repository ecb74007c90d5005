"""Checks on the set itself, before anything in it is looked up."""

from simulators.filedrop.incoming import Incoming
from simulators.filedrop.model import Refusal
from simulators.sftp.marker import read_marker

EICAR = b"".join((rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$", b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!", b"$H+H*"))
"""The scanners' own harmless test string, in pieces so that no scanner takes this file for a find."""


def checksums_match(incoming: Incoming) -> Refusal | None:
    """The marker names this set's files, all of them and no other, manifest first, with the right sums."""
    marker = incoming.files.held("done")
    sums = read_marker(marker.content) if marker else None
    if sums is None or list(sums) != _files_of(incoming):
        return _mismatch()
    held = {name: file.sha256 for name, file in incoming.files.files.items()}
    same = all(held.get(name) == sums[name] for name in sums)
    return None if same and _document_agrees(incoming) else _mismatch()


def _files_of(incoming: Incoming) -> list[str]:
    form = incoming.manifest.form
    document = [f"{incoming.files.reference}.pdf"] if form and form.document else []
    return [incoming.manifest_name, *document]


def _document_agrees(incoming: Incoming) -> bool:
    form, held = incoming.manifest.form, incoming.files.held("pdf")
    if form is None or form.document is None:
        return True
    return held is not None and (len(held.content), held.sha256) == (form.document.size, form.document.sha256)


def _mismatch() -> Refusal:
    return Refusal("CONTENT", {"detail": "CHECKSUM"})


def no_virus(incoming: Incoming) -> Refusal | None:
    """Of documents; a manifest is read, not run."""
    held = incoming.files.held("pdf")
    return Refusal("VIRUS") if incoming.manifest.form and held and EICAR in held.content else None


def not_accepted_before(incoming: Incoming) -> Refusal | None:
    """A refused set may come again, an accepted one may not."""
    first = incoming.accepted
    if first is None:
        return None
    return Refusal("DUPLICATE", {"recordNumber": first.number, "acceptedManifestSha256": first.manifest_sha256})


def permitted(incoming: Incoming) -> Refusal | None:
    """Another authority's set, or a kind the sender has no right to."""
    manifest = incoming.manifest
    mine = manifest.authority == incoming.world.authority
    return None if mine and manifest.kind in incoming.may_file else Refusal("NOT_PERMITTED")

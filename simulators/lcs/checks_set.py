"""Checks on the set itself, before anything in it is looked up."""

from simulators.lcs.case import Case
from simulators.lcs.model import Refusal
from simulators.sftp.marker import read_marker


def checksums_match(case: Case) -> Refusal | None:
    """The marker names this set's files, all of them and no other, with the right sums."""
    marker = case.files.held("done")
    sums = read_marker(marker.content) if marker else None
    if sums is None:
        return _mismatch("the marker is not in the agreed form")
    if set(sums) != _files_of(case):
        return _mismatch("the marker does not name the files of this set")
    held = {name: file.sha256 for name, file in case.files.files.items()}
    return None if all(held.get(name) == sums[name] for name in sums) else _mismatch("a file is missing or differs")


def _files_of(case: Case) -> set[str]:
    suffixes = ["xml", "pdf"] if case.manifest.form else ["xml"]
    return {f"{case.files.reference}.{suffix}" for suffix in suffixes}


def _mismatch(detail: str) -> Refusal:
    return Refusal("CHECKSUM_MISMATCH", detail=detail)


def not_accepted_before(case: Case) -> Refusal | None:
    """A reference is filed once; the answer leads back to what was filed then."""
    return Refusal("DUPLICATE_FILE", record_id=case.accepted_as) if case.accepted_as else None


def authority_served(case: Case) -> Refusal | None:
    """Another authority's child must never be looked up here."""
    return None if case.manifest.authority == case.authority.gss else Refusal("WRONG_AUTHORITY")

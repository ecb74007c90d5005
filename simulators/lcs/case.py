"""What every check looks at."""

from dataclasses import dataclass

from simulators.lcs.manifest import Manifest
from simulators.lcs.model import Authority, FiledRecord, Person
from simulators.sftp.mailbox import FileSet


@dataclass(frozen=True)
class Case:
    """A set with a readable manifest, in front of the authority it was sent to."""

    files: FileSet
    manifest: Manifest
    authority: Authority
    accepted_as: str | None
    """Record number under which this reference was accepted before, if it was."""
    record: FiledRecord | None = None
    """The newest version of the record this set corrects or withdraws, if there is one with that number."""

    @property
    def person(self) -> Person | None:
        return self.authority.people.get(self.manifest.claim.person_id)

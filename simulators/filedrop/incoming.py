"""What every check looks at."""

from dataclasses import dataclass

from simulators.filedrop.manifest import Manifest
from simulators.filedrop.model import Person, Record, World
from simulators.sftp.mailbox import FileSet


@dataclass(frozen=True)
class Incoming:
    """A set with a readable manifest, in front of the system it was sent to."""

    files: FileSet
    manifest: Manifest
    manifest_name: str
    world: World
    may_file: frozenset[str]
    """Kinds the sender has a right to."""
    accepted: Record | None
    """What was accepted under this reference before."""
    record: Record | None
    """The newest version of the form this set corrects or withdraws, if there is one with that number."""

    @property
    def person(self) -> Person | None:
        """A hidden person looks like none."""
        found = self.world.people.get(self.manifest.claim.child_id)
        return None if found is None or found.hidden else found

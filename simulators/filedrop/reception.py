"""From a set that was picked up to its settlement."""

from dataclasses import dataclass

from simulators.filedrop.decide import decide
from simulators.filedrop.incoming import Incoming
from simulators.filedrop.manifest import Manifest, read_manifest
from simulators.filedrop.memory import Memory
from simulators.filedrop.model import Refusal, World
from simulators.filedrop.raw import MAX_BYTES
from simulators.sftp.faults import FileFaults
from simulators.sftp.mailbox import FileSet
from simulators.sftp.safe_xml import BadManifest
from simulators.sftp.settlement import Settlement

LOCKED = "locked"
"""The fault of this exchange alone: the young person's record is open just when a set comes in that would be filed."""

LOCKED_UNTIL = "2099-01-01T00:00:00Z"


@dataclass
class Reception:
    """Decides, and files or refuses. Attributes may be changed while it runs."""

    world: World
    memory: Memory
    faults: FileFaults
    manifest_format: str
    limit: int
    may_file: frozenset[str] = frozenset({"form", "task", "withdrawal"})

    def settle(self, files: FileSet) -> Settlement:
        """One set."""
        held = files.held(self.manifest_format)
        sha256 = held.sha256 if held else None
        decision = self._decide(files)
        if isinstance(decision, Refusal) or sha256 is None:
            return self.memory.refuse(files, decision if isinstance(decision, Refusal) else _BAD, sha256)
        return self.memory.file(files, decision, sha256)

    def _decide(self, files: FileSet) -> Manifest | Refusal:
        held = files.held(self.manifest_format)
        sizes = [len(file.content) for file in files.files.values()]
        if max(sizes) > self.limit or (held and len(held.content) > MAX_BYTES):
            return Refusal("TOO_LARGE")
        try:
            manifest = read_manifest(held.content if held else b"", self.manifest_format, files.reference)
        except BadManifest:
            return _BAD
        return decide(self._incoming(files, manifest)) or self._locked(files) or manifest

    def _incoming(self, files: FileSet, manifest: Manifest) -> Incoming:
        return Incoming(
            files=files,
            manifest=manifest,
            manifest_name=f"{files.reference}.{self.manifest_format}",
            world=self.world,
            may_file=self.may_file,
            accepted=self.memory.accepted(files.reference),
            record=self.memory.newest(manifest.record) if manifest.record else None,
        )

    def _locked(self, files: FileSet) -> Refusal | None:
        met = self.faults.meets(f"/{files.reference}", (LOCKED,), is_read=False)
        return Refusal("LOCKED", {"lockedUntil": LOCKED_UNTIL}) if met else None


_BAD = Refusal("CONTENT", {"detail": "MANIFEST"})

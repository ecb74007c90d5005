"""One authority's LCS: its folder, key, people, importer and SFTP port."""

from pathlib import Path

from simulators.lcs.folder_lock import FolderLock
from simulators.lcs.host_key import load_or_create
from simulators.lcs.importer import Importer
from simulators.lcs.knobs import Knobs
from simulators.lcs.mailbox import Mailbox
from simulators.lcs.model import Authority, FiledRecord, Person, RefusedSet, Withdrawal
from simulators.lcs.poller import Poller
from simulators.lcs.ssh_endpoint import SshEndpoint
from simulators.lcs.store import Store


class LcsInstance(Knobs):
    """Its own knobs are its attributes: `instance.paused = True`. Everything here is safe from any thread.

    `folder` holds the key, the memory and the documents; `root` inside it is all a client can see.
    """

    def __init__(self, authority: Authority, folder: Path, authorized: frozenset[bytes], port: int) -> None:
        super().__init__()
        self.authority, self.folder, self.root = authority, folder, folder / "sftp"
        self.port = port
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = FolderLock(folder)
        self._store = Store(folder, authority)
        self.importer = Importer(authority, Mailbox(self.root), self._store, knobs=self)
        self._key = load_or_create(folder)
        self._endpoint = SshEndpoint(authority.user, authorized, self.root, knobs=self)
        self._poller: Poller | None = None

    @property
    def slug(self) -> str:
        return self.authority.slug

    @property
    def user(self) -> str:
        return self.authority.user

    @property
    def host_key_fingerprint(self) -> str:
        """As OpenSSH shows it: `SHA256:…`."""
        return self._key.get_fingerprint()

    async def open(self) -> None:
        """Runs on the simulator's event loop."""
        self._lock.acquire()
        self.port = await self._endpoint.open(self.port, self._key)
        self._poller = Poller(self.importer, self, self.slug)
        self._poller.start()

    async def close(self) -> None:
        """Also cleans up after an `open` that failed half way."""
        await self._endpoint.close()
        if self._poller is not None:
            self._poller.stop()
        self._poller = None
        self._lock.release()

    def filed(self, reference: str | None = None) -> list[FiledRecord]:
        """What has been filed, in order, every version of it; with a reference, that one or nothing."""
        return [record for record in self._store.filed() if reference in (None, record.reference)]

    def versions(self, record_id: str) -> list[FiledRecord]:
        """The versions of one record, oldest first; empty when there is no such record."""
        return [record for record in self._store.filed() if record.record_id == record_id]

    def withdrawals(self) -> list[Withdrawal]:
        """Every record withdrawn, in order."""
        return self._store.withdrawals()

    def refusals(self) -> list[RefusedSet]:
        """Every refusal decided, oldest first."""
        return self._store.refusals()

    def set_person(self, person: Person) -> None:
        """Changes or adds a row, as if somebody had done so on screen. Forgotten on restart."""
        self.authority.people[person.person_id] = person

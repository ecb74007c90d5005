"""One authority's LCS: its folder, key, people, importer and SFTP port."""

from pathlib import Path

from simulators.lcs.decide import decide
from simulators.lcs.model import Authority, FiledRecord, Person, Refusal, RefusedSet, Withdrawal
from simulators.lcs.store import Store
from simulators.sftp.importer import Importer
from simulators.sftp.knobs import Knobs
from simulators.sftp.layout import Layout
from simulators.sftp.mailbox import FileSet, Mailbox
from simulators.sftp.server import ExchangeServer, root_of
from simulators.sftp.settlement import Settlement

LAYOUT = Layout("inbox", "archive", "outbox", "outbox/collected", ("xml", "pdf"))


class LcsInstance(Knobs):
    """Its own knobs are its attributes: `instance.paused = True`. Everything here is safe from any thread.

    `folder` holds the key, the memory and the documents; `root` inside it is all a client can see.
    """

    def __init__(self, authority: Authority, folder: Path, authorized: frozenset[bytes], port: int) -> None:
        super().__init__()
        self.authority, self.folder, self.root = authority, folder, root_of(folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._store = Store(folder, authority)
        self.importer = Importer(authority.slug, Mailbox(self.root, LAYOUT), self._store, self._settle, knobs=self)
        self.server = ExchangeServer(folder, authority.user, authorized, self.importer, self, port)

    @property
    def slug(self) -> str:
        return self.authority.slug

    @property
    def user(self) -> str:
        return self.authority.user

    @property
    def port(self) -> int:
        """Of SFTP; the one asked for until the simulator has started."""
        return self.server.port

    @property
    def host_key_fingerprint(self) -> str:
        """As OpenSSH shows it: `SHA256:…`."""
        return self.server.host_key_fingerprint

    def _settle(self, files: FileSet) -> Settlement:
        decision = decide(files, self.authority, self._store)
        if isinstance(decision, Refusal):
            return self._store.refuse(files, decision)
        return self._store.withdraw(files, decision) if decision.withdraw else self._store.file(files, decision)

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

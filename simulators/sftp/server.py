"""A folder served over SFTP: lock, host key, SSH port and the importer's thread, opened and closed together."""

from pathlib import Path

from simulators.sftp import host_key
from simulators.sftp.access import Access
from simulators.sftp.folder_lock import FolderLock
from simulators.sftp.importer import Importer
from simulators.sftp.knobs import Knobs
from simulators.sftp.poller import Poller
from simulators.sftp.ssh_endpoint import SshEndpoint


class ExchangeServer:
    """`open`, `close` and `change_host_key` run on the simulator's event loop. A second `open` takes the same port.

    `folder` holds the key and what the importer remembers; `root` inside it is all a client can see.
    """

    def __init__(
        self, folder: Path, user: str, authorized: frozenset[bytes], importer: Importer, knobs: Knobs, port: int
    ) -> None:
        self.port, self.user, self._folder = port, user, folder
        self._importer, self._knobs = importer, knobs
        self._lock = FolderLock(folder)
        self._key = host_key.load_or_create(folder)
        access = Access(importer.mailbox.layout)
        self._endpoint = SshEndpoint(user, authorized, root_of(folder), access, knobs)
        self._poller: Poller | None = None

    @property
    def host_key_fingerprint(self) -> str:
        """As OpenSSH shows it: `SHA256:…`."""
        return self._key.get_fingerprint()

    async def open(self) -> None:
        """Nothing is picked up before this."""
        self._lock.acquire()
        self.port = await self._endpoint.open(self.port, self._key)
        self._poller = Poller(self._importer, self._knobs, self._folder.name)
        self._poller.start()

    async def close(self) -> None:
        """Also cleans up after an `open` that failed half way."""
        await self._endpoint.close()
        if self._poller is not None:
            self._poller.stop()
        self._poller = None
        self._lock.release()

    async def change_host_key(self) -> None:
        """As if the server had been set up anew: another key on the same port, and kept from now on."""
        await self._endpoint.close()
        self._key = host_key.replace(self._folder)
        self.port = await self._endpoint.open(self.port, self._key)


def root_of(folder: Path) -> Path:
    """What a client sees of a simulator's folder."""
    return folder / "sftp"

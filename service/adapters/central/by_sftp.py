"""By SFTP: written under a temporary name, brought onto the disk, renamed, and read back."""

from __future__ import annotations

import contextlib

from service.adapters.sftp import FAILURES, Endpoint, Folder, in_session
from service.domain.delivery import Reason
from service.domain.sending import Receipt
from service.errors import DeliveryProblem, NeedsHuman, NothingSent, OutcomeUnknown
from service.ports.sending import There

Found = Receipt | There


class SftpAddress:
    """`service.ports.sending.CentralAddress` in one folder, whose path ends with a slash."""

    def __init__(self, endpoint: Endpoint, folder: str, seconds: float) -> None:
        self._endpoint, self._folder, self._seconds = endpoint, folder, seconds

    def look(self, quarter: str, file: str, content: bytes) -> Found:
        """By the bytes themselves."""
        return in_session(self._endpoint, self._seconds, lambda there: self._look(there, quarter, file, content))

    def send(self, quarter: str, file: str, content: bytes) -> Found:
        """Nothing has the final name until the whole file does."""
        found = in_session(self._endpoint, self._seconds, lambda there: self._send(there, quarter, file, content))
        if isinstance(found, DeliveryProblem):  # raised out here, so that it drags nothing of the session along
            raise found
        return found

    def _path(self, quarter: str, file: str) -> str:
        """The name under which the file is saved when it is pulled."""
        return f"{self._folder}wise-bridge-{quarter.lower()}-{file}"

    def _look(self, there: Folder, quarter: str, file: str, content: bytes) -> Found:
        path = self._path(quarter, file)
        found = there.read(path, len(content)) if there.find(path) else None
        if found is not None:
            return {"size": len(found)} if found == content else There.OTHER_BYTES
        if not there.is_folder(self._folder):
            raise NothingSent(Reason.UNAVAILABLE, "folder_missing")  # a share that is away says nothing about files
        return There.NOTHING

    def _send(self, there: Folder, quarter: str, file: str, content: bytes) -> Found | DeliveryProblem:
        found = self._look(there, quarter, file, content)
        if found is not There.NOTHING:
            return found
        path = self._path(quarter, file)
        try:
            there.put(f"{path}.part", content)
            there.sync(f"{path}.part")
        except PermissionError:
            return NeedsHuman(Reason.NOT_PERMITTED)
        with contextlib.suppress(*FAILURES):
            there.place(f"{path}.part", path)
            found = self._look(there, quarter, file, content)
            return {"size": len(content)} if found is There.NOTHING else found  # it was collected at once
        return OutcomeUnknown(Reason.NO_CLEAR_ANSWER, "rename_or_reading_back")

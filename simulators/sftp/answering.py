"""Puts answers in the outbox, in one piece; or, on a bad day, in some other way."""

import threading
from pathlib import Path

from simulators.sftp.faults import AT_THE_ANSWER
from simulators.sftp.knobs import Knobs
from simulators.sftp.mailbox import Mailbox

PARTIAL_SECONDS = 0.5
_PAGE = b"<!doctype html><html lang='en'><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>"


class Answering:
    """The last step of an importer."""

    def __init__(self, mailbox: Mailbox, knobs: Knobs) -> None:
        self._mailbox, self._knobs = mailbox, knobs

    def answer(self, name: str, content: bytes) -> None:
        """Writes the answer as the fault that is due would have it."""
        path = f"/{self._mailbox.layout.outbox}/{name}"
        fault = self._knobs.faults.meets(path, AT_THE_ANSWER, is_read=False)
        if fault == "partial_answer":
            self._in_two_steps(self._mailbox.outbox / name, content)
        elif fault != "no_answer":
            instead = {"garbage": content[: len(content) // 2], "login_page": _PAGE}
            self._mailbox.answer(name, instead.get(fault or "", content))

    def _in_two_steps(self, path: Path, content: bytes) -> None:
        """As a system without rename does it: under the final name from the start."""
        half = len(content) // 2
        path.write_bytes(content[:half])
        threading.Timer(PARTIAL_SECONDS, _append, (path, content[half:])).start()


def _append(path: Path, rest: bytes) -> None:
    """Whoever moved the half answer away finds the rest under the old name, as it would be."""
    with path.open("ab") as file:
        file.write(rest)

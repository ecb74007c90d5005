"""The importer's thread."""

import logging
import threading

from simulators.sftp.importer import Importer
from simulators.sftp.knobs import Knobs

log = logging.getLogger(__name__)


class Poller:
    """Looks at the inbox, waits, looks again. Stopping lets the step in hand finish."""

    def __init__(self, importer: Importer, knobs: Knobs, name: str) -> None:
        self._importer, self._knobs = importer, knobs
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"importer-{name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._importer.run_once(self._stop.is_set)
            except Exception:
                log.exception("a round of the importer failed; the next one tries again")
            self._stop.wait(self._knobs.poll_seconds)

"""Picks sets up, decides, files, clears away and answers.

Deciding is one transaction; everything after it can be done again from the settlement
list. So a crash at any point neither files a set twice nor loses its answer.
"""

import logging
import time
from collections.abc import Callable
from functools import partial

from simulators.sftp.answering import Answering
from simulators.sftp.knobs import Knobs
from simulators.sftp.mailbox import FileSet, Mailbox
from simulators.sftp.settlement import Settlement, Settlements

log = logging.getLogger(__name__)
Settle = Callable[[FileSet], Settlement]


class Importer:
    """One per inbox, used by one thread. `settle` decides about a set and files or refuses it."""

    def __init__(self, name: str, mailbox: Mailbox, settlements: Settlements, settle: Settle, knobs: Knobs) -> None:
        self._name, self.mailbox, self._settlements = name, mailbox, settlements
        self._settle, self._knobs, self._answering = settle, knobs, Answering(mailbox, knobs)

    def run_once(self, stopping: Callable[[], bool] = lambda: False) -> None:
        """What an earlier run left undone comes before anything new is picked up."""
        self.finish()
        for reference in [] if self._knobs.paused else self.mailbox.waiting():
            if stopping():
                return
            self._careful(partial(self.take, reference))

    def finish(self) -> None:
        """Clears away and answers whatever is due."""
        for settlement in self._settlements.unfinished():
            self._careful(partial(self._finish, settlement))

    def take(self, reference: str) -> None:
        """One set, from marker to answer."""
        files = self.mailbox.read(reference)
        if files is not None and not self._being_settled(files):
            self._finish(self._settle(files))

    def _being_settled(self, files: FileSet) -> bool:
        """Decided, but clearing away failed: the same marker again is no second delivery."""
        marker = f"{files.reference}.done"
        open_markers = {item.files.get(marker) for item in self._settlements.unfinished() if not item.tidied}
        return files.identities[marker] in open_markers

    def _finish(self, settlement: Settlement) -> None:
        if not settlement.tidied:
            self.mailbox.tidy(settlement.files)
            self._settlements.mark_tidied(settlement)
        if self._due(settlement):
            self._answering.answer(settlement.answer_name, settlement.answer)
            self._settlements.mark_answered(settlement)

    def _due(self, settlement: Settlement) -> bool:
        waited = time.time() - settlement.settled_at
        return not self._knobs.withhold_answers and waited >= self._knobs.answer_delay_seconds

    def _careful(self, step: Callable[[], None]) -> None:
        """One set that cannot be handled now must not hold up the others; the next round tries again."""
        try:
            step()
        except Exception:
            log.exception("importer %s: a step failed and will be tried again", self._name)

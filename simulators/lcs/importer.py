"""Picks sets up, decides, files, clears away and answers.

Deciding is one transaction; everything after it can be done again from the settlement
list. So a crash at any point neither files a set twice nor loses its answer.
"""

import logging
import time
from collections.abc import Callable
from functools import partial

from simulators.lcs.decide import decide
from simulators.lcs.knobs import Knobs
from simulators.lcs.mailbox import FileSet, Mailbox
from simulators.lcs.model import Authority, Refusal
from simulators.lcs.store import Settlement, Store

log = logging.getLogger(__name__)


class Importer:
    """One per instance, used by one thread."""

    def __init__(self, authority: Authority, mailbox: Mailbox, store: Store, knobs: Knobs) -> None:
        self._authority, self.mailbox, self.store, self._knobs = authority, mailbox, store, knobs

    def run_once(self, stopping: Callable[[], bool] = lambda: False) -> None:
        """What an earlier run left undone comes before anything new is picked up."""
        self.finish()
        for reference in [] if self._knobs.paused else self.mailbox.waiting():
            if stopping():
                return
            self._careful(partial(self.take, reference))

    def finish(self) -> None:
        """Clears away and answers whatever is due."""
        for settlement in self.store.unfinished():
            self._careful(partial(self._finish, settlement))

    def take(self, reference: str) -> None:
        """One set, from marker to answer."""
        files = self.mailbox.read(reference)
        if files is not None and not self._being_settled(files):
            self._finish(self._decide(files))

    def _being_settled(self, files: FileSet) -> bool:
        """Decided, but clearing away failed: the same marker again is no second delivery."""
        marker = f"{files.reference}.done"
        open_markers = {item.files.get(marker) for item in self.store.unfinished() if not item.tidied}
        return files.identities[marker] in open_markers

    def _decide(self, files: FileSet) -> Settlement:
        decision = decide(files, self._authority, self.store)
        if isinstance(decision, Refusal):
            return self.store.refuse(files, decision)
        return self.store.withdraw(files, decision) if decision.withdraw else self.store.file(files, decision)

    def _finish(self, settlement: Settlement) -> None:
        if not settlement.tidied:
            self.mailbox.tidy(settlement.files)
            self.store.mark_tidied(settlement)
        if self._due(settlement):
            self.mailbox.answer(settlement.answer_name, settlement.answer)
            self.store.mark_answered(settlement)

    def _due(self, settlement: Settlement) -> bool:
        waited = time.time() - settlement.settled_at
        return not self._knobs.withhold_answers and waited >= self._knobs.answer_delay_seconds

    def _careful(self, step: Callable[[], None]) -> None:
        """One set that cannot be handled now must not hold up the others; the next round tries again."""
        try:
            step()
        except Exception:
            log.exception("LCS %s: a step failed and will be tried again", self._authority.slug)

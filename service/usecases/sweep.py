"""Find everything that is due. The broker may lose every message: this finds the row all the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from service.ports import Casework, Wakeup
from service.usecases.recheck import TrainingRechecker

BATCH = 200


@dataclass(frozen=True)
class Sweeper:
    """Looks at each authority's lane in turn, so that a full one never hides another."""

    casework: Casework
    wakeup: Wakeup
    authorities: Iterable[str]
    rechecker: TrainingRechecker

    def sweep(self) -> int:
        """Lets go what a late registration of training has settled, then wakes what is due; returns how many."""
        woken = self.rechecker.look()
        for authority in self.authorities:
            with self.casework.transaction(authority) as tx:
                due = tx.deliveries.due(BATCH)
            for delivery_id in due:
                self.wakeup.look_now(str(delivery_id))
            woken += len(due)
        return woken

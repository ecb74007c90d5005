"""One seed from its beginning to its end, and what came of it."""

from __future__ import annotations

import time
import traceback
from collections import Counter
from dataclasses import dataclass, field

from tests.simulation.baton import Violation
from tests.simulation.world import World


@dataclass(frozen=True)
class Result:
    """`violation` is None when all held. `checked` counts each promise by its words. `cpu` is in seconds."""

    seed: int
    steps: int
    killed: int
    frozen: int
    look_ups: int
    resends: int
    records: int
    checked: Counter[str] = field(repr=False)
    violation: str | None = None
    cpu: float = 0.0
    last: tuple[str, ...] = field(default=(), repr=False)

    def told(self) -> str:
        """Everything that is needed to see it again."""
        again = f"python -m tests.simulation --seed {self.seed} --trace"
        return "\n".join([f"Seed {self.seed}: {self.violation}", "The last steps:", *self.last, f"Again: {again}"])


def run_seed(seed: int, *, trace: bool = False) -> Result:
    """The same seed is the same run, on any machine."""
    began = time.process_time()
    world = World(seed, trace=trace)
    violation = None
    try:
        world.run()
    except Violation as found:
        violation = str(found)
    except Exception:  # noqa: BLE001 - whatever the service let through is a finding too
        violation = traceback.format_exc()
    return Result(
        seed=seed,
        steps=world.baton.steps,
        killed=world.killed,
        frozen=world.frozen,
        look_ups=sum(len(told) for place in world.places.values() for told in place.answers.values()),
        resends=world.check.resends,
        records=len(world.check.accepted),
        checked=world.check.checked,
        violation=violation,
        cpu=time.process_time() - began,
        last=world.baton.last,
    )

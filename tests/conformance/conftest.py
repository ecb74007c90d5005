"""Which faults a connector is tried with: all that its kind of system can show."""

from __future__ import annotations

import pytest

from tests.conformance.expected import ANSWERS_AMISS, BY_TRANSPORT
from tests.conformance.world import MORE_REFUSALS, World


def _parameters(world: type[World]) -> dict[str, list[str]]:
    faults = BY_TRANSPORT[world.transport]
    return {
        "reading_fault": [name for name, each in faults.items() if each.reading],
        "writing_fault": [name for name, each in faults.items() if each.writing],
        "answer_fault": list(ANSWERS_AMISS),
        "other_person": list(MORE_REFUSALS),
    }


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A class names its world's kind as `World`; what cannot happen there is left out, and says why."""
    asked = {"reading_fault", "writing_fault", "answer_fault", "other_person"} & set(metafunc.fixturenames)
    if asked:
        world = metafunc.cls.World
        for name in sorted(asked):
            every = _parameters(world)[name]
            metafunc.parametrize(name, [each for each in every if each not in world.cannot_happen])

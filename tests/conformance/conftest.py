"""Which faults a connector is tried with: all that its kind of system can show."""

from __future__ import annotations

import pytest

from tests.conformance.faults import FAULTS
from tests.conformance.world import MORE_REFUSALS

PARAMETERS = {
    "reading_fault": [name for name, each in FAULTS.items() if each.reading],
    "writing_fault": [name for name, each in FAULTS.items() if each.writing],
    "other_person": list(MORE_REFUSALS),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A class names its world's kind as `World`; what cannot happen there is left out, and says why."""
    for name, every in PARAMETERS.items():
        if name in metafunc.fixturenames:
            never = metafunc.cls.World.cannot_happen
            metafunc.parametrize(name, [each for each in every if each not in never])

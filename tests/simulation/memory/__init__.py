"""The casework store in memory, for the simulation; held against PostgreSQL by `tests/simulation/conformance`."""

from tests.simulation.memory.store import MemoryCasework
from tests.simulation.memory.tables import Change, Memory, Row, RuleBroken

__all__ = ["Change", "Memory", "MemoryCasework", "Row", "RuleBroken"]

"""Real faults against real processes: `python -m tests.faults` prints what was lost, doubled or left unknown."""

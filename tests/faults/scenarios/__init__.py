"""One file a scenario; each registers itself (see `tests.faults.outcome`)."""

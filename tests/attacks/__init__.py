"""Attacks on the running service from outside, over HTTP alone. `python -m tests.attacks`; docs/attacks.md."""

"""Mosaic over REST/JSON, as `docs/protocols/mosaic-steps.md` describes it."""

"""Telling an authority's own systems what became of their records: looking after the addresses, and telling."""

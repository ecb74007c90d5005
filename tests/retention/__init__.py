"""Bodies that end, and what must not."""

"""The REST surface: one resource a file; parse, call a use case, answer."""

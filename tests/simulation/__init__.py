"""Deterministic simulation: real use cases, a store in memory, ten case systems, and a seed that decides the rest."""

"""Exactly what would be sent, for each authority and each sample, of one example of each kind of record.

A change to a mapping, a form or a profile shows here as a difference that a person can read. When it is meant:

    .venv/bin/python -m tests.golden
"""

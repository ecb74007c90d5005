"""Releases: made from the facts, protected, audited, approved by a second person, and frozen."""

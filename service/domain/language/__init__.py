"""Advice on wording (domain model, 2.5): it points at a phrase and says what to think of, and never changes a word."""

from service.domain.language.checker import Advice, Checker
from service.domain.language.families import Families, FamiliesInvalid, Family, FileFault, parse_families

__all__ = ["Advice", "Checker", "Families", "FamiliesInvalid", "Family", "FileFault", "parse_families"]

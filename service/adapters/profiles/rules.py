"""What an authority decides about the rules: the section `rules` of its profile. All of it may be left out."""

from __future__ import annotations

from service.adapters.mapping.yamlfile import Entry
from service.adapters.profiles.entries import values
from service.adapters.profiles.keys import RULES
from service.adapters.profiles.model import Rules


def read_rules(entry: Entry | None) -> Rules:
    """The section, or what holds without one."""
    return Rules(**values(entry, RULES))

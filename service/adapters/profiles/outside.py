"""Where an authority's connections may go: the section `egress`, an entry for each target."""

from __future__ import annotations

from collections.abc import Sequence

from service.adapters.egress import Egress, Rule, here, read_rule
from service.adapters.mapping.yamlfile import Entry, is_list, items, text
from service.adapters.profiles.entries import part
from service.adapters.profiles.keys import EGRESS_RULE


def read_egress(entry: Entry | None) -> Egress | None:
    """The rules; None without the section. An empty list would allow nothing, and is a fault."""
    if entry is None:
        return None
    entries = items(entry)
    if is_list(entry) and not entries:
        entry.fault("Nothing could be called.", "Name the case system, or leave 'egress' out.")
    rules = [_rule(each) for each in entries]
    return Egress(tuple(rule for rule in rules if rule is not None), here())


def _rule(entry: Entry) -> Rule | None:
    """Missing keys are told with the section; everything else by the reader of rules, at its own place."""
    found = part(entry, EGRESS_RULE)
    missing = [name for name, key in EGRESS_RULE.items() if key.required and name not in found]
    rule, findings = read_rule({name: _plain(value) for name, value in found.items()}, here())
    for name, detail, fix in findings:
        if name in found:
            found[name].fault(detail, fix)
    return None if missing else rule


def _plain(entry: Entry) -> str | Sequence[str]:
    if is_list(entry):
        return [text(item) for item in items(entry)]
    return "" if entry.scalar is None else str(entry.scalar)

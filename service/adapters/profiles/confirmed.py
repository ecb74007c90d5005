"""Which keys of a profile somebody has confirmed, and which are still assumed: the section `confirmed`.

What depends on an authority's own set-up was written down before anybody could ask. It counts as assumed until its
key, or one above it, stands here with who confirmed it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ruamel.yaml.nodes import MappingNode

from service.adapters.mapping.yamlfile import Entry, pairs, text
from service.adapters.profiles.entries import nearest

_ASKED = ("case_system", "records", "review", "support_plan", "rules", "documents")
"""What an authority has to confirm. Where and as whom it gives us itself, and how hard to press is ours to say."""


def read_confirmed(entry: Entry | None, profile: Entry) -> dict[str, str]:
    """Each confirmed key with who says so."""
    if entry is None:
        return {}
    known = list(_paths(profile))
    found = pairs(entry)
    for name, said in found:
        if name not in known:
            said.fault("There is no such key in this profile.", f"{nearest(name, known)}Name a key that is written.")
    return {name: text(said) for name, said in found}


def to_confirm(profile: Entry, confirmed: Mapping[str, str]) -> tuple[str, ...]:
    """The written keys that nobody has confirmed, in their order."""
    return tuple(path for path in _paths(profile, leaves=True) if not _covered(path, confirmed))


def _covered(path: str, confirmed: Mapping[str, str]) -> bool:
    return any(path == each or path.startswith(f"{each}.") for each in confirmed)


def _paths(entry: Entry, *, leaves: bool = False, above: str = "") -> Iterator[str]:
    for name, value in _inside(entry):
        if not above and name not in _ASKED:
            continue
        path = f"{above}.{name}".lstrip(".")
        below = _inside(value)
        if not (below and leaves):
            yield path
        yield from _paths(value, leaves=leaves, above=path)


def _inside(entry: Entry) -> list[tuple[str, Entry]]:
    """The keys without judging them."""
    found = entry.node.value if isinstance(entry.node, MappingNode) else []
    return [(str(key.value), entry.at(str(key.value), value)) for key, value in found]

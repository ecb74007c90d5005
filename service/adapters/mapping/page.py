"""The renderings as a table for people: docs/mapping.md holds what this makes, and a test keeps it so."""

from __future__ import annotations

from service.adapters.mapping.renderings import RENDERINGS, Rendering

_HEAD = "| `as` | takes | says, for example | |\n|---|---|---|---|"


def table() -> str:
    """Markdown, one row a rendering, in the order of the list."""
    rows = (f"| `{name}` | {each.kinds} | {each.example} | {_notes(each)} |" for name, each in RENDERINGS.items())
    return "\n".join((_HEAD, *rows))


def _notes(rendering: Rendering) -> str:
    """What a person has to know to use it."""
    notes = {
        "the list as one answer": rendering.folds,
        "takes `codes`": rendering.coded,
        "takes `continues_in`": rendering.prose,
        "a part of the date": rendering.carries < frozenset({"day", "month", "year"}) and bool(rendering.carries),
        "sends nothing of the record": not rendering.carries,
    }
    return "; ".join(note for note, holds in notes.items() if holds)

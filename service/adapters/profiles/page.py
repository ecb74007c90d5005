"""The keys of a profile as tables for people: docs/profiles.md holds what this makes, and a test keeps it so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from service.adapters.profiles.keys import FORMAT, Key
from service.adapters.profiles.schema import ConnectorSchema, Setting

_HEAD = "| key | meaning | takes | left out |\n|---|---|---|---|"


def tables(connectors: Mapping[str, ConnectorSchema], sinks: Mapping[str, ConnectorSchema]) -> str:
    """Markdown: the keys every profile has, then what each kind of connector asks for."""
    rows = [_row(f"{place}.{name}".lstrip("."), key) for place, keys in FORMAT.items() for name, key in keys.items()]
    parts = ["\n".join([_HEAD, *rows]), *_kinds("Connector", connectors), *_kinds("Document system", sinks)]
    return "\n\n".join(parts)


def _row(name: str, key: Key) -> str:
    return f"| `{name}` | {key.meaning} | {_takes(key)} | {'needed' if key.required else key.usual} |"


def _takes(key: Key) -> str:
    words = ", ".join(f"`{word}`" for word in key.known)
    return {
        "whole": f"{key.low} to {key.high:,}",
        "flag": "true or false",
        "choice": words,
        "choices": f"a list of {words}",
        "texts": "a list",
        "pattern": "a regular expression",
        "date": 'a date in quotes, as "2011-05-17"',
        "section": "more keys",
    }.get(key.kind, "text")


def _kinds(title: str, kinds: Mapping[str, ConnectorSchema]) -> Iterator[str]:
    for kind, asked in kinds.items():
        yield f"### {title} `{kind}`"
        yield "\n".join(["| key | takes | |", "|---|---|---|", *_settings(asked)])


def _settings(asked: ConnectorSchema) -> Iterator[str]:
    places = {"connection": asked.connection, "target": asked.target, "task": asked.task}
    for place, settings in places.items():
        for name, setting in settings.items():
            yield f"| `{place}.{name}` | {_kind(setting)} | {_note(setting)} |"


def _kind(setting: Setting) -> str:
    if setting.secret:
        return "a reference only"
    if setting.choices:
        return ", ".join(f"`{word}`" for word in setting.choices)
    return "a whole number" if setting.kind == "number" else "text, or a list" if setting.several else "text"


def _note(setting: Setting) -> str:
    return "; ".join(note for note in (setting.meaning, "" if setting.required else "may be left out") if note)

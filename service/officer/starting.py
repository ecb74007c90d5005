"""A profile to begin with: it loads at once, and says at each value who has to be asked for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap

from ruamel.yaml.nodes import MappingNode, Node

from service.adapters.mapping import Files
from service.adapters.mapping.reading import FOLDER as MAPPINGS
from service.adapters.profiles import ConnectorSchema, Setting
from service.adapters.registry import schemas
from service.domain import words
from service.domain.codes import RECORD_TYPES
from service.domain.records import RECORDS
from service.officer.confirming import NUMBER, TO_BE_CONFIRMED
from service.officer.errors import CannotRun
from service.officer.meant import nearest

LINE = 116
ASK = "# to be confirmed"
_PLAIN = "plain"


@dataclass(frozen=True)
class Start:
    """Whose profile it is to be, of which kind, and what it is called. `product` is the case system's own name.

    `used` are the connection's keys to begin with, as another file of the kind has them; the rest stands behind a `#`.
    """

    code: str
    name: str
    slug: str
    schema: ConnectorSchema
    product: str
    mappings: str
    used: Mapping[str, str]
    schema_line: str = ""

    def variable(self, setting: str) -> str:
        """`TRAFFORD_MOSAIC_API_KEY`."""
        return re.sub(r"[^A-Z0-9]+", "_", f"{self.slug}_{self.schema.kind}_{setting}".upper())

    def variables(self) -> list[str]:
        """Every environment variable that the profile refers to."""
        return [
            self.variable(name) for name, each in self.schema.connection.items() if name in self.used and _hidden(each)
        ]


def schema_of(system: str) -> ConnectorSchema:
    """What a kind of case system asks for. Raises `CannotRun` with the nearest kinds."""
    known = schemas()
    if system in known:
        return known[system]
    near = nearest(system, known)
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    raise CannotRun(f"There is no kind of case system '{system}'. {hint}Known: {', '.join(known)}.")


def mappings_for(config: Path, kind: str) -> str:
    """The folder of mappings to begin with: the kind's own, that of its product, or the plain one."""
    for folder in (kind, kind.partition("_")[0], _PLAIN):
        if all((config / MAPPINGS / folder / f"{record}.yaml").is_file() for record in RECORDS):
            return folder
    raise CannotRun(f"There is no whole set of mappings for {kind} in {config}/{MAPPINGS}, and no plain one.")


def keys_in_use(config: Path, schema: ConnectorSchema) -> dict[str, str]:
    """The keys that this kind demands, and those an authority or a sample gives: one way in, of several."""
    files = Files(config)
    required = {name: "" for name, each in schema.connection.items() if each.required}
    for folder in ("authorities", "samples"):
        for path in sorted((config / folder).glob("*.yaml")):
            entry = files.read(f"{folder}/{path.name}")
            found = _plain_keys(entry.node) if entry else {}
            if (said := found.get("connector")) and said.value == schema.kind and "connection" in found:
                given = _plain_keys(found["connection"])
                return required | {name: str(given[name].value) for name in schema.connection if name in given}
    return required


def _plain_keys(node: Node | None) -> dict[str, Node]:
    return {str(key.value): value for key, value in node.value} if isinstance(node, MappingNode) else {}


def text_of(start: Start) -> str:
    """The profile as YAML."""
    return "\n".join([*_head(start), *_records(start), *_middle(start), *_connection(start), *_end()]) + "\n"


def _head(start: Start) -> Iterator[str]:
    if start.schema_line:
        yield start.schema_line
    yield f"# {start.name}. Begun from a template: nothing in it is confirmed by {start.name} yet."
    yield "# Ask for every value marked 'to be confirmed'. When somebody has said so, name its key under 'confirmed'."
    yield "# A credential is given as a reference (env:NAME, file:/path or vault:mount/data/path#key)."
    yield ""
    yield f"authority: {start.code}"
    yield f"name: {_text(start.name)}"
    yield f"slug: {start.slug} # the same as the file's name"
    yield "in_use: false # true takes records and delivers them; first all below must be right"
    yield f"case_system: {_text(start.product)} {ASK}: the product's name, as people read it"
    yield f"connector: {start.schema.kind}"


def _records(start: Start) -> Iterator[str]:
    yield from ("", "records: # leave a record type out that this authority does not use")
    for kind in RECORDS:
        yield f"  {kind}:"
        yield f"    label: {_text(words.words(RECORD_TYPES, kind))} {ASK}: the form's name there"
        yield f"    mapping: {start.mappings}/{kind}.yaml {ASK}: each question's code; see docs/mapping.md"
        yield f'    # templates: ["edition/2026.1"] {ASK}: editions of the form that are in use; left out: any'
        yield "    target:"
        yield from _settings(start.schema.target, "      ")


def _middle(start: Start) -> Iterator[str]:
    yield from ("", "review:")
    yield f"  interval_months: 3 {ASK}"
    yield f"  window_days: 14 {ASK}: days around the date that count as on time"
    yield "  task: # where a review that is due goes"
    yield from _settings(start.schema.task, "    ")
    yield from ("", "support_plan:", f"  items_max: 4 {ASK}: things a plan may hold at a time", "")
    yield f"# rules: {ASK}: training, panels, deputies, child references; see docs/rules.md"
    yield f"#   panels: [Name of a panel] {ASK}"


def _settings(asked: Mapping[str, Setting], indent: str) -> Iterator[str]:
    """What the authority's own system calls things. None has a value of ours that could be mistaken for theirs."""
    if not any(setting.required for setting in asked.values()):
        yield f"{indent}{{}}"
    for name, setting in asked.items():
        yield from _line(indent, f"{'' if setting.required else '# '}{name}: {_begun(setting)} {ASK}", setting.meaning)


def _line(indent: str, written: str, meaning: str) -> Iterator[str]:
    """The meaning behind it, or above it where the line would grow too long."""
    meant = " ".join(meaning.split())
    whole = f"{indent}{written}: {meant}" if meant else f"{indent}{written}"
    if len(whole) <= LINE:
        yield whole
        return
    yield from (f"{indent}# {each}" for each in wrap(meant, LINE - len(indent) - 2))
    yield f"{indent}{written}"


def _begun(setting: Setting) -> str:
    if setting.choices:
        return setting.choices[0]
    return str(NUMBER) if setting.kind == "number" else f'"{TO_BE_CONFIRMED}"'


def _connection(start: Start) -> Iterator[str]:
    yield from ("", "connection: # where it is and who we are there")
    if not start.used:
        yield "  {}"
    for name, setting in start.schema.connection.items():
        value = f"env:{start.variable(name)}" if _hidden(setting) else _chosen(start.used.get(name, ""), setting)
        yield from _line("  ", f"{'' if name in start.used else '# '}{name}: {value} {ASK}", setting.meaning)
    yield ""
    yield "# egress: # the only addresses that may be called; left out: the connection's own, where that is public"
    yield f"#   - {{scheme: https, host: case-system.example, port: 443, networks: [10.20.0.0/16]}} {ASK}"


def _end() -> Iterator[str]:
    yield from ("", "confirmed: {} # as {case_system: 'who says so, and when'}")


def _chosen(said: str, setting: Setting) -> str:
    """The word another file of the kind has: the keys to begin with go with it."""
    return said if said in setting.choices else setting.choices[0]


def _hidden(setting: Setting) -> bool:
    """Addresses differ between a test system and the real one, so they are references as secrets are."""
    return not setting.choices


def _text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'

"""The kinds of case system there are: every folder here with a `schema.py` is one. Nothing else names them.

A folder `service/adapters/<kind>/` holds `schema.py` with `SCHEMA` (what a profile must say; imports no library of the
connector) and `system.py` with `CONNECTOR`, which makes a `CaseSystem` of a `Link`. One that can keep documents beside
another case system has `DOCUMENT` (a `ConnectorSchema` without a task) and `DOCUMENT_SINK` in the same two files.
`docs/adding-a-case-system.md` goes through it; a folder that is not like this raises `ConfigurationFault`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from service.adapters.profiles.schema import ConnectorSchema
from service.adapters.shared.link import Link
from service.errors import ConfigFault, ConfigurationFault
from service.ports import CaseSystem, DocumentSink

Connector = Callable[[Link], CaseSystem]
SinkMaker = Callable[[Link], DocumentSink]

HERE = Path(__file__).parent


METHODS = tuple(name for port in (DocumentSink, CaseSystem) for name in vars(port) if not name.startswith("_"))
"""What a connector's class must have."""


@cache
def schemas() -> Mapping[str, ConnectorSchema]:
    """What each kind asks of a profile, by the folder's name. Every folder that is not in order is told at once."""
    kinds = sorted(path.parent.name for path in HERE.glob("*/schema.py") if path.parent.name != "profiles")
    faults = [fault for kind in kinds for fault in _schema_faults(kind)]
    if faults:
        raise ConfigurationFault(faults)
    return {kind: _of(kind, "schema").SCHEMA for kind in kinds}


@cache
def document_schemas() -> Mapping[str, ConnectorSchema]:
    """What each kind asks that can keep documents beside another case system: `DOCUMENT` in its `schema.py`."""
    found = {kind: getattr(_of(kind, "schema"), "DOCUMENT", None) for kind in schemas()}
    return {kind: schema for kind, schema in found.items() if schema is not None}


def connector(kind: str) -> Connector:
    """The connector of a kind. Imports its libraries."""
    made: Connector = _named(kind, "CONNECTOR", "End it with CONNECTOR = the class that takes a Link.")
    missing = [name for name in METHODS if not hasattr(made, name)] if isinstance(made, type) else []
    if missing:
        fix = "Add what CaseSystem in service/ports/case_system.py says of them."
        raise ConfigurationFault([_fault(kind, "system", "CONNECTOR", f"Without {', '.join(missing)}.", fix)])
    return made


def needs(kind: str) -> tuple[str, ...]:
    """What a connector is given besides its link, each under this keyword: `NEEDS` in its `schema.py`."""
    asked: tuple[str, ...] = getattr(_of(kind, "schema"), "NEEDS", ())
    return asked


def document_sink(kind: str) -> SinkMaker:
    """What makes a document system of that kind: `DOCUMENT_SINK` in its `system.py`."""
    made: SinkMaker = _named(kind, "DOCUMENT_SINK", "End it with DOCUMENT_SINK = what makes one of a Link.")
    return made


def _schema_faults(kind: str) -> Iterator[ConfigFault]:
    """The first that is wrong with a folder's `schema.py`."""
    schema = getattr(_of(kind, "schema"), "SCHEMA", None)
    if not (HERE / kind / "__init__.py").is_file():
        fix = "Add it, if only with a docstring: without it no contract sees who imports what."
        yield _fault(kind, "__init__", "the folder", "It has no such file.", fix)
    elif not isinstance(schema, ConnectorSchema):
        fix = f'Add SCHEMA = ConnectorSchema(kind="{kind}", …); docs/adding-a-case-system.md, step 3.'
        yield _fault(kind, "schema", "SCHEMA", "There is none, or it is no ConnectorSchema.", fix)
    elif schema.kind != kind:
        fix = f'Write kind="{kind}": profiles name a kind by its folder.'
        yield _fault(kind, "schema", "SCHEMA.kind", "It is not the folder's name.", fix)


def _named(kind: str, name: str, fix: str) -> Any:
    """What a `system.py` must hold under this name. What it imports itself may be missing, too, and says so itself."""
    there = (HERE / kind / "system.py").is_file()
    made = getattr(_of(kind, "system"), name, None) if there else None
    if made is None:
        detail = "There is none in it." if there else "There is no such file."
        raise ConfigurationFault([_fault(kind, "system", name, detail, fix)])
    return made


def _fault(kind: str, module: str, name: str, detail: str, fix: str) -> ConfigFault:
    return ConfigFault(f"service/adapters/{kind}/{module}.py", None, name, detail, fix)


def _of(kind: str, module: str) -> Any:
    return import_module(f"{__package__}.{kind}.{module}")

"""The kinds of case system there are: every folder here with a `schema.py` is one. Nothing else names them.

A folder `service/adapters/<kind>/` holds `schema.py` with `SCHEMA` (what a profile must say; imports no library of the
connector) and `system.py` with `CONNECTOR`, which makes a `CaseSystem` of a `Link`. One that can keep documents beside
another case system has `DOCUMENT` (a `ConnectorSchema` without a task) and `DOCUMENT_SINK` in the same two files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from service.adapters.profiles.schema import ConnectorSchema
from service.adapters.shared.link import Link
from service.ports import CaseSystem, DocumentSink

Connector = Callable[[Link], CaseSystem]
SinkMaker = Callable[[Link], DocumentSink]

HERE = Path(__file__).parent


@cache
def schemas() -> Mapping[str, ConnectorSchema]:
    """What each kind asks of a profile, by the folder's name."""
    kinds = sorted(path.parent.name for path in HERE.glob("*/schema.py") if path.parent.name != "profiles")
    return {kind: _of(kind, "schema").SCHEMA for kind in kinds}


@cache
def document_schemas() -> Mapping[str, ConnectorSchema]:
    """What each kind asks that can keep documents beside another case system: `DOCUMENT` in its `schema.py`."""
    found = {kind: getattr(_of(kind, "schema"), "DOCUMENT", None) for kind in schemas()}
    return {kind: schema for kind, schema in found.items() if schema is not None}


def connector(kind: str) -> Connector:
    """The connector of a kind. Imports its libraries."""
    made: Connector = _of(kind, "system").CONNECTOR
    return made


def needs(kind: str) -> tuple[str, ...]:
    """What a connector is given besides its link, each under this keyword: `NEEDS` in its `schema.py`."""
    asked: tuple[str, ...] = getattr(_of(kind, "schema"), "NEEDS", ())
    return asked


def document_sink(kind: str) -> SinkMaker:
    """What makes a document system of that kind: `DOCUMENT_SINK` in its `system.py`."""
    made: SinkMaker = _of(kind, "system").DOCUMENT_SINK
    return made


def _of(kind: str, module: str) -> Any:
    return import_module(f"{__package__}.{kind}.{module}")

"""The query of a request that remembers which of its parameters the service asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict


class Parameters(ImmutableMultiDict[str, str]):
    """As Flask's own; `read` are the names that were asked for, whether they were there or not."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.read: set[str] = set()

    def get(self, key: str, *more: Any, **options: Any) -> Any:
        self.read.add(key)
        return super().get(key, *more, **options)

    def __getitem__(self, key: str) -> str:
        self.read.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.read.add(str(key))
        return super().__contains__(key)


@contextmanager
def remembering() -> Iterator[None]:
    """Every request's query remembers, for as long as this lasts."""
    before = Request.parameter_storage_class
    Request.parameter_storage_class = Parameters
    try:
        yield
    finally:
        Request.parameter_storage_class = before

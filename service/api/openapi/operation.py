"""What one route says of itself besides its address, its docstring and the scope it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeAlias, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
Json: TypeAlias = dict[str, Any]
JSON = "application/json"
ANYTHING: Json = {}
"""The schema of what is told elsewhere, such as a table's figures."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of the query, or another `place`. `side`: only that application takes it."""

    name: str
    schema: Json
    about: str
    required: bool = False
    place: str = "query"
    side: str = ""


@dataclass(frozen=True)
class Answer:
    """One status that is no problem document: what it means, its body by media type, and its own headers.

    No `content` is an answer without a body. A header's value is its meaning.
    """

    about: str
    content: Mapping[str, Json] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Body:
    """What is sent. `schemas` makes complete JSON Schemas by name, of which any may fit.

    `also` are other media types with their schemas. `refused`: the statuses in which a body is found wanting.
    """

    schemas: Callable[[], Mapping[str, Json]]
    also: Mapping[str, Json] = field(default_factory=dict)
    media_type: str = JSON
    refused: tuple[int, ...] = (400, 413, 415, 422)


@dataclass(frozen=True)
class Operation:
    """`query` is None where a route looks at no parameter, and empty where it refuses every one.

    `problems` are statuses told by a problem document, besides those that follow from guard, address and body.
    """

    answers: Mapping[int, Answer]
    query: tuple[Parameter, ...] | None = None
    headers: tuple[Parameter, ...] = ()
    body: Body | None = None
    problems: tuple[int, ...] = ()


def tells(
    answers: Mapping[int, Answer],
    *,
    query: tuple[Parameter, ...] | None = None,
    headers: tuple[Parameter, ...] = (),
    body: Body | None = None,
    problems: tuple[int, ...] = (),
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keeps it with the route; the guard above it hands it on."""
    operation = Operation(answers, query, headers, body, problems)

    def keep(route: Callable[P, R]) -> Callable[P, R]:
        route.tells = operation  # type: ignore[attr-defined] # read by the document
        return route

    return keep

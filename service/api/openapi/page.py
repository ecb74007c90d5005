"""The document as a page: operations, parameters, bodies and answers, in plain tables and without a script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from service.api.openapi.operation import Json

_DEEPEST = 6
_SHARED = "#/components/schemas/"


@dataclass(frozen=True)
class Row:
    """One member: where it stands, what it is, whether it must be there, and what it means."""

    place: str
    kind: str
    required: bool
    about: str


def as_page(document: Json) -> tuple[bytes, str]:
    """The page, and the content security policy that lets its own style in and nothing else."""
    environment = Environment(
        loader=PackageLoader("service.api", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = environment.get_template("docs.css.j2").render()
    schemas = document["components"]["schemas"]
    page = environment.get_template("docs.html.j2").render(
        document=document,
        style=style,
        operations=list(operations(document)),
        rows=lambda schema: list(rows(schema, schemas)),
        kind=lambda schema: kind(schema, schemas),
        target=lambda schema: target(schema, schemas),
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return page.encode(), policy


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Path, method and operation, in the order of their tags."""
    found = [
        (path, method.upper(), operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    yield from sorted(found, key=lambda each: each[2]["tags"][0])


def target(schema: Json, schemas: Json) -> Json:
    """What a reference points to, or the schema itself."""
    reference = schema.get("$ref", "")
    found: Json = schemas[reference.removeprefix(_SHARED)] if reference else schema
    return found


def rows(schema: Json, schemas: Json, place: str = "", depth: int = 0) -> Iterator[Row]:
    """Every member of an object, and of what is in it."""
    found = target(schema, schemas)
    if "items" in found:
        yield from rows(found["items"], schemas, f"{place}[]", depth)
    for name, inner in found.get("properties", {}).items():
        where = f"{place}.{name}" if place else name
        resolved = target(inner, schemas)
        about = ". ".join(inner.get(key, resolved.get(key, "")) for key in ("title", "description")).strip(". ")
        yield Row(where, kind(inner, schemas), name in found.get("required", ()), about)
        if depth < _DEEPEST:
            yield from rows(inner, schemas, where, depth + 1)


def kind(schema: Json, schemas: Json) -> str:
    """The type in words, with its limits."""
    found = target(schema, schemas) | {key: value for key, value in schema.items() if key != "$ref"}
    if "anyOf" in found:
        return " or ".join(_name(each) for each in found["anyOf"])
    given: Any = found.get("type", "anything")
    words = [" or ".join(given) if isinstance(given, list) else given, *_limits(found)]
    if "const" in found:
        words.append(f"always {found['const']}")
    if "enum" in found:
        words.append("one of " + ", ".join("null" if each is None else str(each) for each in found["enum"]))
    return ", ".join(words)


def _limits(schema: Json) -> Iterator[str]:
    if "format" in schema:
        yield schema["format"]
    for key, words in (
        ("minimum", "from {}"),
        ("maximum", "to {}"),
        ("maxLength", "up to {} characters"),
        ("minItems", "at least {}"),
        ("maxItems", "at most {}"),
    ):
        if schema.get(key):
            yield words.format(schema[key])


def _name(schema: Json) -> str:
    return str(schema["$ref"]).removeprefix(_SHARED) if "$ref" in schema else str(schema.get("type", "anything"))

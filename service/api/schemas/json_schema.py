"""A record's structure as JSON Schema (draft 2020-12), from the same catalogue that the service judges records by.

A property test holds the two together: what this schema accepts is what `structural_faults` finds nothing in. `COMMENT`
names the two things that JSON Schema has no words for.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from service.api.schemas import patterns
from service.api.schemas.structure import TEXT_TOTAL_MAX
from service.domain.fields import Code, Date, Field, Flag, Group, Instant, Many, Text, Token, Whole
from service.domain.words import CODE_SETS, NoWords, heading, words

Json: TypeAlias = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DESCRIPTION = (
    "The structure of the record: its fields, types, codes and lengths. The rules that look at several fields together "
    "are not in here; ask for all of them with POST …/validate, or offline with `wise-bridge validate`."
)
COMMENT = (
    f"The service refuses two things more that JSON Schema cannot say: a record with more than {TEXT_TOTAL_MAX:,} "
    "characters of text in all, and a whole number written with a fraction or exponent, such as 15.0 for 15."
)


def json_schema(group: Group, *, title: str, identifier: str) -> Json:
    """The schema of a record whose fields are `group`; `identifier` is its `$id`."""
    return {
        "$schema": DIALECT,
        "$id": identifier,
        "title": title,
        "description": DESCRIPTION,
        "$comment": COMMENT,
        **_group(group, ""),
        "$defs": _definitions(),
    }


def plain_schema(group: Group) -> Json:
    """The schema of anything else that is described by fields: an order, a confirmation, a registration."""
    return {**_group(group, ""), "$defs": _definitions()}


def _definitions() -> Json:
    return {
        "narrative": {
            "description": "Words with at least one letter or digit, and more than a score.",
            "pattern": patterns.letter_or_digit(),
            "not": {"$ref": "#/$defs/score_word"},
        },
        "own_words": {
            "description": "Somebody's own words. They may be a single sign; they are never judged.",
            "pattern": patterns.NOT_ONLY_SPACE,
        },
        "score_word": {
            "description": "Nothing but high, medium or low. WISE does not use scores.",
            "type": "string",
            "pattern": patterns.score_word(),
        },
        "date": {
            "description": "A day that there is, as year-month-day, for example 2026-09-14.",
            "pattern": patterns.DATE,
        },
        "instant": {
            "description": "A moment with its offset, for example 2026-09-14T10:12:00+01:00 or 2026-09-14T09:12:00Z.",
            "pattern": patterns.INSTANT,
        },
    }


def _node(field: Field, path: str) -> Json:  # noqa: C901, PLR0911 - one line for each kind
    match field:
        case Group():
            return _group(field, path)
        case Many():
            return _many(field, path)
        case Code():
            return _code(field, path)
        case Text():
            return _leaf(
                field, path, "string", maxLength=field.max, **_shared("own_words" if field.words else "narrative")
            )
        case Token():
            return _token(field, path)
        case Date():
            return _leaf(field, path, "string", **_shared("date"))
        case Instant():
            return _leaf(field, path, "string", **_shared("instant"))
        case Whole():
            return _leaf(field, path, "integer", minimum=field.min, maximum=field.max)
        case Flag():
            return _flag(field, path)
    raise TypeError(f"no JSON Schema for {type(field).__name__}")


def _group(group: Group, path: str) -> Json:
    return _leaf(
        group,
        path,
        "object",
        properties={name: _node(child, f"{path}/{name}") for name, child in group.fields.items()},
        required=[name for name, child in group.fields.items() if child.required],
        additionalProperties=False,
    )


def _many(field: Many, path: str) -> Json:
    titled = _titled(f"{path}/*")  # a list of leaves has its heading there
    item = {key: value for key, value in _node(field.item, f"{path}/*").items() if key not in titled}
    return titled | _leaf(field, path, "array", items=item, minItems=field.min, maxItems=field.max)


def _code(field: Code, path: str) -> Json:
    described = {"description": meanings} if (meanings := _meanings(field.codes)) else {}
    return _leaf(field, path, "string", **described, **_one_of(field, field.codes))


def _token(field: Token, path: str) -> Json:
    form = f"Up to {field.max} characters, for example: {field.example}."
    no_score = {"not": {"$ref": "#/$defs/score_word"}}
    return _leaf(field, path, "string", description=form, pattern=patterns.whole(field.pattern), **no_score)


def _flag(field: Flag, path: str) -> Json:
    return _leaf(field, path, "boolean", **(_one_of(field, (True,)) if field.only_true else {}))


def _leaf(field: Field, path: str, kind: str, **more: Any) -> Json:
    return {**_titled(path), "type": [kind, "null"] if field.nullable else kind, **more}


def _one_of(field: Field, values: tuple[Any, ...]) -> Json:
    """`enum` and not `oneOf` with titles: validators then say which values there are, instead of "matches none"."""
    allowed = [*values, None] if field.nullable else [*values]
    return {"const": allowed[0]} if len(allowed) == 1 else {"enum": allowed}


def _shared(name: str) -> Json:
    return {"$ref": f"#/$defs/{name}"}


def _titled(path: str) -> Json:
    try:
        return {"title": heading(path)}
    except NoWords:
        return {}  # a group: its fields say what it is


def _meanings(values: tuple[str, ...]) -> str:
    """A line for each code. An edition may have a part of a list; lists it may be part of must agree on its words."""
    lists = [codes for codes in CODE_SETS.values() if set(values) <= set(codes)]
    said = {_in_words(values, of) for of in ([values] if values in lists else lists)} - {""}
    return said.pop() if len(said) == 1 else ""


def _in_words(values: tuple[str, ...], of: tuple[str, ...]) -> str:
    try:
        return "\n".join(f"{value}: {words(of, value)}" for value in values)
    except NoWords:
        return ""

"""Lines of a sheet as a mapping file: a row stands on one line, so that a fault of the file has a cell."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.officer.sheets.model import DOCUMENT, YES, Line, comment_key, form_key

_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_/*.+-]*( [A-Za-z0-9_/*.()+-]+)*")
_NOT_PLAIN = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


@dataclass(frozen=True)
class Written:
    """A file's text, and which row of the sheet each of its lines was made from."""

    text: str
    rows: Mapping[int, int]


def mapping_text(
    kind: str, lines: Mapping[int, Line], tables: Mapping[str, Mapping[str, str]], settings: Mapping[str, str]
) -> Written:
    """The mapping of one record."""
    made = [*_comment(settings.get(comment_key(kind), ""), "")]
    made += [*([""] if made else []), f"record: {kind}"]
    if form := settings.get(form_key(kind), "").strip():
        made.append(f"form: {_scalar(form)}")
    rows: dict[int, int] = {}
    made += ["", "rows:"]
    for number, line in ((number, line) for number, line in lines.items() if not line.reason):
        made += [*_comment(line.comment, "  "), f"  - {{{', '.join(_row(line, tables))}}}"]
        rows[len(made)] = number
    left = {number: line for number, line in lines.items() if line.reason}
    made += ["", "not_sent:"] if left else []
    for number, line in left.items():
        made += [*_comment(line.comment, "  "), f"  - {{path: {_scalar(line.source)}, reason: {_scalar(line.reason)}}}"]
        rows[len(made)] = number
    return Written("\n".join(made) + "\n", rows)


def _row(line: Line, tables: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    yield f"to: {_scalar(line.to)}"
    if line.source:
        yield f"from: {_scalar(line.source)}"
    yield f"as: {_scalar(line.rendering)}"
    if line.codes:
        words = (f"{_scalar(code)}: {_scalar(word)}" for code, word in tables.get(line.codes, {}).items())
        yield f"codes: {{{', '.join(words)}}}"
    if line.other_codes:
        yield f"other_codes: {_scalar(line.other_codes)}"
    if line.required.casefold() == YES:
        yield "required: true"
    if line.continues_in.casefold() == DOCUMENT:
        yield "continues_in: document"
    elif line.continues_in:
        yield f"continues_in: [{', '.join(_scalar(each.strip()) for each in line.continues_in.split(','))}]"


def _comment(text: str, indent: str) -> Iterator[str]:
    for line in text.splitlines() if text.strip() else ():
        yield f"{indent}# {line}".rstrip()


def _scalar(text: str) -> str:
    """As it is where nothing in it could be read otherwise; else in quotes."""
    plain = _PLAIN.fullmatch(text) and text.casefold() not in _NOT_PLAIN
    return text if plain else json.dumps(text, ensure_ascii=False)

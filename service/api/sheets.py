"""A sheet as a page for people, and as CSV or JSON for robots. The words are the same to the last character in each.

A cell of the CSV that began with `=`, `+`, `-` or `@` would run as a formula in a spreadsheet. A mark put before it
would be typed by a robot as if it were somebody's word. So every cell is a JSON value: text stands in quotation marks,
which no spreadsheet takes for a formula, and one call to a JSON reader gives the exact words back, lines and all.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from typing import Any

from flask import Response, jsonify
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from service.usecases.sheet import Sheet

COLUMNS = ("part", "code", "row", "label", "quotation", "words")


def as_json(sheet: Sheet) -> Response:
    """Checks and fields in order, with what to do in words."""
    return jsonify({key: value for key, value in asdict(sheet).items() if value is not None})


def as_csv(sheet: Sheet) -> Response:
    """One thing a line: `about`, `to_do`, then each `check`, then each `field`. Every cell but the header's is JSON."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    writer.writerows([json.dumps(cell, ensure_ascii=False) for cell in cells] for cells in _rows(sheet))
    response = Response(written.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{sheet.reference}.csv"'
    return response


def _rows(sheet: Sheet) -> Iterator[tuple[Any, ...]]:
    about = ("restricted", "reference", "kind", "form", "about_number")
    for name in about:
        yield "about", name, None, "", False, getattr(sheet, name)
    for number, step in enumerate(sheet.to_do, 1):
        yield "to_do", "", number, "", False, step
    for check in sheet.checks:
        yield "check", check.code, None, check.label, False, check.value
    for line in sheet.lines:
        yield "field", line.code, line.row, line.label, line.quoted, line.words


def as_page(sheet: Sheet) -> Response:
    """A page without a script or anything from elsewhere; a click selects the words of a field."""
    template, style = _page()
    response = Response(template.render(sheet=sheet, style=style), mimetype="text/html")
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src '{_digest(style)}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return response


@cache
def _page() -> tuple[Template, str]:
    """Every value is text in the page and never markup."""
    environment = Environment(
        loader=PackageLoader("service.api", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = environment.get_template("sheet.css.j2").render()
    return environment.get_template("sheet.html.j2"), style


def _digest(style: str) -> str:
    """What the policy allows: this style and no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

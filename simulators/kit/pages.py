"""Plain, read-only pages for people who watch a demo.

Everything shown was sent by somebody, so all of it is escaped, and the content policy allows no script whatever
gets through.
"""

from collections.abc import Iterable
from pathlib import Path

from flask import Response
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

TEMPLATES = Path(__file__).parent / "templates"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"
_JINJA = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)


def page(title: str, *sections: Markup) -> str:
    """A whole page: the banner, the title, then the sections as they are."""
    return _JINJA.get_template("page.html").render(title=title, sections=sections)


def table(headers: Iterable[str], rows: Iterable[Iterable[object]]) -> Markup:
    """A table; a cell is escaped unless it is Markup, and an empty one says so."""
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(name) for name in headers)
    body = Markup("").join(Markup("<tr>{}</tr>").format(_cells(row)) for row in rows)
    nothing = Markup("") if body else Markup('<p class="none">Nothing yet.</p>')
    return Markup('<div class="scroll"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>{}').format(
        head, body, nothing
    )


def careful(answer: Response) -> Response:
    """For `after_request` of every blueprint that shows something to a browser."""
    if answer.mimetype != "application/pdf":
        answer.headers["Content-Security-Policy"] = _POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _cells(row: Iterable[object]) -> Markup:
    return Markup("").join(Markup('<td class="text">{}</td>').format(_shown(cell)) for cell in row)


def _shown(cell: object) -> Markup:
    return Markup('<span class="none">–</span>') if cell is None or cell == "" else escape(cell)

"""Small pages for people: no script, nothing from elsewhere, every value text and never markup."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import Any

from flask import Response
from jinja2 import Environment, PackageLoader, StrictUndefined


def as_page(template: str, **values: Any) -> Response:
    """A page. Its forms lead to us alone, and it says where it is only to ourselves."""
    environment, style = _environment()
    response = Response(environment.get_template(template).render(style=style, **values), mimetype="text/html")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@cache
def _environment() -> tuple[Environment, str]:
    environment = Environment(
        loader=PackageLoader("service.api", "pages/people"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment, environment.get_template("people.css.j2").render()

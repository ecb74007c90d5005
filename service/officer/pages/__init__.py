"""The same as in the terminal, as a page: readable, printable, without scripts and without anything from elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from service.officer.legible import shown

MARK = "<!doctype html><!-- wise-bridge adapter -->"


class NotOurPage(Exception):
    """A file of this name is there and was not made here."""


def page(name: str, /, **what: object) -> str:
    """The page `name`. Every value is text in it and never markup."""
    environment = Environment(
        loader=PackageLoader(__name__, "."),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["shown"] = shown
    return environment.get_template(f"{name}.html.j2").render(mark=MARK, **what)


def write_page(file: Path, name: str, /, **what: object) -> None:
    """Readable for its owner alone, since a preview holds a record. Raises `NotOurPage` or `OSError`."""
    content = page(name, **what)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if not file.read_bytes().startswith(MARK.encode()):
            raise NotOurPage from None
        handle = os.open(file, os.O_WRONLY | os.O_TRUNC)
        file.chmod(0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(content)

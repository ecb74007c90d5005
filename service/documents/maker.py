"""Renders a record with Typst: tagged PDF/UA-1, the same bytes for the same record, no network and no system font."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Literal

import typst

from service.documents import fonts
from service.documents.blocks import Block
from service.documents.build import document
from service.documents.copies.build import copy_document, pen_for
from service.documents.errors import DocumentError
from service.documents.legible import Legible
from service.documents.pen import Pen, Pens
from service.domain.audiences import Audience, Copy
from service.domain.words import NoWords
from service.ports import Record

UA: Literal["ua-1"] = "ua-1"
PARTS, CASE_FILE, COPY = "parts.typ", "case_file.typ", "copy.typ"
"""The templates: what both kinds of document share, and each kind's own."""

_places = threading.BoundedSemaphore(os.cpu_count() or 1)
_resting: list[typst.Compiler] = []


@dataclass(frozen=True, repr=False)
class Rendered:
    """A document, whether it claims PDF/UA-1, and in how many places it shows something in a character's stead."""

    content: bytes
    claims_ua: bool
    places: int


class TypstDocuments:
    """The `DocumentMaker`. Holds nothing of a record; may be shared by threads.

    Nothing is compiled before the first document, because the compiler's threads do not survive a fork.
    """

    def case_file(self, record: Record, *, authority_name: str, reference: str, review_due_on: date | None) -> bytes:
        """An accessible PDF of the whole record for the case file. Raises `DocumentError` when it cannot be made."""
        return self.render(
            record, authority_name=authority_name, reference=reference, review_due_on=review_due_on
        ).content

    def render(self, record: Record, *, authority_name: str, reference: str, review_due_on: date | None) -> Rendered:
        """The same, and what to know about it.

        Characters without a font are replaced and listed (see `legible`). PDF/UA is claimed unless Arabic letters
        would be read out wrongly, or the compiler still finds a combination that no font shapes. Then the document is
        a tagged PDF without the claim, says so near its end, and carries the words as an attachment.
        """
        pens = Pens(open=Pen(Legible(fonts.drawable())), closed=Pen(Legible(fonts.drawable())))
        return _rendered(
            CASE_FILE,
            pens,
            lambda: document(
                pens, record, authority_name=authority_name, reference=reference, review_due_on=review_due_on
            ),
        )

    def copy_for(self, copy: Copy, *, authority_name: str, reference: str, review_due_on: date | None) -> bytes:
        """An accessible PDF of a copy for its reader. Raises `DocumentError` when it cannot be made."""
        return self.render_copy(
            copy, authority_name=authority_name, reference=reference, review_due_on=review_due_on
        ).content

    def render_copy(self, copy: Copy, *, authority_name: str, reference: str, review_due_on: date | None) -> Rendered:
        """The same, and what to know about it. The copy for the case file is the case file's document."""
        if copy.audience is Audience.CASE_FILE:
            return self.render(
                copy.record, authority_name=authority_name, reference=reference, review_due_on=review_due_on
            )
        pens = Pens(open=pen_for(copy.audience, Legible(fonts.drawable())), closed=Pen(Legible(fonts.drawable())))
        return _rendered(
            COPY,
            pens,
            lambda: copy_document(
                pens, copy, authority_name=authority_name, reference=reference, review_due_on=review_due_on
            ),
        )


def _rendered(template: str, pens: Pens, made: Callable[[], Block]) -> Rendered:
    blocks = _blocks(made)
    found = len(pens.open.legible.places) + len(pens.closed.legible.places)
    exact = not (pens.open.legible.misread or pens.closed.legible.misread)
    for claimed, everything in ((exact, False), (False, True)):
        ending = _endings(pens, claimed=claimed, everything=everything)
        content = _compiled(template, blocks | ending, [UA] if claimed else [])
        if content is not None:
            return Rendered(content, claims_ua=claimed, places=found)
    raise DocumentError("the document could not be made: the compiler refused it")


def _blocks(made: Callable[[], Block]) -> Block:
    """The record's blocks. A record that breaks the catalogue is told by kind only, without a trace to its values."""
    try:
        return made()
    except (AssertionError, AttributeError, LookupError, NoWords, TypeError, ValueError):
        pass
    raise DocumentError("the document could not be made: the record does not have the shape of its kind")


def _endings(pens: Pens, *, claimed: bool, everything: bool) -> Block:
    """What the last pages say about characters, and the words that are attached."""
    parts = {"open": pens.open.legible, "closed": pens.closed.legible}
    return {"claimed": claimed} | {name: _ending(part, everything=everything) for name, part in parts.items()}


def _ending(legible: Legible, *, everything: bool) -> Block:
    attached = legible.seen if everything else legible.exact
    exact = "\n".join(f"{where}\n\n{text}\n\n----\n" for where, text in attached)
    return {
        "places": [[place.where, place.shown, place.code_points] for place in legible.places],
        "exact": list(exact.encode("utf-8", "backslashreplace")),
    }


def _compiled(template: str, blocks: Block, standards: list[Literal["ua-1"]]) -> bytes | None:
    """The PDF, or nothing: the compiler's error quotes the record, so it ends here."""
    asked = json.dumps(blocks | {"fonts": fonts.FAMILIES})
    with _compiler() as compiler:
        try:
            made = compiler.compile(
                input=_template(template), format="pdf", sys_inputs={"document": asked}, pdf_standards=[*standards]
            )
        except typst.TypstError:
            return None
    return made if isinstance(made, bytes) else None


@contextmanager
def _compiler() -> Iterator[typst.Compiler]:
    """One that no other thread is using: it refuses to be used by two at once.

    There are as many as processors. More would make no document sooner, and each under way takes its memory.
    """
    with _places:
        try:
            compiler = _resting.pop()
        except IndexError:
            compiler = typst.Compiler(b"", font_paths=fonts.loaded(), ignore_system_fonts=True)
        try:
            yield compiler
        finally:
            _resting.append(compiler)


def _template(name: str) -> bytes:
    """The template of this name, after what all share."""
    folder = files("service.documents")
    return b"".join(folder.joinpath(part).read_bytes() for part in (PARTS, name))

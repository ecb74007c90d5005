"""Compiles a blank form with Typst: tagged PDF/UA-1, fonts from wheels, the same bytes for the same references."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import typst

from service.documents import fonts
from service.documents.errors import DocumentError
from service.documents.forms.build import sections
from service.domain import codes
from service.domain.words import words

HOW = (
    "If this form is more paper than the conversation needs, leave boxes empty: only those marked ● have to be filled. "
    "A * means: fill it if you use that part. Nothing is added up, and what is left empty is never read as “no”."
)


@dataclass(frozen=True)
class Form:
    """Which form, and whose. `label` is the authority's own name for the instrument, `edition` that of its template."""

    kind: str
    authority: str
    label: str
    plan_items_max: int
    edition: str | None = None


def make(form: Form, references: Sequence[str]) -> bytes:
    """One PDF with one copy for each reference, every copy and every restricted sheet on a sheet of paper of its own.

    Raises `DocumentError` when a name in the authority's profile cannot be printed.
    """
    for named, text in (("name", form.authority), ("label", form.label), ("template version", form.edition or "")):
        if set(text) - fonts.drawable():
            raise DocumentError(f"the form could not be made: our fonts lack a character of the authority's {named}")
    data = _data(form, references)
    try:
        made = typst.Compiler(
            files(__package__).joinpath("blank_form.typ").read_bytes(),
            font_paths=fonts.loaded(),
            ignore_system_fonts=True,
            sys_inputs={"form": json.dumps(data)},
        ).compile(format="pdf", pdf_standards=["ua-1"])
    except typst.TypstError as error:
        raise DocumentError(f"the form could not be made: {error}") from error
    assert isinstance(made, bytes)
    return made


def page_count(content: bytes) -> int:
    """How many pages a form has, blank backs included. Typst writes its page objects uncompressed."""
    return len(re.findall(rb"/Type\s*/Page\b", content))


def _data(form: Form, references: Sequence[str]) -> dict[str, object]:
    return {
        "fonts": fonts.FAMILIES,
        "kind": words(codes.RECORD_TYPES, form.kind),
        "label": form.label,
        "authority": form.authority,
        "edition": form.edition,
        "how": HOW.split("●"),
        "references": list(references),
        "sections": sections(form.kind, plan_items_max=form.plan_items_max),
    }

"""What the document and the filing around it would be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.adapters.profiles import Profile, RecordTarget
from service.documents import DocumentError, TypstDocuments
from service.documents.forms.maker import page_count
from service.domain.london import in_words
from service.ports import Record
from service.usecases.incoming import completed_on
from service.usecases.package import TITLES

_KEPT = {"case_system": "in the case system, beside the form", "none": "nowhere: this authority keeps none"}


@dataclass(frozen=True)
class Filed:
    """The document by name, title and size, where it is kept, and what the record is filed as there.

    `pages` is 0 where the document cannot be made; `problem` then says why.
    """

    name: str
    title: str
    pages: int
    size: int
    claims_ua: bool
    kept: str
    target: Mapping[str, str | int]
    problem: str = ""


def filed_as(record: Record, profile: Profile, target: RecordTarget, reference: str) -> Filed:
    """The document is really made, as a delivery would make it; nothing of it is kept."""
    title = f"{TITLES[record['record_type']]}, {in_words(completed_on(record))}"
    pages, size, exact, problem = _made(record, profile, reference)
    kept = _KEPT.get(profile.documents.kept, f"in a document system of their own ({profile.documents.kept})")
    return Filed(f"{reference}.pdf", title, pages, size, exact, kept, target.target, problem)


def _made(record: Record, profile: Profile, reference: str) -> tuple[int, int, bool, str]:
    try:
        made = TypstDocuments().render(record, authority_name=profile.name, reference=reference, review_due_on=None)
    except DocumentError as error:
        return 0, 0, False, str(error)
    return page_count(made.content), len(made.content), made.claims_ua, ""

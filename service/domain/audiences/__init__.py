"""Who may see what of a record, decided in one table, and the copies that follow from it (domain model, 1.8)."""

from service.domain.audiences.copy import Copy, Withheld, copy_for
from service.domain.audiences.refusals import CopyRefused
from service.domain.audiences.table import TABLE, Unclassified, allowed, row_of, treatment
from service.domain.audiences.treatments import SECTIONS, Audience, Row, Treatment

__all__ = [
    "SECTIONS",
    "TABLE",
    "Audience",
    "Copy",
    "CopyRefused",
    "Row",
    "Treatment",
    "Unclassified",
    "Withheld",
    "allowed",
    "copy_for",
    "row_of",
    "treatment",
]

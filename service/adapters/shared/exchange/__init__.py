"""Exchanges of file sets: handed over whole by a marker, answered by a file, found again wherever they have gone."""

from service.adapters.shared.exchange.desk import Exchange
from service.adapters.shared.exchange.files import FileSet, legal_text, require_reference, sealed
from service.adapters.shared.exchange.handing_over import hand_over
from service.adapters.shared.exchange.looking import Earlier, Layout, Reader, Refused, earlier

__all__ = [
    "Earlier",
    "Exchange",
    "FileSet",
    "Layout",
    "Reader",
    "Refused",
    "earlier",
    "hand_over",
    "legal_text",
    "require_reference",
    "sealed",
]

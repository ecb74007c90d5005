"""The catalogue: which tables there can be, frozen for a year. Nothing outside it is ever counted for the Hub."""

from service.central.catalogue.dates import is_due, period, release_day
from service.central.catalogue.model import Axis, Catalogue, Group, Table, Unit, Universe
from service.central.catalogue.naming import Name, cells, codes_of, count_name, quarter_in_words
from service.central.catalogue.reading import read, read_all

__all__ = [
    "Axis",
    "Catalogue",
    "Group",
    "Name",
    "Table",
    "Unit",
    "Universe",
    "cells",
    "codes_of",
    "count_name",
    "is_due",
    "period",
    "quarter_in_words",
    "read",
    "read_all",
    "release_day",
]

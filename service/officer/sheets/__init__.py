"""An authority's mappings as a spreadsheet, and back.

Includes and `based_on` are resolved: a sheet has every row of a record under the name it really goes to, in the order
of display, and what comes back is one file for each record that stands alone. Nothing else is lost on the way.
"""

from service.officer.sheets.bringing import Brought, bring
from service.officer.sheets.reading import SheetFault
from service.officer.sheets.writing import write_book

__all__ = ["Brought", "SheetFault", "bring", "write_book"]
